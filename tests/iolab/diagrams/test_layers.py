"""Layers, addresses, headers and tables held against the standards, the recorded frames and real sockets."""

import json
import re
import socket
import struct
from pathlib import Path

import pytest

from iolab import diagrams

FRAMES = Path(__file__).parents[3] / "book" / "traces" / "frames.json"
# ISO 7498-1, from the top; RFC 1122 section 1.1.3: what does the same work, and the protocols that are at home there
OSI = ["7 应用层", "6 表示层", "5 会话层", "4 传输层", "3 网络层", "2 数据链路层", "1 物理层"]
INTERNET = {
    "应用层": ({"7 应用层", "6 表示层", "5 会话层"}, {"HTTP", "FTP", "DNS", "SSH"}),
    "传输层": ({"4 传输层"}, {"TCP", "UDP"}),
    "网络层": ({"3 网络层"}, {"IP", "ICMP"}),
    "链路层": ({"2 数据链路层", "1 物理层"}, {"以太网", "Wi-Fi"}),
}
BETWEEN = {"应用层": "程序之间", "传输层": "端口到端口", "网络层": "主机到主机", "链路层": "相邻的两个节点"}


def titles(scene):
    return {box.name: box.title for column in scene.columns for box in column.boxes}


def links(scene):
    title = titles(scene)
    return {(title[link.left], title[link.right]) for link in scene.links}


def test_osi_beside_tcp_ip():
    scene = diagrams.load("osi_tcpip")
    seven, four, _ = ([box.title for box in column.boxes] for column in scene.columns)
    assert seven == OSI and four == list(INTERNET)
    right = {(osi, layer) for layer, (below, _) in INTERNET.items() for osi in below}
    assert {pair for pair in links(scene) if pair[0] in OSI} == right
    told = {left: right for left, right in links(scene) if left in INTERNET}
    assert {layer: set(words.split()) for layer, words in told.items()} == {
        layer: names for layer, (_, names) in INTERNET.items()}
    details = {box.title: box.detail.replace("\n", "") for box in scene.columns[2].boxes}
    assert not [layer for layer, words in BETWEEN.items() if words not in details[told[layer]]]
    # boxes that are linked stand at one height, and have one colour
    place, tops = {}, []
    for column in scene.columns:
        top = 0
        for box in column.boxes:
            place[box.name] = (top, box.rows, box.colour)
            top += box.rows
        tops.append(top)
    assert len(set(tops)) == 1
    for link in scene.links:
        (start, _, colour), (upper, rows, other) = place[link.left], place[link.right]
        assert upper <= start < upper + rows and colour == other


def tried(bound, address):
    """Whether a server bound to one address of this host is reached through another."""
    with socket.create_server((bound, 0)) as server:
        try:
            socket.create_connection((address, server.getsockname()[1]), timeout=5).close()
        except ConnectionRefusedError:
            return False
    return True


def test_the_address_that_is_bound_decides_who_gets_through():
    """127.0.0.2, an address of this host that is not 127.0.0.1, stands for the card's."""
    scene = diagrams.load("address_binding")
    stands = {"192.168.1.20": "127.0.0.2"}
    who, addresses, servers = ([box.title for box in column.boxes] for column in scene.columns)
    assert addresses == ["127.0.0.1", "192.168.1.20"] and set(servers) == {*addresses, "0.0.0.0"}
    through = {(address, bound) for address in addresses for bound in servers
               if tried(stands.get(bound, bound), stands.get(address, address))}
    here, there = who
    # 127/8 never leaves a host: RFC 1122 section 3.2.1.3 (g)
    assert links(scene) == through | {(here, "127.0.0.1"), (here, "192.168.1.20"), (there, "192.168.1.20")}
    assert here.startswith("本机") and "其他主机" in there
    reached = {bound: {one for one in who for address in addresses
                       if (one, address) in links(scene) and (address, bound) in through} for bound in servers}
    for box in scene.columns[2].boxes:
        assert ("只有本机" in box.detail) == (reached[box.title] == {here})
        assert ("局域网" in box.detail) == (box.title == "0.0.0.0")


