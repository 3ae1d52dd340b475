"""What threads share, as plain data: each answers at once, or raises Blocked with the reason why it cannot.

They behave as threading's, queue's, socket's and select's own do, errors included, as far as levels need them.
`acting` is the name of the thread that takes the step, `world` and `machine` are where it is taken.
"""

acting = world = machine = None  # set by machine.py before every step


class Blocked(Exception):
    """The step cannot be taken now. str() of it is the reason, for readers."""


class Parked(Exception):
    """The first half of a step is done; the rest, `thing.resume(who)`, may be taken when it no longer is Blocked."""

    def __init__(self, thing):
        self.thing = thing


class Thing:
    name = "它"   # under which variable it is found; machine.py sets it
    goes_on = "接着做完"  # what the second half of a step is called
    gated = False  # whether a replay can hold a real thread between the two halves of a step

    def enter(self):
        self.acquire()

    def exit(self):
        self.release()


class Lock(Thing):
    def __init__(self):
        self.owner = None

    def acquire(self, blocking=True):
        if self.owner is None:
            self.owner = acting
            return True
        if not blocking:
            return False
        if self.owner == acting:
            raise Blocked(f"等 {self.name}，可是它在自己手里")
        raise Blocked(f"等 {self.name}，它在 {self.owner} 手里")

    def release(self):
        if self.owner is None:
            raise RuntimeError("release unlocked lock")
        self.owner = None

    def locked(self):
        return self.owner is not None

    def __str__(self):
        return f"在 {self.owner} 手里" if self.owner else "空着"


class RLock(Thing):
    def __init__(self):
        self.owner, self.depth = None, 0

    def acquire(self, blocking=True):
        if self.owner not in (None, acting):
            if not blocking:
                return False
            raise Blocked(f"等 {self.name}，它在 {self.owner} 手里")
        self.owner, self.depth = acting, self.depth + 1
        return True

    def release(self):
        if self.owner != acting:
            raise RuntimeError("cannot release un-acquired lock")
        self.depth -= 1
        if not self.depth:
            self.owner = None

    def __str__(self):
        return f"在 {self.owner} 手里，{self.depth} 层" if self.owner else "空着"


class Semaphore(Thing):
    def __init__(self, value=1):
        self.value = self.most = value

    def acquire(self, blocking=True):
        if not self.value:
            if not blocking:
                return False
            raise Blocked(f"等 {self.name}，名额用完了")
        self.value -= 1
        return True

    def release(self):
        self.value += 1

    def __str__(self):
        return f"剩 {self.value} 个名额"


class BoundedSemaphore(Semaphore):
    def release(self):
        if self.value == self.most:
            raise ValueError("Semaphore released too many times")
        super().release()


class Event(Thing):
    """set() wakes those that are asleep in wait(), for good: a clear() before they go on does not send them back."""

    goes_on, gated = "醒来，wait() 返回", True

    def __init__(self):
        self.flag, self.asleep = False, []

    def wait(self):
        if not self.flag:
            self.asleep.append(acting)
            raise Parked(self)
        return True

    def resume(self):
        if acting in self.asleep:
            raise Blocked(f"在 {self.name}.wait() 里睡着，等人 set()")

    def set(self):
        self.flag, self.asleep = True, []

    def clear(self):
        self.flag = False

    def is_set(self):
        return self.flag

    def __str__(self):
        return "已经发生" if self.flag else "没有发生"


class Condition(Thing):
    goes_on, gated = "醒来，重新拿到锁，wait() 返回", True

    def __init__(self):
        self.lock, self.asleep, self.woken = RLock(), [], {}

    def acquire(self):
        self.lock.name = self.name
        return self.lock.acquire()

    def release(self):
        self.lock.release()

    def wait(self):
        self._own("wait on")
        self.asleep.append(acting)
        self.woken[acting] = self.lock.depth
        self.lock.owner, self.lock.depth = None, 0
        raise Parked(self)

    def resume(self):
        """The second half of wait(): after a notify, with the lock again."""
        if acting in self.asleep:
            raise Blocked(f"在 {self.name}.wait() 里睡着，等人 notify")
        if self.lock.owner:
            raise Blocked(f"醒了，等 {self.name} 的锁，它在 {self.lock.owner} 手里")
        self.lock.owner, self.lock.depth = acting, self.woken.pop(acting)

    def notify(self, n=1):
        self._own("notify on")
        del self.asleep[:n]

    def notify_all(self):
        self.notify(len(self.asleep))

    def _own(self, what):
        if self.lock.owner != acting:
            raise RuntimeError(f"cannot {what} un-acquired lock")

    def __str__(self):
        asleep = f"；{'、'.join(self.asleep)} 睡着" if self.asleep else ""
        return f"锁在 {self.lock.owner} 手里{asleep}" if self.lock.owner else f"锁空着{asleep}"


