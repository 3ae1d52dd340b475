"""正确：格式以 ! 开头，任何机器都用网络字节序（大端），没有填充，大小固定。

运行：  python code/day5/struct_native_fixed.py
"""
import struct

FORMAT = "!id"                                        # 编号、成绩


def main():
    sent = pack_on("<", 7, 95.5)
    print("小端机器发出", sent.hex(" ", 4))
    print("大端机器读到", unpack_on(">", sent))


def pack_on(machine, *values):
    return struct.pack(FORMAT, *values)               # 格式说了算，与机器无关


def unpack_on(machine, data):
    return struct.unpack(FORMAT, data)


if __name__ == "__main__":
    main()
