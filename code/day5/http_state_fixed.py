"""正确：登录时发给客户端一个 cookie，客户端以后每个请求都带上它，服务器凭它认人。

运行：  python code/day5/http_state_fixed.py
局限：  服务器重启就忘了；真正的网站把会话（session）放在数据库里，并只走 HTTPS。
"""
import secrets
import threading
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

SESSIONS = {}                                         # 会话编号 -> 用户，所有连接共用


def main():
    with HTTPServer(("127.0.0.1", 0), Greeter) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        browser = build_opener(HTTPCookieProcessor(), ProxyHandler({}))    # 每个请求一个连接，保存 cookie
        for path in ("/login", "/", "/"):
            with browser.open(f"http://127.0.0.1:{server.server_port}{path}") as response:
                print(f"{path:8}", response.read().decode())
        server.shutdown()
        thread.join()


class Greeter(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        cookie = SimpleCookie(self.headers.get("Cookie", ""))
        session = cookie["session"].value if "session" in cookie else None
        if self.path == "/login":
            session = secrets.token_hex(16)           # 每次登录发一个新的、猜不到的编号
            SESSIONS[session] = "小明"
            self.send_header("Set-Cookie", f"session={session}; HttpOnly")
        self.end_headers()
        self.wfile.write(f"你好，{SESSIONS.get(session, '陌生人')}".encode())

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    main()
