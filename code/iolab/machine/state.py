"""From the state that the emulator has stored to what a page loads: in an order and a form that pack better.

What is packed is, one after the other: the state without the machine's memory (in v86's own format), one bit for each
page of that memory, and the pages that are not all zero. The page (front/state.js) writes these into the memory as it
unpacks them, so that no browser ever holds the memory twice.
"""

import json
import re
import struct

PIECE = 1 << 20  # bytes that are filtered, and unpacked, at a time
_HEAD = struct.Struct("<4I")  # magic, version of the format, length of all, length of the JSON that follows
_MAGIC, _FORMAT = 0x86768676, 6
_PAGES, _BITS = 77, 78  # what v86's CPU.get_state puts there: the pages, and which they are
_CALL = re.compile(rb"[\xe8\xe9](....)", re.DOTALL)


def parts(state):
    """(rest, bits, pages) of a stored state (bytes); pages filtered.

    Raises ValueError if this is not the format 6 of v86.
    """
    magic, version, length, described = _HEAD.unpack(state[:_HEAD.size].ljust(_HEAD.size, b"\0"))
    if (magic, version, length) != (_MAGIC, _FORMAT, len(state)):
        raise ValueError(f"not a state of v86's format {_FORMAT}: {magic:#x}, format {version}, {length} bytes")
    told = json.loads(state[_HEAD.size:_HEAD.size + described])
    start = _aligned(_HEAD.size + described)
    buffers = [state[start + one["offset"]:start + one["offset"] + one["length"]] for one in told["buffer_infos"]]
    pages, bits = (told["state"][index]["buffer_id"] for index in (_PAGES, _BITS))
    memory, which = buffers[pages], buffers[bits]
    buffers[pages], buffers[bits] = b"", bytes(len(which))
    return _stored(told["state"], buffers), which, filtered(memory)


def _stored(state, buffers):
    """The bytes of a state, as v86's save_state lays them out."""
    infos, body = [], b""
    for data in buffers:
        infos.append({"offset": len(body), "length": len(data)})
        body += data + bytes(-len(data) % 4)
    described = json.dumps({"buffer_infos": infos, "state": state}, separators=(",", ":")).encode()
    start = _aligned(_HEAD.size + len(described))
    return _HEAD.pack(_MAGIC, _FORMAT, start + len(body), len(described)) + described.ljust(start - _HEAD.size) + body


def _aligned(number):
    return -(-number // 4) * 4


def filtered(memory):
    """x86 code with the targets of calls and jumps (E8, E9) counted from the start: the same target, the same bytes.

    Each PIECE by itself; what xz calls its BCJ filter, in its simplest form.
    """
    return b"".join(_CALL.sub(lambda match, base=base: _counted(match, base), memory[base:base + PIECE])
                    for base in range(0, len(memory), PIECE))


def _counted(match, base):
    if match[1][3] not in (0, 0xFF):  # further away than code ever is: something else
        return match[0]
    target = int.from_bytes(match[1], "little", signed=True) + base + match.end() + (1 << 24)
    return match[0][:1] + ((target & 0x1FFFFFF) - (1 << 24)).to_bytes(4, "little", signed=True)
