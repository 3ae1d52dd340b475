"""The seven layers of OSI beside the four of TCP/IP, and protocols of each.

Replaces img/1_tcpip模型.png. Sources: RFC 1122 section 1.1.3 (application, transport, internet, link layer), ISO/IEC
7498-1; RFC 791 and RFC 793 are of 1981, ISO 7498 of 1984: the four layers are the older ones.
"""

from iolab.model import Box, Column, Layers, Link

OSI = (("o7", "7 应用层", "blue"), ("o6", "6 表示层", "blue"), ("o5", "5 会话层", "blue"), ("o4", "4 传输层", "green"),
       ("o3", "3 网络层", "amber"), ("o2", "2 数据链路层", "violet"), ("o1", "1 物理层", "violet"))

SCENE = Layers(
    name="osi_tcpip",
    title="OSI 七层与 TCP/IP 四层",
    columns=(
        Column("OSI 七层", tuple(Box(name, title, colour=colour) for name, title, colour in OSI), width=1.05),
        Column("TCP/IP 四层", (
            Box("application", "应用层", rows=3, colour="blue"),
            Box("transport", "传输层", colour="green"),
            Box("internet", "网络层", colour="amber"),
            Box("link", "链路层", rows=2, colour="violet"),
        )),
        Column("代表协议", (
            Box("http", "HTTP FTP\nDNS SSH", "程序之间说什么", rows=3, colour="blue"),
            Box("tcp", "TCP UDP", "端口到端口", colour="green"),
            Box("ip", "IP ICMP", "主机到主机", colour="amber"),
            Box("ethernet", "以太网 Wi-Fi", "相邻的两个节点\n之间传送帧", rows=2, colour="violet"),
        ), width=1.05),
    ),
    links=(
        *(Link(name, "application") for name in ("o7", "o6", "o5")),
        Link("o4", "transport"), Link("o3", "internet"), Link("o2", "link"), Link("o1", "link"),
        Link("application", "http"), Link("transport", "tcp"), Link("internet", "ip"), Link("link", "ethernet"),
    ),
    notes=("TCP/IP 的标准（1981）早于 OSI（1984），并非由它演化而来。",),
    row=42,
)