def test_all_addresses_of_ipv4_are_none_of_ipv6():
    with socket.create_server(("0.0.0.0", 0)) as server, pytest.raises(OSError):
        socket.create_connection(("::1", server.getsockname()[1]), timeout=5)
    assert "不包括 IPv6 的 ::1" in " ".join(diagrams.load("address_binding").notes)


# --- a message on its way ---

WORK = {"tcp": "TCP 首部", "ip": "IP 首部"}
ADDS = {"传输": "tcp", "网络": "ip"}


def test_headers_are_put_on_and_taken_off_in_the_order_of_the_layers():
    scene = diagrams.load("encapsulation")
    first = ("head1", "ip", "tcp", "message", "tail1")
    second = ("head2", *first[1:4], "tail2")
    within = {"应用": first[3:4], "传输": first[2:4], "网络": first[1:4]}
    way = [(stop.station, stop.layer, stop.parts) for stop in scene.steps]
    assert way == [
        *(("发送端", layer, within[layer]) for layer in ("应用", "传输", "网络")), ("发送端", "链路", first),
        ("交换机", "链路", first),
        ("路由器", "链路", first), ("路由器", "网络", within["网络"]), ("路由器", "链路", second),
        ("接收端", "链路", second), *(("接收端", layer, within[layer]) for layer in ("网络", "传输", "应用")),
    ]
    title = {part.name: part.title for part in scene.parts}
    assert title == {"message": "消息", "tcp": "TCP", "ip": "IP", "head1": "帧首 1", "tail1": "帧尾 1",
                     "head2": "帧首 2", "tail2": "帧尾 2"}


# What each stop's caption must and must not say: (station, layer, which visit) -> (words, none of these).
SAID = {
    ("发送端", "应用"): ["send()", "交给内核"],
    ("发送端", "传输"): ["加 TCP 首部", "源端口", "目的端口", "序号"],
    ("发送端", "网络"): ["加 IP 首部", "源 IP", "目的 IP", "TTL"],
    ("发送端", "链路"): ["加帧首部（MAC 地址）", "帧尾部（校验码）"],
    ("交换机", "链路"): ["只看帧首部", "目的 MAC", "帧不变"],
    ("路由器", "链路"): ["拆掉帧首部和帧尾部"],
    ("路由器", "网络"): ["目的 IP", "路由表", "TTL 减 1", "不需要看 TCP 首部"],
    ("路由器", "链路", "again"): ["新的帧首部和帧尾部", "MAC 地址换了", "IP 地址没换"],
    ("接收端", "链路"): ["目的 MAC 是自己", "拆掉帧首部和帧尾部"],
    ("接收端", "网络"): ["目的 IP 是自己", "拆掉 IP 首部", "交给 TCP"],
    ("接收端", "传输"): ["按目的端口", "序号", "拆掉 TCP 首部"],
    ("接收端", "应用"): ["recv()", "与发送端的一样"],
}


def test_each_stop_is_told_by_its_caption():
    seen = []
    for stop in diagrams.load("encapsulation").steps:
        place = (stop.station, stop.layer)
        place = (*place, "again") if place in seen else place
        seen.append(place)
        assert all(words in stop.caption for words in SAID[place]), stop.caption
        others = {one for one in ("发送端", "交换机", "路由器", "接收端") if one in stop.caption} - {stop.station}
        assert not others or stop.layer == "应用"
        assert {one for one in re.findall("(应用|传输|网络|链路)层", stop.caption)} <= {stop.layer}
    assert seen == list(SAID)


