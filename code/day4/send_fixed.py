"""正确：等到对方的确认才算送达，否则报告没有送达。

运行：  python code/day4/send_fixed.py
局限：  没有等到确认时，不知道对方处理了没有：重发需要去重。
"""
import socket
import threading


def main():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        gone = threading.Event()
        thread = threading.Thread(target=leave, args=(listener, gone))
        thread.start()
        with socket.create_connection(listener.getsockname()) as conn:
            gone.wait()                               # 服务器已经 close
            print("送达" if deliver(conn, "转账 100 元".encode()) else "没有送达")
        thread.join()


def leave(listener, gone):
    conn, _ = listener.accept()
    conn.close()                                      # 一个字节也没有读
    gone.set()


def deliver(conn, message):
    try:
        conn.settimeout(10)
        conn.sendall(message)
        # 应用层的确认（acknowledgement）：一个字节，不会只到一半
        return conn.recv(1) == b"\x06"
    except OSError:  # BrokenPipeError、ConnectionResetError、TimeoutError 的父类
        return False


if __name__ == "__main__":
    main()
