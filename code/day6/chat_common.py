"""聊天室的约定（protocol）：服务器和客户端都照它组装、拆开数据报。

一个数据报是一行 UTF-8 文字：  动词 号码 内容

客户端    JOIN 号码 姓名     SAY 号码 内容     LEAVE 号码     BEAT 0（心跳）
回答      OK 号码 序号       ERR 号码 原因     号码照抄；看不懂的数据报，号码写 0。JOIN 的 OK 带的是租约的秒数
          BEAT 序号          心跳的回答
通知      MSG 序号 内容      每个成员一套序号，从 1 数起，缺了就是丢了；回答里的序号是发到第几条了
          BYE 0 原因         聊天室关闭
"""
import unicodedata

LIMIT = 1024                                          # 一个请求最多多少字节
RESERVED = "管理员"


def pack(verb, number, text=""):
    return " ".join(filter(None, (verb, str(number), str(text)))).encode()


def unpack(data):
    """数据报 -> (动词, 号码, 内容)。不合约定就抛出 ValueError，它的文字就是给对方的回答。"""
    try:
        verb, number, text = [*data.decode().split(" ", 2), "", ""][:3]
    except UnicodeDecodeError:
        raise ValueError("不是 UTF-8 文字") from None
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise ValueError("格式应该是：动词 号码 内容")
    return verb, int(number), text


def check_name(name):
    """不合格的姓名抛出 ValueError；合格的返回用来比较的形式（全角、大小写不同的算同名）。"""
    if not 1 <= len(name) <= 12:
        raise ValueError("姓名要 1 到 12 个字")
    if not all(letter.isalnum() or letter in "_-" for letter in name):
        raise ValueError("姓名只能用文字、数字、_ 和 -")     # 冒号、空格、控制字符可以伪造别人的话
    key = unicodedata.normalize("NFKC", name).casefold()
    if key.startswith(RESERVED):
        raise ValueError(f"{RESERVED}开头的姓名是保留的")
    return key


def check_text(text):
    """空的内容，或者含有控制字符的内容（它能清掉别人的屏幕），抛出 ValueError。"""
    if not text.strip():
        raise ValueError("内容是空的")
    for letter in text:
        if unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") and letter not in "\u200c\u200d":
            raise ValueError(f"内容里有控制字符 U+{ord(letter):04X}")
    return text
