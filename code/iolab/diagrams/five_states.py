"""The five-state process model: the three states, and how a process comes and goes. Readers can drive it.

Replaces img/4_5态.png. Sources: fork(2), exit(2), wait(2): a process that has ended is a zombie until it is waited
for; proc(5) for the letters that Linux shows.
"""

from iolab.model import Edge, Graph, Move, Node, Step, Token

SCENE = Graph(
    name="five_states",
    title="进程的五态",
    nodes=(
        Node("new", "新建", 40, 44),
        Node("ready", "就绪", 72, 164),
        Node("running", "运行", 258, 164),
        Node("waiting", "等待", 165, 312),
        Node("terminated", "终止", 290, 44),
    ),
    edges=(
        Edge("admit", "new", "ready", "创建完成"),
        Edge("dispatch", "ready", "running", "被调度，得到 CPU", bend=16),
        Edge("preempt", "running", "ready", "时间片用完", bend=16),
        Edge("block", "running", "waiting", "等待事件\n（IO、锁、定时）", bend=10),
        Edge("wake", "waiting", "ready", "事件发生", bend=10),
        Edge("exit", "running", "terminated", "退出", bend=-0.001),
    ),
    tokens=(Token("p", "P", "new"),),
    drivable=True,
    steps=(
        Step("新建：内核为进程 P 分配 PID 和进程控制块，还不能执行。"),
        Step("新建 → 就绪：创建完成，P 排队等 CPU。", Move("p", "admit")),
        Step("就绪 → 运行：P 被调度，得到 CPU。", Move("p", "dispatch")),
        Step("运行 → 等待：P 读磁盘，数据没到，让出 CPU。", Move("p", "block")),
        Step("等待 → 就绪：数据到了，P 重新排队。", Move("p", "wake")),
        Step("就绪 → 运行：又轮到 P。", Move("p", "dispatch")),
        Step("运行 → 就绪：时间片用完，P 被换下。", Move("p", "preempt")),
        Step("就绪 → 运行：最后一段。", Move("p", "dispatch")),
        Step("运行 → 终止：P 退出，释放内存和文件。父进程 wait() 之前，内核保留它的退出码：僵尸（Z）。",
             Move("p", "exit")),
    ),
)
