"""聊天室的约定（protocol）：服务器和客户端都照它组装、拆开数据报。

一个数据报是一行 UTF-8 文字：  动词 号码 内容

客户端    JOIN 号码 姓名     SAY 号码 内容     LEAVE 号码     BEAT 0（心跳）
回答      OK 号码 序号       ERR 号码 原因     号码照抄；看不懂的数据报，号码写 0
          序号是发到第几条通知了；JOIN 的 OK 带的是租约的秒数
通知      MSG 序号 内容      每个成员一套序号，从 1 数起，缺了就是丢了
          BYE 0 原因         聊天室关闭
回答和通知永远不用再回答：否则两个服务器会一问一答，没有尽头
"""
import unicodedata

LIMIT = 1024                                          # 一个请求最多多少字节
RESERVED = "管理员"
REQUESTS = ("JOIN", "SAY", "LEAVE", "BEAT")
ANSWERS = ("OK", "ERR", "MSG", "BYE")
# unicodedata 的分类：控制字符、看不见的格式字符、行和段的分隔
CONTROLS = ("Cc", "Cf", "Zl", "Zp")
FILLERS = "\u115f\u1160\u3164\uffa0"      # 算作字母，却什么也不显示的四个填充字符


def pack(verb, number, text=""):
    return " ".join(filter(None, (verb, str(number), str(text)))).encode()


def unpack(data):
    """数据报 -> (动词, 号码, 内容)。不合约定的抛出 ValueError，说明原因。"""
    try:
        verb, number, text = [*data.decode().split(" ", 2), "", ""][:3]
    except UnicodeDecodeError:
        raise ValueError("不是 UTF-8 文字") from None
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise ValueError("格式应该是：动词 号码 内容")
    return verb, int(number), text


def check_name(name):
    """返回用来比较的形式（全角、大小写不同的算同名）；不合格的抛出 ValueError。"""
    if not 1 <= len(name) <= 12:
        raise ValueError("姓名要 1 到 12 个字")
    letters = [letter for letter in name if letter not in FILLERS]
    plain = all(letter.isalnum() or letter in "_-" for letter in letters)
    if len(letters) < len(name) or not plain:        # 冒号、空格可以伪造别人的话
        raise ValueError("姓名只能用文字、数字、_ 和 -")
    key = unicodedata.normalize("NFKC", name).casefold()
    if key.startswith(RESERVED):
        raise ValueError(f"{RESERVED}开头的姓名是保留的")
    return key


def check_text(text):
    """看不见的内容，含有控制字符的内容（它能清掉别人的屏幕），抛出 ValueError。"""
    for letter in text:
        joiner = letter in "\u200c\u200d"
        if unicodedata.category(letter) in CONTROLS and not joiner:
            raise ValueError(f"内容里有控制字符 U+{ord(letter):04X}")
    if not text.strip(FILLERS + "\u200c\u200d \u3000\xa0\u2800"):
        raise ValueError("内容是空的")
    return text


def printable(text):
    """别人发来的文字，控制字符写成 \\xNN，可以放心打印。"""
    return "".join(ascii(letter)[1:-1] if unicodedata.category(letter) in CONTROLS
                   else letter for letter in text)
