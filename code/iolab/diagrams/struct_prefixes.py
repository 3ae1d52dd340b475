"""Prefixes of a struct format: byte order, sizes, alignment, and what they make of the same fields.

Replaces img/4_struct.png, together with `struct_formats`. Source: "Byte Order, Size, and Alignment" in the Python
library reference of struct. The example is computed; on little-endian Linux, 64 bit, it is what the book shows.
"""

import struct

from iolab.model import Table

PREFIXES = (
    ("@", "本机", "本机", "有"),
    ("=", "本机", "标准", "无"),
    ("<", "小端：低位字节在前", "标准", "无"),
    (">", "大端：高位字节在前", "标准", "无"),
    ("!", "网络字节序，即大端", "标准", "无"),
)

SCENE = Table(
    name="struct_prefixes",
    title="struct 的前缀：字节序与对齐",
    header=("前缀", "字节序", "大小", "填充", "pack('bi', 1, 2) 的字节"),
    rows=tuple((prefix, order, size, padding, struct.pack(prefix + "bi", 1, 2).hex(" "))
               for prefix, order, size, padding in PREFIXES),
    notes=("不写前缀就是 @。要发到网络上或写进文件的数据，总是写 !（或 < >），两边的机器才读得一样。",),
    code=(0, 4),
)
