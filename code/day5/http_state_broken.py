"""失败：把“谁登录了”记在连接上；HTTP 的每个请求互相独立，换一个连接就忘了。

运行：  python code/day5/http_state_broken.py
"""
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener


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
    user = None                                       # 每个连接一个 Greeter 对象

    def do_GET(self):
        self.send_response(200)
        if self.path == "/login":
            self.user = "小明"
        self.end_headers()
        self.wfile.write(f"你好，{self.user or '陌生人'}".encode())

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    main()
