"""一个数据报，谁收到：to one, to all on the link, to a group; and how far each of them goes.

A switch brings a frame to everybody whom its address means; a network card passes on what is meant for it, for all, or
for a group that somebody on its machine has joined; the kernel passes on what a socket has asked for. A router takes no
broadcast further, and a datagram to a group only where its TTL is more than 1 and somebody beyond has joined. Sources:
RFC 1112 sections 6.1 (TTL, and that the sender's own machine gets its datagrams too) and 7.2 (which members get
them); RFC 919 section 7 (no router passes on 255.255.255.255); ip(7), IP_TTL is 1 to 255, IP_MULTICAST_TTL.
Left out: switches that do not know who has joined, and bring a group's datagrams to everybody.
"""

from iolab.model import Board, Cell, Code, Label, Slider, Sweep, View, Way

ONE, ALL, GROUP = "单播给甲", "广播", "组播"
PLACES = "own", "a", "b", "far"
NAMES = {"own": "本机的程序", "a": "甲", "b": "乙", "far": "远处的丙"}
MEMBERS = "own", "a", "far"                 # b has not joined, and has no program at this port
CODE = Code("""
sendto(data, (甲的地址, port))
sendto(data, ("255.255.255.255", port))
sendto(data, ("239.255.7.1", port))
""")


def got(target, ttl):
    """The places whose programs get the datagram (set of PLACES), and those whose kernels look at it in vain (set)."""
    if target != GROUP and not ttl:
        return set(), set()
    if target == ONE:
        return {"a"}, set()
    if target == ALL:
        return {"own", "a"}, {"b"}
    return {"own"} | ({"a"} if ttl else set()) | ({"far"} if ttl > 1 else set()), set()


def film(target, ttl):
    """The views of one datagram on its way."""
    return tuple(_film(target, ttl))


def _film(target, ttl):
    line = (ONE, ALL, GROUP).index(target) + 1
    to, vain = got(target, ttl)
    yield _view("本机的程序、甲、丙加入了组播组，各有一个程序在等这个端口；乙没有。", set(), set(), at=line)
    if target != GROUP and not ttl:
        yield _view("单播和广播的 TTL 至少是 1：setsockopt(IP_TTL, 0) 报 EINVAL。只有组播可以是 0。", to, vain, at=line)
        return
    if target == GROUP and not ttl:
        yield _view("TTL 是 0：不上网线，只给本机上加入了的程序。", to, vain, at=line)
        return
    near = to - {"far"}
    if target == ONE:
        yield _view("帧上写着甲的网卡地址，只有甲的网卡收下。", near, vain, ("to_a",), at=line)
        yield _view("要 1000 个人都收到，就要发 1000 次。", near, vain, at=line)
        return
    if target == ALL:
        yield _view("帧发给这一段里的每一块网卡，都得收下。乙的内核看了才知道没有人要，丢掉：白忙一场。",
                    near, vain, ("to_a", "to_b"), at=line)
        yield _view("路由器不转发广播，TTL 再大也不出这一段。", near, vain, ("to_router",), at=line)
        return
    yield _view("只发一个。加入了组的网卡收下，乙的网卡不收，内核都不用看。", near, vain, ("to_a",), at=line)
    if ttl == 1:
        yield _view("TTL 是 1，路由器减 1 就成了 0：不转发，只在这一段。", to, vain, ("to_router",), at=line)
        return
    yield _view("TTL 够，而且路由器知道那边有人加入：转发过去。真正的互联网上，几乎没有路由器肯转发。",
                to, vain, ("to_router", "to_far"), at=line)


def _view(caption, to, vain, ways=(), at=1):
    cells = {place: (NAMES[place], "green" if place in to else "amber" if place in vain else "plain")
             for place in PLACES}
    return View(caption, cells | {"sender": ("发送方", "blue"), "router": "路由器"}, ways, (at,))


SCENE = Sweep(
    name="who_gets",
    title="一个数据报，谁收到",
    board=Board(
        height=176,
        cells=(Cell("sender", 10, 24, 88, 32, 12), Cell("own", 10, 112, 88, 32, 12), Cell("a", 122, 112, 52, 32, 12),
               Cell("b", 186, 112, 52, 32, 12), Cell("router", 186, 24, 62, 32, 12), Cell("far", 249, 112, 72, 32, 12)),
        labels=(Label(54, 160, "加入了", 10.5), Label(148, 160, "加入了", 10.5), Label(212, 160, "没有加入", 10.5),
                Label(285, 160, "加入了", 10.5), Label(10, 12, "本机", anchor="start", bold=True),
                Label(186, 12, "这一段的出口", anchor="start", bold=True)),
        ways=(Way("to_a", ((84, 58), (140, 108))), Way("to_b", ((94, 54), (196, 108))),
              Way("to_router", ((100, 40), (184, 40))), Way("to_far", ((250, 46), (282, 108)))),
    ),
    sliders=(Slider("发给", (ONE, ALL, GROUP), at=2), Slider("TTL", (0, 1, 2), at=1)),
    film=film,
    legend=(("green", "程序收到"), ("amber", "内核看了，没有人要"), ("blue", "发送方")),
    code=CODE,
)
