"""What a scenario has at hand: the program, clients, the transcript, drawn inputs and measurements."""

import contextlib
import random
import time

from iolab.grade.client import Client, Standard
from iolab.grade.lab import Failed
from iolab.grade.transcript import Transcript

NAMES = "甲乙丙丁戊己庚辛"
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
CHINESE = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏"
WIDE = CHINESE + "éß𝄞😀"


class Draw(random.Random):
    """Inputs that nobody can know before: the same seed draws the same ones."""

    def word(self, shortest=3, longest=12):
        return "".join(self.choices(LETTERS, k=self.randint(shortest, longest)))

    def chinese(self, shortest=2, longest=8):
        return "".join(self.choices(WIDE, k=self.randint(shortest, longest)))

    def sentence(self):
        return f"{self.word()}{self.chinese()}{self.word()}"

    def cut(self, data, pieces):
        """The data in so many pieces, none of them empty."""
        at = sorted(self.sample(range(1, len(data)), min(pieces, len(data)) - 1))
        return [data[begin:end] for begin, end in zip([0, *at], [*at, len(data)], strict=True)]


class Scene:
    """program: the running Program (None until it is started); start(*arguments): a program anew, ended with the scene.

    folder: a Path that the program was given, empty when its stage began.
    """

    def __init__(self, judge, stage, program, draw, folder):
        self._judge, self.stage, self.program, self.draw, self.folder = judge, stage, program, draw, folder
        self.pace, self.transcript = judge.pace, Transcript()
        self.about = ""  # what a hint speaks of, see Hint
        self.remarks, self.bars = [], None  # what is told besides the verdict, see Verdict
        self._clients, self._more = [], []

    def client(self, name=None, small=False):
        """A new connection. small: with the least receive buffer, for a client that does not read."""
        number = len(self._clients)
        self._clients.append(None)  # who cannot connect has had a name too
        one = Client(self, name or (NAMES[number] if number < len(NAMES) else f"客户端 {number + 1} "), small)
        self._clients[number] = one
        return one

    def note(self, words, data=None):
        self.transcript.note("评测", words, data)

    def start(self, *arguments, port=None):
        """Another run of the student's server; it ends with the scene."""
        return self.keep(self._judge.start(self.stage, arguments, port))

    @property
    def command(self):
        return self._judge.command

    def run(self, *arguments, name="", command=None, told=True):
        """The student's program with these arguments: its standard input and output as a Stream.

        command: another argv before the arguments; told: the transcript says that it is started.
        """
        if told:
            self.note(f"启动程序 {' '.join(map(str, arguments))}")
        stream = Standard(self, name, command or self.command, list(map(str, arguments)))
        self.program = self.keep(stream.server)
        self._clients.append(stream)
        return stream

    def keep(self, program):
        """This Program, which ends with the scene."""
        self._more.append(program)
        return program

    def replace(self, *arguments, port=None):
        """End the program and start it anew in its place."""
        self.program.stop()
        self.program = self.start(*arguments, port=port)
        return self.program

    def soon(self, condition, expected, came, hint=None):
        """Wait until condition() is true, as long as the pace allows; came: a function that says what is instead."""
        begun, timeout = time.monotonic(), self.pace.patience
        while not (value := condition()):
            if time.monotonic() - begun > timeout:
                timeout += self.pace.again()
                if time.monotonic() - begun > timeout:
                    raise Failed(expected, f"等了 {timeout:.1f} 秒，{came() if callable(came) else came}", hint)
            time.sleep(0.03)
        return value

    def must_end(self, number, hint="stop"):
        """On this signal the program and all that it started end, soon."""
        self.settle()
        self.note(f"发 {number.name}")
        program = self.program
        program.signal(number)
        self.soon(lambda: program.wait(0.05), f"收到 {number.name}，程序和它启动的进程都结束", program.end, hint)
        self.program = None
        return program

    def settle(self, share=0.3, program=None):
        """Wait until no thread of the program (or of another one) has run for a moment: all wait for something.

        A signal just before a blocking call would set a flag, and nobody would look at it (signal(7), pselect(2)).
        """
        deadline, program = time.monotonic() + share * self.pace.patience, program or self.program
        before = program.threads()
        while time.monotonic() < deadline:
            time.sleep(0.02)
            now = program.threads()
            if now == before and not program.runs():  # one that is kept from the processor counts no time
                return
            before = now

    def must_rest(self, hint="spin"):
        """No thread of the program uses its processor while nobody wants anything. Seen often before it is said.

        The time in which a thread wanted to run and others had the processor does not count: on a busy machine, too,
        who spins uses all that is left to him.
        """
        shares = []
        for _ in range(6):
            before, begun = self.program.threads(), time.monotonic()
            time.sleep(0.2)
            wall, after = time.monotonic() - begun, self.program.threads()
            used = [(cpu - before[one][0]) / max(0.05, wall - (delay - before[one][1]))
                    for one, (cpu, delay) in after.items() if one in before]
            shares.append(max(used, default=0.0))
            # the kernel counts the delay only once the thread runs: one that still wants to has not been seen to rest
            if shares[-1] < 0.15 and not self.program.runs():
                return
        raise Failed("没有人要服务的时候，程序几乎不用处理器",
                     f"轮得到它的时间里，它用了 {min(1, max(shares)):.0%}", hint)

    def must_not_leak(self, before, hint="leak", what="描述符"):
        """Descriptors and processes are soon as few as before, but for a handful."""
        def now():
            return self.program.figures()

        self.soon(lambda: now().descriptors <= before.descriptors + 4, f"开着的{what}回到 {before.descriptors} 个左右",
                  lambda: f"还有 {now().descriptors} 个", hint)

    def close(self):
        for one in self._clients:
            if one:
                with contextlib.suppress(OSError):
                    one.socket.close()
        for one in self._more:
            one.stop()
