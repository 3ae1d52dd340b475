"""Prefixes of a struct format: byte order, sizes, alignment, and what they make of the same fields.

Replaces img/4_struct.png, together with `struct_formats`. Source: "Byte Order, Size, and Alignment" in the Python
library reference of struct. The example is computed; on little-endian Linux, 64 bit, it is what the book shows.
"""

import struct

from iolab.model import Table

PREFIXES = (
    ("@", "本机", "本机大小，对齐填充"),
    ("=", "本机", "标准大小，不填充"),
    ("<", "小端", "标准大小，不填充"),
    (">", "大端", "标准大小，不填充"),
    ("!", "网络（大端）", "标准大小，不填充"),
)

SCENE = Table(
    name="struct_prefixes",
    title="struct 的前缀：字节序与对齐",
    header=("前缀", "字节序", "大小与对齐", "pack('bi', 1, 2)"),
    rows=tuple((prefix, order, sizes, struct.pack(prefix + "bi", 1, 2).hex(" ")) for prefix, order, sizes in PREFIXES),
    notes=("小端：低位字节在前；大端：高位字节在前。",
           "不写前缀就是 @。要发到网络上或写进文件的数据，总是写 !（或 < >），两边的机器才读得一样。",),
    code=(0, 3),
)
