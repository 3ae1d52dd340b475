"""一个套接字知道自己的哪些事：类型、地址族、描述符、本地地址、对方地址、选项。

运行：  python code/day4/sock_attr.py
"""
import socket


def main():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        describe("监听套接字", listener)
        with socket.create_connection(listener.getsockname()) as client:
            conn, peer = listener.accept()
            with conn:
                describe("客户端", client)
                describe("服务器的连接套接字", conn)
                same = "一样" if peer == conn.getpeername() else "不一样"
                print("accept 返回的地址和 getpeername", same)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        describe("UDP，没有绑定", udp)
    print("关闭以后 fileno 是", udp.fileno())


def describe(name, sock):
    print(name)
    print("    type  ", sock.type.name)
    print("    family", sock.family.name)
    print("    描述符是非负整数：", sock.fileno() >= 0)
    print("    本地地址", sock.getsockname())
    try:
        print("    对方地址", sock.getpeername())
    except OSError as error:  # 监听套接字和没有 connect 的 UDP 没有对方
        print("    对方地址", error)
    reuse = sock.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR)
    print("    SO_REUSEADDR", reuse)


if __name__ == "__main__":
    main()
