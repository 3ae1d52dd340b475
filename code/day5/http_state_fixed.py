"""正确：登录时发给客户端一个 cookie，客户端以后每个请求都带上它，服务器凭它认人。

运行：  python code/day5/http_state_fixed.py
局限：  服务器重启就忘了；真正的网站把会话（session）放在数据库里，并只走 HTTPS。
"""
import secrets
import threading
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SESSIONS = {}  # 会话编号 -> 用户，所有连接共用


def main():
    with ThreadingHTTPServer(("127.0.0.1", 0), Greeter) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        first, second = (HTTPConnection(*server.server_address) for _ in range(2))
        cookie = visit("连接 1", first, "POST", "/login")
        visit("连接 1", first, "GET", "/", cookie)
        visit("连接 2", second, "GET", "/", cookie)
        visit("连接 1，别人", first, "GET", "/")  # 代理把几个人放在一个连接上
        first.close()
        second.close()
        server.shutdown()
        thread.join()


def visit(name, conn, method, path, cookie=None):
    conn.request(method, path, headers={"Cookie": cookie} if cookie else {})
    response = conn.getresponse()
    print(f"{name} {method:4} {path:7}", response.read().decode())
    return response.headers.get("Set-Cookie", "").partition(";")[0]


class Greeter(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):                                # 登录改变了状态，所以不用 GET
        session = secrets.token_hex(16)  # 每次登录发一个新的、猜不到的编号
        SESSIONS[session] = "小明"
        self.greet("小明", f"session={session}; HttpOnly")

    def do_GET(self):
        cookie = SimpleCookie(self.headers.get("Cookie", ""))
        session = cookie["session"].value if "session" in cookie else None
        self.greet(SESSIONS.get(session, "陌生人"))

    def greet(self, user, cookie=None):
        body = f"你好，{user}".encode()
        self.send_response(200)
        if cookie:
            self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    main()
