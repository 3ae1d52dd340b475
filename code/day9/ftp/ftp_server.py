"""文件服务器：每个客户端一个线程，列出、下载、上传一个文件夹里的文件。

运行：  python code/day9/ftp/ftp_server.py --library 文件夹 --port 9000
局限：  没有密码，任何能连上的人都能读写文件库，所以默认只监听本机；一个客户端能用 PUT 预先占满磁盘。
"""
import argparse
import os
import signal
import socket
import stat
import sys
import threading
import time

from ftp_common import (
    IDLE_LIMIT,
    Refused,
    address,
    check_name,
    create_file,
    explained,
    number,
    open_file,
    publish,
    receive_file,
    receive_line,
    send_file,
    send_line,
    sha256,
)


def main(host="127.0.0.1", port=9000, library=".", idle=IDLE_LIMIT):
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # 和 Ctrl-C 一样结束
    # 从此只相对于它打开文件
    folder = os.open(library, os.O_RDONLY | os.O_DIRECTORY)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=128) as listener:
        print("listening on", address(listener.getsockname()), flush=True)
        while True:
            try:
                conn, peer = listener.accept()
                threading.Thread(target=serve, args=(conn, address(peer), folder, idle), daemon=True).start()
            except OSError as error:  # 描述符用完（EMFILE）：客户端在队列里等
                log("暂时不能接受连接：", error.strerror)
                time.sleep(0.2)
            except RuntimeError as error:             # 线程数到了上限
                log("拒绝一个客户端：", error)
                conn.close()


def serve(conn, peer, folder, idle):
    conn.settimeout(idle)
    with conn, conn.makefile("rb") as stream:
        try:
            while (line := receive_line(stream)) is not None:
                answer(conn, stream, folder, line)
        except Refused as reason:  # 看不懂的一行，后面的也不可信了
            farewell(conn, reason)
        except TimeoutError:
            log(f"{peer} {idle} 秒没有动静，断开")
            farewell(conn, f"{idle} 秒没有动静，连接关闭")
        except OSError as error:  # 客户端离开或者断线：只影响它自己
            log(f"{peer} 中断：{error}")


def answer(conn, stream, folder, line):
    verb, _, rest = line.partition(" ")
    try:
        if verb not in COMMANDS:
            raise Refused("没有这个命令，有：" + " ".join(COMMANDS))
        COMMANDS[verb](conn, stream, folder, rest)
    except Refused as reason:
        send_line(conn, "ERR", reason)


def farewell(conn, reason):
    try:
        send_line(conn, "ERR", reason)
        conn.shutdown(socket.SHUT_WR)
        conn.settimeout(1)
        for _ in range(16):  # 读掉对方已发的，否则 close 发出 RST，回答会丢
            if not conn.recv(65536):
                break
    except OSError:
        pass                                          # 对方已经不在了


def list_files(conn, stream, folder, rest):
    found = []
    # 重新打开：每个线程各读各的位置
    with explained(), os.scandir(f"/proc/self/fd/{folder}") as entries:
        for entry in entries:
            try:
                check_name(entry.name)
                status = entry.stat(follow_symlinks=False)
            except (Refused, OSError):  # 传不了的名字；刚刚被删除的文件
                continue
            if stat.S_ISREG(status.st_mode):
                found.append((entry.name, status.st_size))
    lines = [f"OK {len(found)}", *(f"{size} {name}" for name, size in sorted(found))]
    send_line(conn, "\n".join(lines))


def get(conn, stream, folder, name):
    check_name(name)
    file, size = open_file(name, folder)
    with file:
        send_line(conn, "OK", size)
        try:
            send_file(conn, file, size)
        except TimeoutError as error:  # 文件发了一半，这时答 ERR 会被当成文件的内容
            raise ConnectionError("客户端不再接收") from error


def hash_file(conn, stream, folder, name):
    check_name(name)
    file, _ = open_file(name, folder)
    with file:
        send_line(conn, "OK", sha256(file))


def put(conn, stream, folder, rest):
    size, _, name = rest.partition(" ")
    size = number(size)
    check_name(name)
    # 只是早一点告诉客户端；真正的检查在 publish
    if os.path.lexists(f"/proc/self/fd/{folder}/{name}"):
        raise Refused("已经有同名的文件")
    with create_file(folder, size) as file:
        send_line(conn, "OK")
        receive_file(stream, file, size)
        publish(file, folder, name)
    send_line(conn, "OK")


COMMANDS = {"LIST": list_files, "GET": get, "HASH": hash_file, "PUT": put}


def log(*words):
    try:
        print(*words, flush=True)
    except OSError:                                   # 看记录的人走了，服务照常
        sys.stdout = None                             # 以后的 print 什么也不做


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="文件服务器")
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址")
    parser.add_argument("--port", type=int, default=9000, help="端口，0 由内核挑选")
    parser.add_argument("--library", default=".", help="文件库所在的文件夹")
    parser.add_argument("--idle", type=float, default=IDLE_LIMIT, help="多少秒没有动静就断开")
    options = parser.parse_args()
    try:
        main(options.host, options.port, options.library, options.idle)
    except KeyboardInterrupt:
        log("服务器停止")
    except (OSError, OverflowError) as error:
        sys.exit(f"不能用 {options.library} 在 {address((options.host, options.port))} 提供服务：{error}")