def test_the_recorded_frames_have_these_headers_in_this_order():
    """On both sides of the router: another frame header, the same addresses of IP, a time to live that is one less."""
    sides = {}
    for frame in json.loads(FRAMES.read_text("utf-8"))["问候"]:
        data = bytes.fromhex(frame["帧"])
        assert data[12:14] == b"\x08\x00" and data[14] >> 4 == 4          # behind the frame header comes IPv4
        header = (data[14] & 15) * 4
        if data[23] == 6 and frame["方向"] == "→":                         # and behind that TCP
            sides.setdefault(data[14 + header:], {})[frame["位置"]] = data
    for seen in sides.values():
        near, far = seen["客户端一侧"], seen["服务器一侧"]
        assert near[:12] != far[:12] and near[26:34] == far[26:34] and near[22] - 1 == far[22]
    assert len(sides) > 4 and any("你好".encode() in segment for segment in sides)


# --- tables ---


def test_struct_formats_are_those_of_the_library():
    names = {"x": "填充字节", "c": "char", "b": "signed char", "B": "unsigned char", "?": "_Bool", "h": "short",
             "H": "unsigned short", "i": "int", "I": "unsigned int", "l": "long", "L": "unsigned long",
             "q": "long long", "Q": "unsigned long long", "e": "半精度浮点数", "f": "float", "d": "double"}
    sizes = dict(zip("xcbB?hHiIlLqQefd", (1, 1, 1, 1, 1, 2, 2, 4, 4, 4, 4, 8, 8, 2, 4, 8), strict=True))
    *rows, text = diagrams.load("struct_formats").rows
    assert {char: c_type for char, c_type, *_ in rows} == names
    assert {char: int(size) for char, *_, size in rows} == sizes
    for char, _, python_type, _ in rows:
        values = struct.unpack("=" + char, bytes(struct.calcsize("=" + char)))
        assert python_type.partition("，")[0] == (type(values[0]).__name__ if values else "无")
    assert text[0] == "5s" and text[3] == "5" and struct.pack("5s", b"ab") == b"ab\0\0\0"
    assert "不足补 \\0" in text[2] and "过长截断" in text[2] and struct.pack("5s", b"abcdefg") == b"abcde"
    assert struct.calcsize("4H") == 8 and len(struct.unpack("5s", b"abcde")) == 1
    assert "4H 是四个 H，5s 是一个长 5 的字节串" in " ".join(diagrams.load("struct_formats").notes)


def test_struct_prefixes_are_what_struct_makes_of_them():
    scene = diagrams.load("struct_prefixes")
    fields, *values = re.fullmatch(r"pack\('(\w+)', (\d), (\d)\)", scene.header[3]).groups()
    for prefix, order, sizes, example in scene.rows:
        packed = struct.pack(prefix + fields, *map(int, values))
        assert example == packed.hex(" ")
        little = struct.pack(prefix + "h", 1) == b"\1\0"
        native = prefix in "@="
        assert order == "本机" if native else ("小端" in order) == little and ("大端" in order) != little
        assert ("不填充" in sizes) == (len(packed) == 5) and ("标准大小" in sizes) == (prefix != "@")
    assert [row[0] for row in scene.rows] == list("@=<>!")


def test_the_columns_of_a_table_are_called_what_is_tested_of_them():
    headers = {name: diagrams.load(name).header for name in ("struct_prefixes", "struct_formats", "setsockopt")}
    assert headers["struct_prefixes"][:3] == ("前缀", "字节序", "大小与对齐")
    assert headers["struct_formats"] == ("格式符", "C 类型", "Python 类型", "字节")
    assert headers["setsockopt"] == ("level\noption", "value", "作用")


def rebind(old, new):
    """Whether a port whose closed connection is in TIME_WAIT can be bound: by servers that set SO_REUSEADDR or not."""
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, old)
        server.bind(("127.0.0.1", 0))
        server.listen()
        address = server.getsockname()
        with socket.create_connection(address) as client:
            conn = server.accept()[0]
            conn.close()                      # the server's end closes first: it gets the TIME_WAIT
            client.recv(1)
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, new)
        try:
            again.bind(address)
        except OSError:
            again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            return False
    return True


def reuse_address():
    shared = [share(old, new) for old, new in ((1, 1), (1, 0), (0, 1))]
    return [rebind(old, new) for old, new in ((1, 1), (1, 0), (0, 1))] == shared == [True, False, False]


