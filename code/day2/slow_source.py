"""一个慢吞吞的数据源：客户端连上以后，每隔一会儿送一行，送完就关闭。

运行：  python code/day2/slow_source.py --port 9000 --lines 10 --delay 0.05
局限：  一次只服务一个客户端；延迟是装出来的，用来代替远处的服务器。
"""
import argparse
import signal
import socket
import sys
import time


def main(host="127.0.0.1", port=9000, lines=10, delay=0.05):
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # 和 Ctrl-C 一样结束
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listener:
        address = "[%s]:%d" if family == socket.AF_INET6 else "%s:%d"
        print("listening on", address % listener.getsockname()[:2], flush=True)
        while True:
            try:
                conn, _ = listener.accept()
                with conn:
                    send_slowly(conn, lines, delay)
            except OSError as error:      # 客户端离开、断线：继续服务下一个
                report("客户端提前离开：", type(error).__name__)
                time.sleep(delay)


def report(*words):
    try:
        print(*words, flush=True)
    except OSError:                # 看输出的人走了（| head -1），照样服务
        sys.stdout = None                             # 以后的 print 什么也不做


def send_slowly(conn, lines, delay):
    for number in range(1, lines + 1):
        time.sleep(delay)
        conn.sendall(f"第 {number} 行\n".encode())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="慢吞吞的数据源")
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址")
    parser.add_argument("--port", type=int, default=9000,
                        help="监听的端口，0 由内核挑选")
    parser.add_argument("--lines", type=int, default=10, help="送几行")
    parser.add_argument("--delay", type=float, default=0.05, help="每行之前等几秒")
    options = parser.parse_args()
    try:
        main(options.host, options.port, options.lines, options.delay)
    except KeyboardInterrupt:
        report("服务器停止")
    except (OSError, OverflowError) as error:
        sys.exit(f"不能监听 {options.host}:{options.port}：{error}")
