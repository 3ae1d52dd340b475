"""Replays a path of network.py with the TCP of two real kernels' worth of hosts: two network namespaces of this one.

python -m iolab.explore.wire, and on standard input {"patient", "tricks", "keys"} as JSON; on standard output a JSON
object with "lines", "outcome" ("" if all was the same) and "hurried": whether a timer of a kernel ran out before its
turn, so that the path was not taken; or with "lacking": why it cannot be done here. Each namespace has a TUN device,
whose other end is read and written here: so every segment really leaves one kernel's TCP and waits in our hands.
"""

import ctypes
import errno
import fcntl
import json
import os
import queue
import select
import socket
import struct
import sys
import threading
import time
from pathlib import Path

from iolab.explore.graph import explore
from iolab.explore.network import CLIENT, CLOSE_TOO, DATA, SERVER, WORDS, Connection
from iolab.explore.tcp import Segment
from iolab.explore.text import step

NEWUSER, NEWNET = 0x10000000, 0x40000000
TUNSETIFF, TUN, NO_PI = 0x400454CA, 0x0001, 0x1000
SIOCSIFADDR, SIOCSIFNETMASK, SIOCSIFFLAGS, UP = 0x8916, 0x891C, 0x8914, 1
ADDRESS = {CLIENT: "10.0.0.1", SERVER: "10.0.0.2"}
PORT = 9000
PATIENCE, TIMER, GRACE = 3, 12, 0.02
# what a kernel may do of its own accord, so that only what the model knows is left (ip-sysctl in the kernel's docs)
SETTINGS = {"tcp_sack": 0, "tcp_timestamps": 0, "tcp_early_retrans": 0, "tcp_frto": 0, "tcp_retrans_collapse": 0,
            "tcp_invalid_ratelimit": 0, "tcp_fin_timeout": 120, "tcp_rto_min_us": 1_000_000}
STATES = {1: "ESTABLISHED", 2: "SYN_SENT", 3: "SYN_RCVD", 4: "FIN_WAIT_1", 5: "FIN_WAIT_2", 6: "TIME_WAIT",
          8: "CLOSE_WAIT", 9: "LAST_ACK", 10: "LISTEN", 11: "CLOSING", 12: "SYN_RCVD"}


class Different(Exception):
    """Reality and the model part here; str() says how."""


class Host(threading.Thread):
    """A thread in a network namespace of its own; do(f) runs f there."""

    def __init__(self, name, settings):
        super().__init__(daemon=True)
        self.label, self.settings = name, settings
        self.jobs, self.results = queue.Queue(), queue.Queue()
        self.start()
        self.do(self.plug_in)

    def run(self):
        while job := self.jobs.get():
            try:
                self.results.put((job(), None))
            except BaseException as error:
                self.results.put((None, error))

    def do(self, job):
        self.jobs.put(job)
        result, error = self.results.get(timeout=PATIENCE)
        if error:
            raise error
        return result

    def plug_in(self):
        unshare(NEWNET)
        self.tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(self.tun, TUNSETIFF, struct.pack("16sH22x", b"tun0", TUN | NO_PI))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as card:
            for request, address in ((SIOCSIFADDR, ADDRESS[self.label]), (SIOCSIFNETMASK, "255.255.255.0")):
                packed = struct.pack("16sHH4s8x", b"tun0", socket.AF_INET, 0, socket.inet_aton(address))
                fcntl.ioctl(card, request, packed)
            fcntl.ioctl(card, SIOCSIFFLAGS, struct.pack("16sH14x", b"tun0", UP))
        for name, value in self.settings.items():
            setting = Path("/proc/sys/net/ipv4", name)
            if setting.exists():
                setting.write_text(str(value))

    def states(self):
        """The states of this host's TCP, except of the listener."""
        rows = [line.split() for line in Path("/proc/thread-self/net/tcp").read_text().splitlines()[1:]]
        return [STATES.get(int(row[3], 16), "CLOSED") for row in rows if row[3] != "0A"]


def unshare(what):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(what):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def become_root():
    """In a user namespace of our own, if we are not root already."""
    user, group = os.getuid(), os.getgid()
    try:
        unshare(NEWNET)
    except PermissionError:
        unshare(NEWUSER | NEWNET)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1")


