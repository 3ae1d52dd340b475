"""The three-state process model, with a process that readers can drive.

Replaces img/4_3态.png. Sources: sched(7) for the time slice; proc(5): Linux shows ready and running both as R, waiting
as S or D.
"""

from iolab.model import Edge, Graph, Move, Node, Step, Token

SCENE = Graph(
    name="three_states",
    title="进程的三态",
    nodes=(
        Node("ready", "就绪", 66, 60),
        Node("running", "运行", 264, 60),
        Node("waiting", "等待", 165, 216),
    ),
    edges=(
        Edge("dispatch", "ready", "running", "被调度，得到 CPU", bend=16),
        Edge("preempt", "running", "ready", "时间片用完", bend=16),
        Edge("block", "running", "waiting", "等待事件\n（IO、锁、定时）", bend=10),
        Edge("wake", "waiting", "ready", "事件发生", bend=10),
    ),
    tokens=(Token("p", "P", "ready"),),
    drivable=True,
    steps=(
        Step("进程 P 就绪：什么都不缺，只等 CPU。"),
        Step("就绪 → 运行：调度程序选中 P，它在一个 CPU 核上执行。", Move("p", "dispatch")),
        Step("运行 → 就绪：分给 P 的一段时间用完，CPU 让给别的进程；P 随时可以再执行。", Move("p", "preempt")),
        Step("就绪 → 运行：又轮到 P。", Move("p", "dispatch")),
        Step("运行 → 等待：P 调用 recv()，数据没到。它不再要 CPU，直到事件发生。", Move("p", "block")),
        Step("等待 → 就绪：数据到了。P 不是立即运行，而是先排队等 CPU。", Move("p", "wake")),
        Step("就绪 → 运行：P 再次被选中，recv() 返回。没有 就绪 → 等待，也没有 等待 → 运行。", Move("p", "dispatch")),
    ),
)
