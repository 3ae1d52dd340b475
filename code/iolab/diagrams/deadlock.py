"""死锁: two threads, two locks taken in opposite order, and the cycle that closes.

Replaces img/死锁.jpg. A resource allocation graph: an arrow from a thread to a lock means that it waits for it, one
from a lock to a thread that the thread holds it. With one lock of each kind a cycle is a deadlock. Sources: Coffman,
Elphick and Shoshani, "System Deadlocks" (1971); Holt, "Some Deadlock Properties of Computer Systems" (1972).
"""

from iolab.model import Code, Edge, Graph, Mark, Node, Show, Step

CYCLE = ("t1", "b", "t2", "a", "t1-holds-a", "t1-waits-b", "t2-holds-b", "t2-waits-a")

CODE = Code('''
# 线程 1
A.acquire()
B.acquire()
# 线程 2
B.acquire()
A.acquire()
''')

SCENE = Graph(
    name="deadlock",
    title="死锁：等待成环",
    nodes=(
        Node("t1", "线程 1", 82, 52, "process"),
        Node("b", "锁 B", 248, 52, "resource"),
        Node("t2", "线程 2", 248, 204, "process"),
        Node("a", "锁 A", 82, 204, "resource"),
    ),
    edges=(
        Edge("t1-holds-a", "a", "t1", "被线程 1\n持有"),
        Edge("t2-holds-b", "b", "t2", "被线程 2\n持有"),
        Edge("t1-waits-b", "t1", "b", "等待"),
        Edge("t2-waits-a", "t2", "a", "等待"),
    ),
    steps=(
        Step("两个线程，两把锁，都还空闲。"),
        Step("线程 1 执行 A.acquire()，拿到锁 A。", Show("t1-holds-a"), at=2),
        Step("线程 2 执行 B.acquire()，拿到锁 B。", Show("t2-holds-b"), at=5),
        Step("线程 1 执行 B.acquire()。B 被线程 2 持有，线程 1 阻塞，手里仍握着 A。", Show("t1-waits-b"), at=3),
        Step("线程 2 执行 A.acquire()。A 被线程 1 持有，线程 2 也阻塞。", Show("t2-waits-a"), at=(3, 6)),
        Step("顺着箭头走一圈回到起点：等待成环，谁也不会放手，这就是死锁。", Mark(CYCLE), at=(3, 6)),
        Step("预防的办法：所有线程都先拿 A 再拿 B，环就合不上；或者 acquire(timeout=…)，拿不到就放掉手里的锁重来。"),
    ),
    code=CODE,
)
