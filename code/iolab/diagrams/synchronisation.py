"""同步: thread B may go on only after thread A has done its part, and an Event tells it so.

Replaces img/7_同步.png. Source: threading.Event in the Python library reference.
"""

from iolab.model import Actor, Block, Call, Code, Enter, Leave, Message, Sequence, State, Step, Wake

CODE = Code('''
# 线程 A
first()
e.set()
# 线程 B
e.wait()
second()
''')

SCENE = Sequence(
    name="synchronisation",
    title="同步：先后有序",
    actors=(Actor("a", "线程 A"), Actor("event", "事件 e"), Actor("b", "线程 B")),
    steps=(
        Step("e = Event()：事件还没有发生。", State("event", "未设置")),
        Step("线程 A 开始做第一步，例如准备数据。", Call("a", "第一步"), Enter("a"), at=2),
        Step("线程 B 要用这份数据，先调用 e.wait()。事件未设置，B 阻塞，不占用 CPU。",
             Call("b", "wait()"), Message("b", "event", "等待"), Block("b"), at=(2, 5)),
        Step("线程 A 做完第一步。", Leave("a"), Call("a", "做完"), at=2),
        Step("线程 A 调用 e.set()，事件变为已设置。",
             Call("a", "set()"), Message("a", "event", "设置"), State("event", "已设置"), at=3),
        Step("线程 B 被唤醒，wait() 返回 True。", Message("event", "b", "唤醒"), Wake("b"), at=5),
        Step("线程 B 做第二步：无论系统怎样调度，第二步都在第一步之后。", Call("b", "第二步"), Enter("b"), at=6),
        Step("线程 B 做完。事件保持已设置，以后的 wait() 都立即返回，直到有人 clear()。",
             Leave("b"), Call("b", "做完"), at=6),
    ),
    code=CODE,
)
