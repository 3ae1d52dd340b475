"""失败：发出请求后一直等回答；请求丢了，客户端就永远停在 recvfrom。

运行：  python code/day4/udp_wait_broken.py
局限：  真的会永远等下去，所以这里看 2 秒就结束整个程序。
"""
import socket
import threading


def main():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        threading.Thread(target=lose_the_first, args=(server,), daemon=True).start()
        answers, address = [], server.getsockname()
        client = threading.Thread(
            target=lambda: answers.append(ask(address, "现在几点")), daemon=True)
        client.start()
        client.join(2)                                # 最多看它 2 秒
        print(answers[0] if answers else "客户端还停在 recvfrom")


def ask(address, question):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(question.encode(), address)
        data, _ = sock.recvfrom(65535)                # 没有超时
        return f"得到回答 {data.decode()}"


def lose_the_first(server):
    server.recvfrom(65535)                            # 假装第一个数据报在路上丢了
    _, peer = server.recvfrom(65535)
    server.sendto(b"12:00", peer)


if __name__ == "__main__":
    main()
