"""What a script prints, kept while it runs."""

import codecs
import contextlib
import threading
import time


class Output:
    """Reads a pipe to its end in a thread of its own and keeps the newest `keep` characters.

    A script can therefore print without limit: it never blocks on a full pipe and never fills the memory.
    Bytes that are not UTF-8 become \\xNN. `dropped` counts the characters that are no longer kept.
    `found` is the first match of `pattern` in one line, even if a flood has driven that line out since.
    """

    def __init__(self, descriptor, pattern=None, keep=200_000):
        self.keep, self.dropped = keep, 0
        self.pattern, self.found, self._line = pattern, None, ""
        self._chunks, self._size = [], 0
        self._changed = threading.Condition()
        self._ended = False
        self._reader = threading.Thread(target=self._read, args=(descriptor,), daemon=True)
        self._reader.start()

    def _read(self, descriptor):
        decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
        with open(descriptor, "rb", buffering=0) as pipe:
            while data := pipe.read(65536):
                self._add(decoder.decode(data))
        self._add(decoder.decode(b"", final=True), ended=True)

    def _add(self, text, ended=False):
        with self._changed:
            if self.pattern and not self.found:
                self.found = self.pattern.search(self._line + text)
                self._line = (self._line + text).rpartition("\n")[2][-1000:]
            self._chunks.append((time.monotonic(), text))
            self._size += len(text)
            while self._size - len(self._chunks[0][1]) >= self.keep:
                self._size -= len(self._chunks[0][1])
                self.dropped += len(self._chunks.pop(0)[1])
            self._ended = ended
            self._changed.notify_all()

    @property
    def text(self):
        """All that is kept, as one str."""
        with self._changed:
            return "".join(text for _, text in self._chunks)

    @property
    def lines(self):
        """All that is kept, as a list of (time.monotonic() of the line's end, line without its newline)."""
        with self._changed:
            lines, begun = [], ""
            for when, text in self._chunks:
                *full, begun = (begun + text).split("\n")
                lines += [(when, line) for line in full]
            return lines + ([(when, begun)] if begun else [])

    def wait_for(self, condition, timeout):
        """Wait until condition(text) is true or the output has ended; return its value, or None after `timeout` s."""
        with self._changed:
            deadline = time.monotonic() + timeout
            while True:
                found = condition("".join(text for _, text in self._chunks))
                if found or self._ended:
                    return found or None
                left = deadline - time.monotonic()
                if left <= 0:
                    return None
                self._changed.wait(left)

    def join(self, timeout=None):
        """Wait for the end of the output; return whether it came within `timeout` seconds."""
        self._reader.join(timeout)
        return not self._reader.is_alive()

    def last_lines(self, count=12):
        """The last `count` lines, for an error message."""
        lines = self.text.splitlines()
        head = f"（前面还有 {len(lines) - count} 行）\n" if len(lines) > count else ""
        return head + "\n".join(line[:500] for line in lines[-count:]) if lines else "（没有输出）"


def write_all(pipe, data):
    """Write bytes to a pipe and close it, in a thread; a reader that goes away early is no error."""

    def write():
        with contextlib.suppress(BrokenPipeError), pipe:
            pipe.write(data)

    threading.Thread(target=write, daemon=True).start()
