"""失败：不看 send 的返回值，缓冲区放不下的部分丢了。

运行：  python code/day4/partial_send_broken.py
"""
import socket
import threading
import time

MESSAGE = b"x" * 20_000_000


def main():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        received = []
        thread = threading.Thread(target=count, args=(listener, received))
        thread.start()
        with socket.create_connection(listener.getsockname()) as conn:
            conn.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
            # 有超时的套接字，send 常常只交出一部分
            conn.settimeout(10)
            send(conn, MESSAGE)
        thread.join()
        outcome = "全部到达" if received[0] == len(MESSAGE) else "对方没有收全"
        print(f"要发 {len(MESSAGE)} 字节，{outcome}")


def count(listener, received):
    conn, _ = listener.accept()
    with conn:
        total = 0
        while data := conn.recv(65536):
            total += len(data)
            time.sleep(0.001)                         # 收得比发得慢
        received.append(total)


def send(conn, message):
    conn.send(message)


if __name__ == "__main__":
    main()
