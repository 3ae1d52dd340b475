"""失败：把“谁登录了”记在连接上。换一个连接就忘了，别人用同一个连接又被当成他。

运行：  python code/day5/http_state_broken.py
"""
import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


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
    user = None                                       # 每个连接一个 Greeter 对象

    def do_POST(self):                                # 登录改变了状态，所以不用 GET
        self.user = "小明"
        self.greet()

    def do_GET(self):
        self.greet()

    def greet(self):
        body = f"你好，{self.user or '陌生人'}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    main()
