"""正确：等一段时间，没有回答就重发；connect 以后只收这一个对方的回答。

运行：  python code/day4/udp_wait_fixed.py
局限：  丢的可能是回答，那么服务器会收到两次：请求要能重复（幂等，idempotent）。
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


def ask(address, question, tries=5):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(address)  # 只是记下对方：别人发来的由内核丢掉
        sock.settimeout(0.5)
        for number in range(1, tries + 1):
            sock.send(question.encode())
            try:
                return f"问到第 {number} 次，得到回答 {sock.recv(65535).decode()}"
            except TimeoutError:
                continue
        raise TimeoutError(f"问了 {tries} 次，没有回答")


def lose_the_first(server):
    server.recvfrom(65535)                            # 假装第一个数据报在路上丢了
    _, peer = server.recvfrom(65535)
    server.sendto(b"12:00", peer)


if __name__ == "__main__":
    main()
