"""Which shared libraries a 32-bit ELF file asks for (elf(5))."""

import struct

NEEDED, STRTAB, LOAD, DYNAMIC = 1, 5, 1, 2


def needed(data):
    """The names (list of str) of the libraries that the ELF file `data` (bytes) asks for; none for other files."""
    if data[:5] != b"\x7fELF\x01":
        return []
    offset, size, count = struct.unpack_from("<I", data, 28)[0], *struct.unpack_from("<HH", data, 42)
    headers = [struct.unpack_from("<8I", data, offset + at * size) for at in range(count)]
    entries = [entry for kind, start, _, _, length, *_ in headers if kind == DYNAMIC
               for entry in struct.iter_unpack("<II", data[start:start + length])]
    strings = next((value for tag, value in entries if tag == STRTAB), None)
    return [_text(data, _in_file(headers, strings) + value) for tag, value in entries if tag == NEEDED]


def _in_file(headers, address):
    return next(address - where + start for kind, start, where, _, length, *_ in headers
                if kind == LOAD and where <= address < where + length)


def _text(data, start):
    return data[start:data.index(b"\0", start)].decode()