class Director:
    def __init__(self, patient):
        impatient = {} if patient else {"tcp_max_tw_buckets": 0}
        self.hosts = {CLIENT: Host(CLIENT, SETTINGS | impatient), SERVER: Host(SERVER, SETTINGS)}
        self.first = {}                      # the first sequence number of each
        self.travelling = []                 # (who sent it, Segment, its bytes), oldest first
        self.known = set()                   # all that was ever expected of an end
        self.aged = False                    # whether 2 MSL were said to have passed
        self.hurried = False                 # whether a kernel's timer ran out before its turn
        self.server = self.hosts[SERVER].do(self._listen)

    def _listen(self):
        return socket.create_server((ADDRESS[SERVER], PORT))

    def _connect(self):
        self.client = socket.socket()
        self.client.setblocking(False)
        assert self.client.connect_ex((ADDRESS[SERVER], PORT)) == errno.EINPROGRESS

    def _close_too(self):
        conn, _ = self.server.accept()
        conn.settimeout(PATIENCE)
        received = b""
        while piece := conn.recv(100):
            received += piece
        conn.close()
        if len(received) != DATA:
            raise Different(f"服务器收到 {len(received)} 字节，应当 {DATA} 字节")

    def take(self, move, before, after):
        before_all = [*((CLIENT, one) for one in before.going), *((SERVER, one) for one in before.coming)]
        target = move.actor
        if move.key[0] in "送丢重" and move.key[1:].isdigit():
            sender, segment = before_all[int(move.key[1:]) - 1]
            target = self._meddle(move.key[0], sender, segment)
            if move.key[0] == "丢" or move.key[0] == "重":
                return
        elif move.key.endswith("超时"):
            self.listen(0)
            end = {CLIENT: after.going, SERVER: after.coming}[target]
            self.expect(target, end[-1], TIMER)
            return
        elif move.key.endswith("2MSL"):
            self.aged = True
            return
        elif move.label == WORDS[CLOSE_TOO] and target == SERVER:
            self.hosts[SERVER].do(self._close_too)
        else:
            call = {"conn =": self._connect, "conn.s": lambda: self.client.send(b"h" * DATA),
                    "conn.c": lambda: self.client.close()}[move.label[:6]]
            self.hosts[CLIENT].do(call)
        way = {CLIENT: (before.going, after.going), SERVER: (before.coming, after.coming)}[target]
        for segment in way[1][len(way[0]):]:
            self.expect(target, segment, PATIENCE)
        self.compare(after)

    def _meddle(self, what, sender, segment):
        place = next(place for place, (who, one, _) in enumerate(self.travelling) if (who, one) == (sender, segment))
        target = SERVER if sender == CLIENT else CLIENT
        if what == "重":
            self.travelling.append(self.travelling[place])
            return target
        packet = self.travelling.pop(place)[2]
        if what == "送":
            os.write(self.hosts[target].tun, packet)
        return target

    def expect(self, sender, segment, patience):
        self.known.add((sender, segment))
        deadline = time.monotonic() + patience
        while True:
            for who, one, packet in self.listen(deadline - time.monotonic()):
                if (who, one) == (sender, segment):
                    self.travelling.append((who, one, packet))
                    return
                self.hurried = self.hurried or patience != TIMER
            if time.monotonic() > deadline:
                raise Different(f"{sender}没有发出 {segment}")

    def listen(self, seconds):
        """What leaves a kernel within that time: [(who, Segment, bytes)]. What was never expected is refused."""
        tuns = {host.tun: name for name, host in self.hosts.items()}
        left = []
        for tun in select.select(list(tuns), [], [], max(0, seconds))[0]:
            packet = os.read(tun, 65536)
            if packet[0] >> 4 == 4 and packet[9] == socket.IPPROTO_TCP:
                left.append((tuns[tun], self.parse(tuns[tun], packet), packet))
        for who, one, _ in left:
            if (who, one) not in self.known:
                raise Different(f"{who}发出了 {one}，推算里没有")
        return left

    def parse(self, sender, packet):
        start = (packet[0] & 15) * 4
        tcp = packet[start:]
        seq, ack, offset, bits = struct.unpack_from("!IIBB", tcp, 4)
        if bits & 2:
            self.first[sender] = seq
        other = self.first.get(SERVER if sender == CLIENT else CLIENT, 0)
        names = [name for bit, name in ((4, "RST"), (2, "SYN"), (1, "FIN"), (16, "ACK")) if bits & bit]
        length = len(tcp) - (offset >> 4) * 4
        seq = (seq - self.first.get(sender, 0)) % 2**32
        if "RST" in names:
            return Segment("RST", seq)
        return Segment("+".join(names), seq, (ack - other) % 2**32 if bits & 16 else 0, length)

    def compare(self, state):
        """The kernels must come to the states of the model."""
        for name, expected in ((CLIENT, state.client.state), (SERVER, state.server.state)):
            expected = {"CLOSED": [], "LISTEN": []}.get(expected, [expected])
            deadline = time.monotonic() + PATIENCE
            while (real := self.hosts[name].do(self.hosts[name].states)) != expected:
                if self.aged and name == CLIENT:
                    break
                if time.monotonic() > deadline:
                    raise Different(f"{name}的内核是 {'、'.join(real) or 'CLOSED'}，应当 {expected or 'CLOSED'}")
                time.sleep(0.001)

    def rest(self):
        """Nothing else may leave."""
        deadline = time.monotonic() + GRACE
        while (left := deadline - time.monotonic()) > 0:
            self.listen(left)


def main():
    told = json.load(sys.stdin)
    system = Connection(told["patient"], told["tricks"])
    way = explore(system.start, system.moves, lambda state, stuck: False).follow(told["keys"])
    try:
        become_root()
        director = Director(told["patient"])
    except OSError as error:
        return {"lacking": f"要有网络命名空间和 /dev/net/tun：{error.strerror or error}"}
    lines, before = [], system.start
    try:
        for number, (move, _) in enumerate(way, 1):
            director.take(move, before, move.after)
            lines.append(f"{number}. {step(move)} ✓")
            before = move.after
        director.rest()
    except Different as different:
        return {"lines": lines, "outcome": str(different), "hurried": director.hurried}
    return {"lines": lines, "outcome": "", "hurried": director.hurried}


if __name__ == "__main__":
    told = json.dumps(main(), ensure_ascii=False)
    print(told, flush=True)
    os._exit(0)  # its threads wait for jobs
