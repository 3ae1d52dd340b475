"""Who reaches a server that is bound to 127.0.0.1, to a card's address, or to 0.0.0.0.

Replaces img/address.png. Sources: ip(7), INADDR_LOOPBACK and INADDR_ANY; RFC 1918 for the example address. 0.0.0.0
means all IPv4 addresses of the machine, IPv6's ::1 is not among them.
"""

from iolab.model import Box, Column, Layers, Link

SCENE = Layers(
    name="address_binding",
    title="绑定不同的地址，谁能连上",
    columns=(
        Column("谁来连接", (
            Box("self", "本机的程序", rows=1.5, colour="green"),
            Box("other", "局域网里的\n其他主机", rows=1.5, colour="amber"),
        )),
        Column("连到哪个地址", (
            Box("loopback", "127.0.0.1", "回环", rows=1.5),
            Box("card", "192.168.1.20", "本机网卡的地址", rows=1.5),
        ), width=1.15),
        Column("服务端 bind 了", (
            Box("bind-loopback", "127.0.0.1", "只有本机能连", colour="green"),
            Box("bind-any", "0.0.0.0", "本机和局域网", colour="red"),
            Box("bind-card", "192.168.1.20", "要用这个地址连", colour="amber"),
        ), width=1.15),
    ),
    links=(
        Link("self", "loopback"), Link("self", "card"), Link("other", "card"),
        Link("loopback", "bind-loopback"), Link("loopback", "bind-any"),
        Link("card", "bind-any"), Link("card", "bind-card"),
    ),
    notes=("沿着线从左走到右，走得到就连得上。",
           "0.0.0.0 表示本机的全部 IPv4 地址，不包括 IPv6 的 ::1；\n它对整个网络开放，练习时绑定 127.0.0.1。"),
    row=56,
)
