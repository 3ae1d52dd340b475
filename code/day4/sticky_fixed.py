"""正确：每条消息前面放 4 字节的长度（length prefix），接收端按长度取。

运行：  python code/day4/sticky_fixed.py
局限：  长度由对方说了算，真正的服务器还要限制它的上限。
"""
import socket
import struct
import threading


def main():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        sent = threading.Event()
        thread = threading.Thread(target=print_messages, args=(listener, sent))
        thread.start()
        with socket.create_connection(listener.getsockname()) as conn:
            for message in ("存 100", "取 30", "存 5"):
                send_message(conn, message.encode())
            sent.set()
        thread.join()


def print_messages(listener, sent):
    conn, _ = listener.accept()
    with conn:
        sent.wait()                                   # 接收端正忙着别的事
        while (message := receive_message(conn)) is not None:
            print("一条消息：", message.decode())


def send_message(conn, message):
    # ! 表示网络字节序，I 表示 4 字节无符号整数
    conn.sendall(struct.pack("!I", len(message)) + message)


def receive_message(conn):
    head = conn.recv(4)
    if not head:
        return None  # 正好在两条消息之间离开；b"" 是一条空消息
    head += receive_exactly(conn, 4 - len(head))
    return receive_exactly(conn, struct.unpack("!I", head)[0])


def receive_exactly(conn, size):
    data = b""
    while len(data) < size:
        piece = conn.recv(size - len(data))
        if not piece:
            raise ConnectionError("对方在一条消息的中间离开")
        data += piece
    return data


if __name__ == "__main__":
    main()
