"""The specification of lab http: a web server for the files of one folder (RFC 9110, RFC 9112)."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from iolab.grade.hints import COMMON
from iolab.grade.lab import Failed, Hint, Lab
from iolab.grade.transcript import shown

LARGE = 24 << 20  # bytes of a file: more than the kernel's buffers on loopback hold, and more than a server should
ENDLESS = 16 << 20  # bytes of a header that never ends
LEAVERS = 30

LAB = Lab("http", "给一个文件夹的 HTTP 服务器", {
    **COMMON,
    "response": Hint("回答的样子：HTTP/1.1 状态码 说明，一行一个首部，空行，正文；每行以 \\r\\n 结束", "network/http",
                     "b\"HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello\""),
    "length": Hint("没有说清正文到哪里为止：Content-Length 是正文的字节数", "network/http",
                   "文字先 encode 再数；文件用 os.fstat 的大小。不说长度就只能用关闭连接表示结束，连接也就不能再用。"),
    "path": Hint("请求行里的路径不是文件名：先去掉 ? 后面的，再把 %E4 这样的变回字节", "network/http",
                 "urllib.parse.unquote；路径 / 就是 index.html。"),
    "binary": Hint("正文是字节：以 \"rb\" 打开，不要 decode", "files/file-read-write", "图片、压缩包都不是文字。"),
    "missing": Hint("没有这个文件，回答 404，连接照常",
                    "network/http", "文件夹也不是文件：IsADirectoryError 也在这里接住。"),
    "head": Hint("HEAD 和 GET 的首部一样，只是没有正文",
                 "network/http", "客户端会把正文的第一个字节当作下一个回答的开头。"),
    "method": Hint("不支持的方法：405（带 Allow）或 501，而不是当成 GET，也不是断开",
                   "network/http", "先看方法，再看路径。"),
    "keep-alive": Hint("HTTP/1.1 的连接默认不断：答完一个，等下一个请求", "network/http",
                       "一个连接一个循环；客户端说 Connection: close，或者它说的是 HTTP/1.0，答完就关。"),
    "close": Hint("客户端说了 Connection: close，或者它说的是 HTTP/1.0：答完就关",
                  "network/http", "首部的名字不分大小写。"),
    "half": Hint("请求分几次来：读到空行为止才是一个请求", "network/http", "缓冲区里还没有 \\r\\n\\r\\n，就再 recv。"),
    "pipeline": Hint("流水线：一次来了几个请求，一个一个按次序答；读多了的留给下一个", "network/http",
                     "一个请求用掉了缓冲区的前几个字节，后面的不能丢。"),
    "body": Hint("请求的正文不是下一个请求：按 Content-Length 读掉它，或者答完就关", "network/http",
                 "不读，它的第一行就会被当成请求：有人靠这个夹带请求（request smuggling）。"),
    "traversal": Hint("路径走出了文件夹：把别处的文件给了人", "concurrency/ftp",
                      "先 unquote，再拼接，再 resolve，最后看它是不是还在文件夹里（Path.is_relative_to）。"),
    "bad": Hint("不成样子的请求：答 400，断开；别人照常", "network/http", "split 得不到三段，就是 400。"),
    "limit": Hint("首部也要有上限：超过就答 431 或 400，断开", "network/http", "没有上限，一个客户端就能占满内存。"),
    "slow": Hint("一个慢的客户端让别人等着", "concurrency/network-models", "一个客户端一个线程，或者非阻塞的循环。"),
    "whole-file": Hint("把整个文件读进了内存：客户端不收，它就一直在那里", "files/buffer-offset",
                       "一块一块地读，一块一块地发；或者 socket.sendfile，让内核自己搬。"),
    "gone": Hint("客户端下载到一半走了：这只是这个连接的事",
                 "network/http", "send 会抛出 OSError；文件和连接都要关上。"),
})


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def request(method, path, *lines, version="HTTP/1.1"):
    return "\r\n".join([f"{method} {path} {version}", "Host: 127.0.0.1", *lines, "", ""]).encode()


def receive(one, method="GET", expected="一个完整的回答"):
    """The next answer. Its body ends as RFC 9112, 6.3 says."""
    first = one.line(expected)
    found = re.fullmatch(rb"HTTP/1\.[01] (\d\d\d)( [^\r\n]*)?\r\n", first)
    if not found:
        raise Failed("状态行，例如 HTTP/1.1 200 OK\\r\\n", shown(first), "response")
    headers = {}
    while (line := one.line("首部，以空行结束")) != b"\r\n":
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or not line.endswith(b"\r\n") or name != name.strip():
            raise Failed("一行“名字: 值\\r\\n”，或者空行", shown(line), "response")
        headers[name.lower()] = value.strip()
    status = int(found[1])
    if method == "HEAD" or status in (204, 304) or status < 200:
        return Answer(status, headers, b"")
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return Answer(status, headers, chunks(one))
    if "content-length" not in headers and says_close(headers):
        return Answer(status, headers, one.receive_all(f"{expected}的正文"))
    if "content-length" not in headers:
        raise Failed("Content-Length，连接才能接着用", f"只有 {'、'.join(headers) or '空的首部'}", "length")
    if not headers["content-length"].isdecimal():
        raise Failed("Content-Length 是一个数", headers["content-length"], "length")
    return Answer(status, headers, one.receive(int(headers["content-length"]), f"{expected}的正文"))


def says_close(headers):
    return headers.get("connection", "").lower() == "close"


def chunks(one):
    body = b""
    while size := int(one.line("一块的长度（十六进制）").split(b";")[0], 16):
        body += one.receive(size, "一块正文")
        one.receive(2, "一块后面的 \\r\\n")
    while one.line("最后的空行") != b"\r\n":
        pass
    return body


def get(one, path, *lines, method="GET", hint=None, **version):
    one.send(request(method, path, *lines, **version))
    try:
        return receive(one, method)
    except Failed as failure:
        failure.hint = failure.hint or hint
        raise


def alone(scene, path, **how):
    """The answer to a request on a connection of its own."""
    one = scene.client()
    answer = get(one, path, **how)
    one.close()
    return answer


def must_be(answer, body, hint=None):
    if answer.status != 200:
        raise Failed("200", f"{answer.status}", hint)
    if answer.body != body:
        raise Failed(f"正文 {shown(body)}", f"正文 {shown(answer.body)}",
                     "length" if body.startswith(answer.body) else hint)


def refused(answer, allowed, hint):
    if answer.status not in allowed:
        raise Failed(" 或 ".join(map(str, allowed)), f"{answer.status}，正文 {shown(answer.body)}", hint)


def a_file(scene, name=None, data=None):
    """A drawn file in the folder: its path in a request, and what is in it."""
    name = name or f"{scene.draw.word()}.txt"
    data = scene.draw.sentence().encode() if data is None else data
    (scene.folder / name).write_bytes(data)
    return f"/{quote(name)}", data


FOLDER = ("--folder", "{folder}")
basics = LAB.stage("一个文件", 1, *FOLDER)


@basics.scenario("GET 一个文件", hint="response")
def a_get(scene):
    path, data = a_file(scene)
    must_be(alone(scene, path), data)


@basics.scenario("正文是任意的字节，也可以是空的", hint="binary")
def bytes_and_nothing(scene):
    path, data = a_file(scene, f"{scene.draw.word()}.bin", bytes(range(256)) + scene.draw.randbytes(50_000))
    must_be(alone(scene, path), data)
    path, data = a_file(scene, data=b"")
    must_be(alone(scene, path), data)


@basics.scenario("路径：编码过的汉字，问号后面的，根", hint="path")
def odd_paths(scene):
    path, data = a_file(scene, f"{scene.draw.chinese()} {scene.draw.word()}.txt")
    must_be(alone(scene, path), data, "path")
    path, data = a_file(scene)
    must_be(alone(scene, f"{path}?{scene.draw.word()}={scene.draw.word()}"), data, "path")
    _, data = a_file(scene, "index.html")
    must_be(alone(scene, "/"), data, "path")


@basics.scenario("没有的文件", hint="missing")
def a_missing_file(scene):
    one = scene.client()
    refused(get(one, f"/{scene.draw.word()}.txt"), [404], "missing")
    one.close()
    path, data = a_file(scene)
    must_be(alone(scene, path), data)


methods = LAB.stage("方法和连接", 1, *FOLDER)


@methods.scenario("同一个连接，几个请求", hint="keep-alive")
def keeps_alive(scene):
    one = scene.client()
    for _ in range(3):
        path, data = a_file(scene)
        must_be(get(one, path), data)
    answer = get(one, f"/{scene.draw.word()}.txt")
    refused(answer, [404], "missing")
    if not says_close(answer.headers):
        must_be(get(one, path, hint="missing"), data)


@methods.scenario("HEAD：只有首部", hint="head")
def a_head(scene):
    one, (path, data) = scene.client(), a_file(scene)
    answer = get(one, path, method="HEAD")
    if answer.status != 200 or answer.headers.get("content-length") not in (None, str(len(data))):
        raise Failed(f"200，Content-Length: {len(data)}", f"{answer.status}，{answer.headers.get('content-length')}")
    try:
        must_be(get(one, path), data)
    except Failed as failure:
        failure.hint = "head"
        raise


@methods.scenario("DELETE 和没听说过的方法", hint="method")
def other_methods(scene):
    path, data = a_file(scene)
    for method in ("DELETE", scene.draw.word().upper()):
        refused(alone(scene, path, method=method), [400, 405, 501], "method")
    must_be(alone(scene, path), data, "method")


@methods.scenario("Connection: close，以及 HTTP/1.0", hint="close")
def closes(scene):
    path, data = a_file(scene)
    for lines, version in ((("connection: Close",), {}), ((), {"version": "HTTP/1.0"})):
        one = scene.client()
        must_be(get(one, path, *lines, **version), data)
        one.expect_end()
        one.close()


pieces = LAB.stage("字节流里的请求", 2, *FOLDER)


@pieces.scenario("请求切成几段", hint="half")
def a_cut_request(scene):
    one, (path, data) = scene.client(), a_file(scene)
    text = request("GET", path, f"X-Word: {scene.draw.word()}")
    one.send_in_pieces(scene.draw.cut(text, 5))
    must_be(receive(one), data)
    one.send_in_pieces([text[:-1], text[-1:]])
    must_be(receive(one), data)


@pieces.scenario("三个请求一起来", hint="pipeline")
def a_pipeline(scene):
    one, files = scene.client(), [a_file(scene) for _ in range(3)]
    one.send(b"".join(request("GET", path) for path, _ in files))
    for _, data in files:
        must_be(receive(one), data)


@pieces.scenario("POST 的正文看上去像一个请求", hint="body")
def a_smuggled_request(scene):
    one, (path, data) = scene.client(), a_file(scene)
    inner = request("GET", path)
    one.send(request("POST", path, f"Content-Length: {len(inner)}") + inner)
    refused(receive(one, "POST"), [405, 501], "method")
    try:
        answer = get(one, f"/{scene.draw.word()}")
    except Failed:
        one.close()
        must_be(alone(scene, path), data)  # it has closed the connection: right as well
    else:
        if answer.status == 200:
            raise Failed("404：第二个请求的回答", f"200，正文 {shown(answer.body)}：正文被当成了请求")


hostile = LAB.stage("走出文件夹", 2, *FOLDER)


@hostile.scenario("../ 的各种写法", hint="traversal")
def a_traversal(scene):
    secret = f"secret-{scene.draw.word()}"
    (scene.folder.parent / secret).write_text(secret)
    (scene.folder / "below").mkdir(exist_ok=True)
    absolute = str(scene.folder.parent / secret)
    for path in (f"/../{secret}", f"/below/../../{secret}", f"/%2e%2e/{secret}", f"/..%2f{secret}", f"/{absolute}",
                 absolute, f"/{quote(absolute, safe='')}", f"/%2F{absolute[1:]}"):
        answer = alone(scene, path)
        if answer.status < 400 or secret.encode() in answer.body:
            raise Failed(f"400、403 或 404：{path} 不在文件夹里", f"{answer.status}，正文 {shown(answer.body)}")
    path, data = a_file(scene)
    must_be(alone(scene, path), data)


@hostile.scenario("名字里的 0 字节，很长的名字，一个文件夹", hint="missing")
def odd_names(scene):
    (scene.folder / "inner").mkdir(exist_ok=True)
    for path in ("/%00", f"/{'x' * 300}", f"/{scene.draw.word()}/{scene.draw.word()}"):
        refused(alone(scene, path), [400, 403, 404, 414], "missing")
    one = scene.client()
    one.send(request("GET", "/inner", "Connection: close"))
    receive(one)
    one.close()
    path, data = a_file(scene)
    must_be(alone(scene, path), data)


@hostile.scenario("不成样子的请求", hint="bad")
def bad_requests(scene):
    for line in (scene.draw.word(), "GET", f"{scene.draw.word()} " * 5):
        one = scene.client()
        one.send(f"{line}\r\n\r\n".encode())
        refused(receive(one), [400, 405, 501, 505], "bad")
        one.close()
    path, data = a_file(scene)
    must_be(alone(scene, path), data)


@hostile.scenario("没有尽头的首部", hint="limit", fresh=True)
def an_endless_header(scene):
    path, data = a_file(scene)
    must_be(alone(scene, path), data)
    before, one = scene.program.figures().memory, scene.client()
    one.send(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: ")
    taken = one.pour(ENDLESS, b"x" * 65536)
    grown = scene.program.figures().memory - before
    if taken >= ENDLESS or grown > ENDLESS // 2:
        raise Failed("到了上限就断开", f"服务器读走了 {taken >> 20} MiB，内存涨了 {max(grown, 0) >> 20} MiB，还在读")
    one.close()
    must_be(alone(scene, path), data)


slow = LAB.stage("慢的和走了的", 3, *FOLDER)


@slow.scenario("半个请求停在那里，别人照样得到回答", hint="slow")
def half_a_request(scene):
    waiting, (path, data) = scene.client(), a_file(scene)
    waiting.send(request("GET", path)[:9])
    must_be(alone(scene, path), data)
    waiting.send(request("GET", path)[9:])
    must_be(receive(waiting), data)


@slow.scenario("三个人要大文件，都不收", hint="slow", fresh=True)
def nobody_reads(scene):
    small, text = a_file(scene)
    must_be(alone(scene, small), text)
    before = scene.program.figures().memory
    path, data = a_file(scene, "large.bin", scene.draw.randbytes(1 << 20) * (LARGE >> 20))
    lazy = [scene.client(small=True) for _ in range(3)]
    for one in lazy:
        one.send(request("GET", path))
    must_be(alone(scene, small), text)
    for one in lazy:
        one.line("大文件的状态行")
    grown = scene.program.figures().memory - before
    if grown > LARGE:
        raise Failed(f"三个 {LARGE >> 20} MiB 的回答，都没有人收，内存几乎不涨", f"内存涨了 {grown >> 20} MiB",
                     "whole-file")
    scene.note("第四个人把大文件收完")
    must_be(alone(scene, path), data)


@slow.scenario(f"{LEAVERS} 个人下载到一半走了", hint="gone", fresh=True)
def leavers(scene):
    small, text = a_file(scene)
    must_be(alone(scene, small), text)
    before = scene.program.figures()
    path, _ = a_file(scene, "large.bin", scene.draw.randbytes(1 << 20) * 8)
    for number in range(LEAVERS):
        one = scene.client(f"第 {number + 1} 个", small=True)
        one.send(request("GET", path))
        one.line("大文件的状态行")
        (one.reset if number % 2 else one.close)()
    must_be(alone(scene, small), text)
    scene.must_not_leak(before, "gone")
    scene.must_rest()
