"""A message on its way down the layers, through a switch and a router, and up again.

Replaces img/1_TCP.png. Sources: RFC 1122 section 1.1.3; RFC 1812 section 5.2 (what a router does to a datagram: TTL
less one, a new frame for the next hop); IEEE 802.3 (a frame has a header and a trailer with a checksum). A switch
reads the frame header only.
"""

from iolab.model import Journey, Part, Stop

SEGMENT = ("tcp", "message")
DATAGRAM = ("ip", *SEGMENT)
FIRST_FRAME = ("head1", *DATAGRAM, "tail1")
SECOND_FRAME = ("head2", *DATAGRAM, "tail2")

SCENE = Journey(
    name="encapsulation",
    title="一条消息的路：封装、转发、解封装",
    layers=("应用", "传输", "网络", "链路"),
    parts=(
        Part("message", "消息", "green"), Part("tcp", "TCP", "blue"), Part("ip", "IP", "amber"),
        Part("head1", "帧首 1"), Part("tail1", "帧尾 1"),
        Part("head2", "帧首 2", "violet"), Part("tail2", "帧尾 2", "violet"),
    ),
    steps=(
        Stop("发送端应用层：程序调用 send()，把消息交给内核。", "发送端", "应用", ("message",)),
        Stop("传输层加 TCP 首部：源端口、目的端口、序号。", "发送端", "传输", SEGMENT),
        Stop("网络层加 IP 首部：源 IP、目的 IP、TTL。", "发送端", "网络", DATAGRAM),
        Stop("链路层加帧首部（MAC 地址）和帧尾部（校验码），网卡把帧变成信号发出。", "发送端", "链路", FIRST_FRAME),
        Stop("交换机只看帧首部：按目的 MAC 地址从对应的口转发，帧不变。", "交换机", "链路", FIRST_FRAME),
        Stop("路由器的链路层收下发给它的帧，校验后拆掉帧首部和帧尾部。", "路由器", "链路", FIRST_FRAME),
        Stop("路由器的网络层按目的 IP 查路由表，TTL 减 1。它不需要看 TCP 首部。", "路由器", "网络", DATAGRAM),
        Stop("路由器为下一段链路装上新的帧首部和帧尾部：MAC 地址换了，IP 地址没换（做 NAT 的路由器才换）。",
             "路由器", "链路", SECOND_FRAME),
        Stop("接收端链路层：目的 MAC 是自己，校验码正确，拆掉帧首部和帧尾部。", "接收端", "链路", SECOND_FRAME),
        Stop("接收端网络层：目的 IP 是自己，拆掉 IP 首部，交给 TCP。", "接收端", "网络", DATAGRAM),
        Stop("接收端传输层：按目的端口找到套接字，按序号排好，拆掉 TCP 首部。", "接收端", "传输", SEGMENT),
        Stop("接收端应用层：recv() 返回消息，与发送端的一样。", "接收端", "应用", ("message",)),
    ),
)
