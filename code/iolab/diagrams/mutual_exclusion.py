"""互斥: two threads want one resource; the lock lets one in, the other waits its turn.

Replaces img/7_互斥.png. Source: threading.Lock in the Python library reference: the lock knows no owner and binds only
those who ask for it.
"""

from iolab.model import Actor, Block, Call, Code, Enter, Leave, Message, Sequence, State, Step, Wake

CODE = Code('''
lock.acquire()
balance -= 1            # 临界区
lock.release()
''')

SCENE = Sequence(
    name="mutual_exclusion",
    title="互斥：一次一个",
    actors=(Actor("a", "线程 A"), Actor("lock", "锁 lock"), Actor("b", "线程 B")),
    steps=(
        Step("锁是开着的，两个线程都要修改同一份数据。", State("lock", "未锁")),
        Step("线程 A 先调用 acquire()，上锁成功。",
             Call("a", "acquire()"), Message("a", "lock", "上锁"), State("lock", "已锁"), at=1),
        Step("线程 A 进入临界区，修改数据。", Call("a", "临界区"), Enter("a"), at=2),
        Step("线程 B 也调用 acquire()。锁已被占用，B 阻塞。",
             Call("b", "acquire()"), Message("b", "lock", "上锁"), Block("b"), at=(1, 2)),
        Step("线程 A 改完，离开临界区，调用 release()。",
             Leave("a"), Call("a", "release()"), Message("a", "lock", "解锁"), State("lock", "未锁"), at=(1, 3)),
        Step("线程 B 被唤醒，acquire() 返回 True，锁又被占用。",
             Message("lock", "b", "轮到 B"), Wake("b"), State("lock", "已锁"), at=1),
        Step("线程 B 进入临界区。两个临界区没有重叠。", Call("b", "临界区"), Enter("b"), at=2),
        Step("线程 B 离开，调用 release()。",
             Leave("b"), Call("b", "release()"), Message("b", "lock", "解锁"), State("lock", "未锁"), at=3),
        Step("锁只管来申请它的线程：不调用 acquire() 就去改数据的线程，锁拦不住。", Call("lock", "只是约定")),
    ),
    code=CODE,
)
