"""失败：send 没有报错就当作对方收到了，其实数据已经丢失。

运行：  python code/day4/send_broken.py
局限：  只有对方的回答才能证明它收到了，见 send_fixed.py。
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
        conn.sendall(message)  # 只是交给了本机内核的发送缓冲区
        return True
    except BrokenPipeError:
        return False


if __name__ == "__main__":
    main()
