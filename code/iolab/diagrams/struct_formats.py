"""Format characters of the struct module: C type, Python type, standard size.

Replaces img/4_struct.png, together with `struct_prefixes`. Source: "Format Characters" in the Python library
reference of struct; the standard sizes are computed, they are the same on every platform.
"""

import struct

from iolab.model import Table

CHARACTERS = (
    ("x", "填充字节", "无"),
    ("c", "char", "bytes，长度 1"),
    ("b", "signed char", "int"),
    ("B", "unsigned char", "int"),
    ("?", "_Bool", "bool"),
    ("h", "short", "int"),
    ("H", "unsigned short", "int"),
    ("i", "int", "int"),
    ("I", "unsigned int", "int"),
    ("l", "long", "int"),
    ("L", "unsigned long", "int"),
    ("q", "long long", "int"),
    ("Q", "unsigned long long", "int"),
    ("e", "半精度浮点数", "float"),
    ("f", "float", "float"),
    ("d", "double", "float"),
)

SCENE = Table(
    name="struct_formats",
    title="struct 的格式符",
    header=("格式符", "C 类型", "Python 类型", "字节"),
    rows=(
        *((char, c_type, python_type, str(struct.calcsize("=" + char))) for char, c_type, python_type in CHARACTERS),
        ("5s", "char[5]", "bytes，不足补 \\0，过长截断", str(struct.calcsize("=5s"))),
    ),
    notes=("表中的字节数在前缀为 = < > ! 时有效。没有前缀（@）时按本机 C 编译器：64 位 Linux 上 l 和 L 是 8 字节。",
           "字符前的数字：4H 是四个 H，5s 是一个长 5 的字节串。"),
)
