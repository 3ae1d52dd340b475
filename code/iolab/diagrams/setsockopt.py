"""Options of a socket: level, option, type of the value, what it does.

Replaces img/2_setsockopt.png. Sources: socket(7), tcp(7), ip(7), ipv6(7).
"""

from iolab.model import Table

SCENE = Table(
    name="setsockopt",
    title="setsockopt(level, option, value) 的常用选项",
    header=("level\noption", "value", "作用"),
    rows=(
        ("SOL_SOCKET\nSO_REUSEADDR", "int，0 或 1",
         "端口上还有 TIME_WAIT 的旧连接时也能绑定；旧的、新的服务端都要在 bind() 之前设置。"
         "UDP 套接字都设置就能共用端口"),
        ("SOL_SOCKET\nSO_REUSEPORT", "int，0 或 1", "同一用户的多个套接字绑定同一端口，内核在它们之间分配连接"),
        ("SOL_SOCKET\nSO_BROADCAST", "int，0 或 1", "允许 UDP 套接字向广播地址发送；不设置则 PermissionError"),
        ("SOL_SOCKET\nSO_RCVBUF", "int，字节数", "接收缓冲区大小；Linux 把它加倍，getsockopt() 返回加倍后的值"),
        ("SOL_SOCKET\nSO_SNDBUF", "int，字节数", "发送缓冲区大小；同样加倍"),
        ("SOL_SOCKET\nSO_KEEPALIVE", "int，0 或 1", "连接空闲很久（Linux 默认 2 小时）后探测对方是否还在"),
        ("SOL_SOCKET\nSO_LINGER", "bytes，struct.pack('ii', 开关, 秒)",
         "close() 等数据发完，至多这些秒；秒数为 0 则丢弃数据并发 RST"),
        ("SOL_SOCKET\nSO_ERROR", "int，只能读", "取出并清除套接字上待处理的错误，非阻塞 connect() 之后用"),
        ("IPPROTO_TCP\nTCP_NODELAY", "int，0 或 1", "关闭 Nagle 算法：小块数据不等待合并，立即发送"),
        ("IPPROTO_IP\nIP_ADD_MEMBERSHIP", "bytes，组播地址 + 本机地址", "加入一个组播组"),
        ("IPPROTO_IPV6\nIPV6_V6ONLY", "int，0 或 1", "IPv6 套接字只收 IPv6；0 则也收 IPv4"),
    ),
    notes=("读出当前值：getsockopt(level, option)；值是 bytes 的选项要给出第三个参数，即长度。",),
)