def share(old, new):
    """Whether two UDP sockets, which set SO_REUSEADDR or not, can have the same port."""
    with socket.socket(type=socket.SOCK_DGRAM) as one, socket.socket(type=socket.SOCK_DGRAM) as other:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, old)
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, new)
        one.bind(("127.0.0.1", 0))
        try:
            other.bind(one.getsockname())
        except OSError:
            return False
    return True


def reuse_port():
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as one:
        socket.create_server(one.getsockname(), reuse_port=True).close()
        with pytest.raises(OSError):
            socket.create_server(one.getsockname())
    return True


def broadcast():
    with socket.socket(type=socket.SOCK_DGRAM) as one, pytest.raises(PermissionError):
        one.sendto(b"x", ("127.255.255.255", 9))
    return True


def doubled(option):
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, option, 8192)
        return one.getsockopt(socket.SOL_SOCKET, option) == 16384


def keep_alive():
    with socket.socket() as one:
        return one.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 2 * 3600


def linger():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        conn = server.accept()[0]
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        conn.close()
        with pytest.raises(ConnectionResetError):
            client.recv(1)
    return True


def pending_error():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = closed.getsockname()
    with socket.socket() as one:
        one.setblocking(False)
        one.connect_ex(address)
        errors = [one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) for _ in range(2)]
        with pytest.raises(OSError):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_ERROR, 1)
    return errors[1] == 0


def only_ipv6():
    reached = []
    for only in (1, 0):
        with socket.socket(socket.AF_INET6) as server:
            server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only)
            server.bind(("::", 0))
            server.listen()
            with socket.socket() as client:
                reached.append(client.connect_ex(("127.0.0.1", server.getsockname()[1])) == 0)
    return reached == [False, True]


OPTIONS = {  # option -> (words of its row, what a socket does)
    "SO_REUSEADDR": (["TIME_WAIT", "旧的、新的服务端都要在 bind() 之前", "UDP", "共用端口"], reuse_address),
    "SO_REUSEPORT": (["绑定同一端口", "分配连接"], reuse_port),
    "SO_BROADCAST": (["UDP", "广播", "不设置则 PermissionError"], broadcast),
    "SO_RCVBUF": (["接收缓冲区", "加倍"], lambda: doubled(socket.SO_RCVBUF)),
    "SO_SNDBUF": (["发送缓冲区", "加倍"], lambda: doubled(socket.SO_SNDBUF)),
    "SO_KEEPALIVE": (["默认 2 小时", "探测"], keep_alive),
    "SO_LINGER": (["等数据发完", "秒数为 0 则丢弃数据并发 RST"], linger),
    "SO_ERROR": (["取出并清除", "非阻塞 connect() 之后"], pending_error),
    "TCP_NODELAY": (["关闭 Nagle", "立即发送"], lambda: True),
    "IP_ADD_MEMBERSHIP": (["加入", "组播组"], lambda: True),
    "IPV6_V6ONLY": (["只收 IPv6", "0 则也收 IPv4"], only_ipv6),
}


def test_the_table_of_options_is_whole():
    rows = {row[0].partition("\n")[2]: row for row in diagrams.load("setsockopt").rows}
    assert rows.keys() == OPTIONS.keys()
    for option, (level, kind, _) in rows.items():
        level = level.partition("\n")[0]
        assert level == {"SO": "SOL_SOCKET"}.get(option[:option.index("_")], f"IPPROTO_{option[:option.index('_')]}")
        number = getattr(socket, level), getattr(socket, option)
        if kind.startswith("int"):
            with socket.socket(socket.AF_INET6 if "IPV6" in level else socket.AF_INET) as one:
                assert one.getsockopt(*number) >= 0
                if "0 或 1" in kind:
                    one.setsockopt(*number, 1)
                    assert one.getsockopt(*number) > 0


@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_does_what_its_row_says(option):
    rows = {row[0].partition("\n")[2]: row for row in diagrams.load("setsockopt").rows}
    words, does = OPTIONS[option]
    assert all(word in rows[option][2] for word in words) and does()
