"""十次下载，一个接一个做，再交给线程池一起做。

运行：  python code/day8/future_download.py
局限：  网站在本机，每次回答之前故意等 0.2 秒，像一台远处的服务器。
"""
import contextlib
import http.server
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor


def main():
    with slow_site() as site:
        urls = [f"{site}/{n}" for n in range(10)]

        begun = time.monotonic()
        pages = [download(url) for url in urls]
        one_by_one = time.monotonic() - begun

        begun = time.monotonic()
        with ThreadPoolExecutor(max_workers=10) as pool:
            same = list(pool.map(download, urls))     # 次序和 urls 一样
        together = time.monotonic() - begun

    print("一个接一个：", "2 秒以上" if one_by_one >= 2 else one_by_one)
    faster = one_by_one - together
    print("十个一起，省下：", "1 秒以上" if faster > 1 else faster)
    print("两次的十页", "一样" if same == pages else "不一样")


def download(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read()


class Site(http.server.ThreadingHTTPServer):
    request_queue_size = 20                           # 十个连接一起来，都排得下


class Slow(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(0.2)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"第 {self.path[1:]} 页".encode())

    def log_message(self, *args):
        pass


@contextlib.contextmanager
def slow_site():
    """一个慢网站的地址，离开 with 就关掉。"""
    with Site(("127.0.0.1", 0), Slow) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield "http://127.0.0.1:%d" % server.server_port
        finally:
            server.shutdown()
            thread.join()


if __name__ == "__main__":
    main()
