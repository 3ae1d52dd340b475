"""收发双方共同遵守的记录格式：记号、编号、姓名、成绩，一共 32 字节。"""
import struct

RECORD = struct.Struct("!4sI16sd")  # ! 网络字节序，没有填充：4 + 4 + 16 + 8
MAGIC = b"STU1"  # 记号：认出别人的数据和别的版本


def pack_record(number, name, score):
    data = name.encode()
    if len(data) > 16:                                # 16s 会不声不响地截断
        raise ValueError(f"姓名 {name} 有 {len(data)} 字节，最多 16 字节")
    try:
        return RECORD.pack(MAGIC, number, data, score)
    except struct.error:
        limit = 2**32 - 1
        raise ValueError(f"编号 {number} 放不进 4 字节：最多 {limit}") from None


def unpack_record(data):
    if len(data) != RECORD.size:
        raise ValueError(f"长度是 {len(data)} 字节，应为 {RECORD.size} 字节")
    magic, number, name, score = RECORD.unpack(data)
    if magic != MAGIC:
        raise ValueError(f"记号是 {magic}，应为 {MAGIC}")
    text = name.rstrip(b"\0").decode()  # UnicodeDecodeError 也是 ValueError
    return number, text, score
