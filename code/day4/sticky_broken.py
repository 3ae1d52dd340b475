"""失败：每发一条歇一会儿，想以此避免粘包；接收端慢，消息照样粘在一起。

运行：  python code/day4/sticky_broken.py
局限：  接收端快的时候碰巧正确，所以测试时常常发现不了。
"""
import socket
import threading
import time


def main():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        sent = threading.Event()
        thread = threading.Thread(target=print_messages, args=(listener, sent))
        thread.start()
        with socket.create_connection(listener.getsockname()) as conn:
            # 关掉 Nagle 算法也没有用
            conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for message in ("存 100", "取 30", "存 5"):
                send_message(conn, message.encode())
                time.sleep(0.1)                       # “控制发送速度”
            sent.set()
        thread.join()


def print_messages(listener, sent):
    conn, _ = listener.accept()
    with conn:
        sent.wait()                                   # 接收端正忙着别的事
        while message := receive_message(conn):
            print("一条消息：", message.decode())


def send_message(conn, message):
    conn.sendall(message)


def receive_message(conn):
    return conn.recv(1024)                            # 拿到的是字节，不是消息


if __name__ == "__main__":
    main()