class Queue(Thing):
    """queue.Queue: a get or a put that must wait is Blocked."""

    def __init__(self, maxsize=0):
        self.maxsize, self.items, self.unfinished = maxsize, [], 0

    def put(self, item):
        if self.full():
            raise Blocked(f"{self.name} 满了")
        self.items.append(item)
        self.unfinished += 1

    def get(self):
        if not self.items:
            raise Blocked(f"{self.name} 空着")
        return self.items.pop(0)

    def task_done(self):
        if not self.unfinished:
            raise ValueError("task_done() called too many times")
        self.unfinished -= 1

    def join(self):
        if self.unfinished:
            raise Blocked(f"{self.name} 里还有 {self.unfinished} 件没有做完")

    def empty(self):
        return not self.items

    def full(self):
        return 0 < self.maxsize <= len(self.items)

    def qsize(self):
        return len(self.items)

    def __str__(self):
        return "[" + ", ".join(map(repr, self.items)) + "]"


class Socket(Thing):
    """One end of socket.socketpair(). A message of more than PIECE bytes travels in pieces; AHEAD of them find room."""

    PIECE, AHEAD = 1_000_000, 2
    WAITALL = 256

    def __init__(self):
        self.peer, self.pieces, self.blocking, self.wanted, self.rest = None, [], True, 0, []
        self.edge = False

    def setblocking(self, flag):
        self.blocking = flag

    def send(self, data):
        self.sendall(data)
        return len(data)

    def sendall(self, data):
        self.rest = [len(data[at:at + self.PIECE]) for at in range(0, len(data), self.PIECE)]
        self._send()

    def _send(self):
        while self.rest and len(self.peer.pieces) < self.AHEAD:
            self.peer.pieces.append(self.rest.pop(0))
            self.peer.edge = True
        if self.rest:
            raise Parked(self)

    def recv(self, size, flags=0):
        if not self.pieces:
            if not self.blocking:
                raise BlockingIOError(11, "Resource temporarily unavailable")
            raise Blocked(f"{self.name} 还没有收到什么")
        if flags & self.WAITALL:
            self.wanted = size
            return self._receive()
        got = min(size, self.pieces[0])
        self.pieces[0] -= got
        if not self.pieces[0]:
            del self.pieces[0]
        return b"x" * got

    def _receive(self):
        while self.pieces and self.wanted:
            self.wanted -= self.pieces.pop(0)
        if self.wanted:
            raise Parked(self)

    def resume(self):
        if self.wanted:
            if not self.pieces:
                raise Blocked(f"{self.name} 没有收全，等对方发")
            self._receive()
        else:
            if len(self.peer.pieces) >= self.AHEAD:
                raise Blocked(f"{self.name} 的对方没有收，缓冲区满了")
            self._send()

    def __str__(self):
        unread = sum(self.pieces)
        return f"有 {unread} 字节没有读" if unread else "没有可读的"


class Poller(Thing):
    """select.epoll() with one registered socket."""

    IN, EDGE = 1, 1 << 31

    def __init__(self):
        self.socket, self.mask = None, 0

    def register(self, socket, mask):
        self.socket, self.mask = socket, mask
        socket.edge = bool(socket.pieces)

    def poll(self):
        ready = self.socket.edge if self.mask & self.EDGE else self.socket.pieces
        if not ready:
            raise Blocked(f"{self.name} 没有通知")
        self.socket.edge = False

    def __str__(self):
        return "有通知" if (self.socket.edge if self.mask & self.EDGE else self.socket.pieces) else "没有通知"


def socketpair():
    one, other = Socket(), Socket()
    one.peer, other.peer = other, one
    return one, other


class Suppress(Thing):
    """contextlib.suppress"""

    def __init__(self, *kinds):
        self.kinds = kinds

    def enter(self):
        pass

    def exit(self):
        pass
