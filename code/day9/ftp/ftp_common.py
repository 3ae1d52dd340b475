"""文件服务器和客户端共同的约定：一行一个命令，文件名的规则，成块地收发文件。

协议：  LIST ｜ GET 名字 ｜ HASH 名字 ｜ PUT 长度 名字        每行 UTF-8，以换行结尾
回答：  OK … 或 ERR 原因；GET 的 OK 后面跟着整个文件，PUT 先得到 OK 才发送文件，收完再得到一个 OK
局限：  没有密码，也不加密；和 RFC 959 的 FTP 协议无关。
"""
import contextlib
import errno
import hashlib
import os
import stat
import unicodedata

LINE_LIMIT = 1024  # 一行命令的字节数，够放最长的文件名
NAME_LIMIT = 255  # Linux 文件名的字节数上限（NAME_MAX）
IDLE_LIMIT = 60                                       # 对方多少秒没有动静就放弃
BLOCK = 1 << 20  # 每个连接占用的内存，与文件大小无关
RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}
REASONS = {
    errno.ENOENT: "没有这个文件", errno.EEXIST: "已经有同名的文件", errno.ELOOP: "不是普通文件",
    errno.ENXIO: "不是普通文件", errno.EACCES: "没有权限", errno.EPERM: "没有权限", errno.EROFS: "没有权限",
    errno.EOPNOTSUPP: "这个文件系统没有 O_TMPFILE，请换到 ext4、xfs、btrfs 或 tmpfs 上",
    errno.ENOSPC: "空间不够", errno.EDQUOT: "空间不够", errno.EFBIG: "文件太大", errno.EMFILE: "描述符用完了，请再试",
}


class Refused(Exception):
    """可以告诉对方的一句话；连接还可以继续用。"""


@contextlib.contextmanager
def explained():
    """把操作文件时的 OSError 换成一句话。网络的错误不要放进来。"""
    try:
        yield
    except OSError as error:
        raise Refused(REASONS.get(error.errno, error.strerror)) from error


def check_name(name):
    """名字只能是文件库里的一个普通文件名，在 Windows、macOS、Linux 上都一样；否则抛出 Refused。"""
    if not name:
        raise Refused("缺少文件名")
    if any(c in '/\\:*?"<>|' or unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in name):
        raise Refused("文件名里有不允许的字符")
    if len(name.encode()) > NAME_LIMIT:
        raise Refused(f"文件名超过 {NAME_LIMIT} 字节")
    # 同一个“é”有两种写法，只认一种
    if unicodedata.normalize("NFC", name) != name:
        raise Refused("文件名不是 NFC 形式")
    if name.startswith((".", " ")) or name.endswith((".", " ")):
        raise Refused("文件名不能以点或空格开头、结尾")
    if name.partition(".")[0].strip().upper() in RESERVED:
        raise Refused("文件名是 Windows 的设备名")


def number(text):
    """对方写来的长度或个数；不是一到 18 位的十进制数就抛出 Refused。"""
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise Refused(f"“{printable(text):.40}”不是一个长度")
    return int(text)


def printable(text):
    """对方写来的字，可以放心打印：控制字符、看不见的字符写成 \\x1b 这样。"""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def address(name):
    host, port = name[:2]
    # IPv6 的地址要加方括号
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def open_file(path, folder=None):
    """打开一个普通文件，返回（文件，长度）。不跟随符号链接，不会停在管道上。"""
    with explained():
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            os.close(fd)
            raise Refused("不是普通文件")
        return open(fd, "rb", buffering=0), status.st_size


def create_file(folder, size):
    """在文件夹里创建一个没有名字的文件：进程怎样结束，它都不会留下（open(2)，O_TMPFILE）。"""
    with explained():
        fd = os.open(".", os.O_TMPFILE | os.O_WRONLY, 0o644, dir_fd=folder)
        try:
            space = os.statvfs(folder)
            if size > space.f_bavail * space.f_frsize:
                raise Refused("空间不够")
            if size:
                # 现在就占好，免得传到一半才发现磁盘满了
                os.posix_fallocate(fd, 0, size)
            return open(fd, "wb", buffering=0)
        except BaseException:
            os.close(fd)
            raise


def publish(file, folder, name):
    """给写完的文件取名字：要么整个出现，要么不出现；决不覆盖别人的文件。"""
    with explained():
        os.fsync(file.fileno())
        os.link(f"/proc/self/fd/{file.fileno()}", name, dst_dir_fd=folder, follow_symlinks=True)
        os.fsync(folder)                              # 名字也到了磁盘，断电后还在


def send_file(conn, file, size, progress=None):
    sent = 0
    while sent < size:
        # 内核直接从文件送到套接字
        count = conn.sendfile(file, sent, min(8 * BLOCK, size - sent))
        if not count:
            raise ConnectionError("文件在传送中变短了")
        sent += count
        if progress:
            progress(sent, size)


def receive_file(stream, file, size, progress=None):
    block = memoryview(bytearray(BLOCK))              # 反复使用同一块内存
    received, problem = 0, None
    while received < size:
        count = stream.readinto1(block[:min(BLOCK, size - received)])
        if not count:
            raise ConnectionError(f"对方离开了，只收到 {received}/{size} 字节")
        received += count
        if not problem:
            # 写不下去，也要收完剩下的，才轮到回答
            problem = write_all(file, block[:count])
        if progress:
            progress(received, size)
    if problem:
        raise problem


def write_all(file, data):
    try:
        with explained():
            while data:
                data = data[file.write(data):]
    except Refused as problem:
        return problem


def sha256(file):
    return hashlib.file_digest(file, "sha256").hexdigest()


def send_line(conn, *words):
    conn.sendall(" ".join(map(str, words)).encode() + b"\n")


def receive_line(stream):
    """返回一行命令或回答，对方离开时返回 None；太长或者不是 UTF-8 就抛出 Refused。"""
    line = stream.readline(LINE_LIMIT)
    if not line:
        return None
    if not line.endswith(b"\n"):
        if len(line) < LINE_LIMIT:
            return None                               # 一行没有说完就离开了
        raise Refused(f"一行超过 {LINE_LIMIT} 字节")
    try:
        return line[:-1].decode()
    except UnicodeDecodeError:
        raise Refused("不是 UTF-8 编码") from None
