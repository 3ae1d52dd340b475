"""失败：格式不写字节序，两种机器把同一条记录读成不同的数。

运行：  python code/day5/struct_native_broken.py
局限：  这里用 < 和 > 扮演两种机器：PC 和多数手机是 <（小端），
        老的 Mac 和大型机是 >（大端）。
"""
import struct

FORMAT = "id"                                         # 编号、成绩


def main():
    sent = pack_on("<", 7, 95.5)
    print("小端机器发出", sent.hex(" ", 4))
    print("大端机器读到", unpack_on(">", sent))


def pack_on(machine, *values):
    return struct.pack(machine + FORMAT, *values)     # 不写前缀，就由机器决定


def unpack_on(machine, data):
    return struct.unpack(machine + FORMAT, data)


if __name__ == "__main__":
    main()
