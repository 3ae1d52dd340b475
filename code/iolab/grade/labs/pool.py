"""The specification of lab pool: a process pool of one's own, `PROGRAM --workers N`.

Tasks come on standard input, one a line; their results go to standard output, one a line, in the order of the tasks:

    square NUMBER    ok NUMBER²                      pid          ok PID (of the process that did it)
    sleep MS WORD    ok WORD, after MS milliseconds  fail WORDS   error WORDS (an exception in the worker)
                                                     exit         lost (the worker ends in the middle of it)

A worker that dies is replaced, and its task is lost. At the end of the input the pool finishes, and exits with 0.
"""

import os
import signal
import time

from iolab.grade.hints import COMMON
from iolab.grade.lab import Failed, Hint, Lab
from iolab.grade.transcript import shown
from iolab.procfs import stat

WORKERS = 3
FLOOD = 4000  # tasks at once: more than all the pipes hold

LAB = Lab("pool", "自己的进程池", {
    **COMMON,
    "result": Hint("一个任务，一行结果：ok 值", "process/multiprocessing", ""),
    "wait-for-all": Hint("输入结束以后才看到结果：任务来一个就做一个，结果印一个就 flush", "process/multiprocessing",
                         "sys.stdin 一行一行地读；读和等结果要同时进行（select，或者两个线程）。"),
    "order": Hint("结果按任务的次序印：先做完的要等前面的", "process/multiprocessing",
                  "给任务编号，结果先放进字典，从下一个该印的编号起，有多少印多少。"),
    "in-parent": Hint("任务没有在别的进程里做", "process/multiprocessing", "os.getpid() 应该是工人的，工人是子进程。"),
    "parallel": Hint("任务一个做完才做下一个：几个工人要同时干活", "process/multiprocessing",
                     "谁空着就给谁，不要发一个、等一个。"),
    "workers": Hint("工人的个数不是 --workers 说的那么多",
                    "process/multiprocessing", "一开始启动这么多，死一个补一个，任务再多也不加。"),
    "exception": Hint("任务抛出的异常要变成 error 和它的文字，交给要结果的人", "process/multiprocessing",
                      "工人里 try/except Exception，把 str(error) 送回来；工人接着做下一个。"),
    "lost": Hint("工人死在任务中间：这个任务的结果是 lost，别的任务照常", "process/fork",
                 "它那一头的管道会读到 EOF（所以父进程不能留着子进程那一端）；记得它手里是哪个任务。"),
    "replace": Hint("死了的工人要补上", "process/fork", "空闲时死的也一样：分给它任务之前它可能已经不在。"
                    "读到它的 EOF 还不算：先 wait 它，再给下一个任务。"),
    "zombie": Hint("僵尸：死了的工人没有人 wait", "process/orphan-zombie", "发现它死了，waitpid 它的 PID。"),
    "finish": Hint("输入结束以后，做完手里的，全部收工，退出状态是 0", "process/multiprocessing",
                   "关闭工人的管道，它们读到 EOF 就结束；再逐个 waitpid。"),
    "deadlock": Hint("任务一多就都不动了：你在写给工人，它在写给你，管道都满了", "process/ipc",
                     "每个工人手里最多给一个任务；剩下的留在自己的队列里。"),
    "stop": Hint("收到 SIGTERM：工人也要结束", "process/process-theory", "把它转给每个工人，或者关闭它们的管道。"),
    "orphans": Hint("主进程被 kill -9，工人成了孤儿，还活着", "process/orphan-zombie",
                    "工人读任务的管道本该读到 EOF：后来 fork 的工人手里还有它的写端。fork 以后关掉别人的那些。"),
})


def pool(scene, workers=WORKERS):
    return scene.run("--workers", workers)


def give(tasks, *lines):
    tasks.send("".join(f"{line}\n" for line in lines).encode())


def result(tasks, wanted, hint=None):
    """This line comes next."""
    line = f"{wanted}\n".encode()
    try:
        got = tasks.line(shown(line))
    except Failed as failure:
        failure.hint = failure.hint or hint
        raise
    if got != line:
        raise Failed(shown(line), shown(got), hint)


def crew(scene):
    """Pids of the processes below the program that live."""
    return {one.pid for one in scene.program.family() if one.pid != scene.program.pid and one.state != "Z"}


def worker(tasks, hint="in-parent"):
    """The pid of the process that does a task."""
    give(tasks, "pid")
    line = tasks.line("ok 和一个 PID").decode(errors="replace")
    verb, _, number = line.strip().partition(" ")
    if verb != "ok" or not number.isdecimal():
        raise Failed("ok 和一个 PID", line.strip(), hint)
    return int(number)


def kill(scene, *victims):
    """Kill these workers, and wait until they are dead: on a busy machine that takes a while, and till then they count.

    Who is given a task meanwhile would lose it, and no pool could know.
    """
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    scene.soon(lambda: not crew(scene) & set(victims), "它们死了", "它们还在")


def whole(scene, tasks, hint="replace"):
    """As many workers as there should be, none of them a zombie."""
    def zombies():
        return scene.program.figures().zombies

    scene.soon(lambda: len(crew(scene)) >= WORKERS, f"{WORKERS} 个工人", lambda: f"{len(crew(scene))} 个", hint)
    scene.soon(lambda: zombies() == 0, "没有僵尸", lambda: f"{zombies()} 个僵尸", "zombie")
    number = scene.draw.randint(2, 999)
    give(tasks, f"square {number}")
    result(tasks, f"ok {number ** 2}", hint)


def finishes(scene, tasks, hint="finish"):
    tasks.half_close()
    program = scene.program
    scene.soon(lambda: program.wait(0.05), "做完，自己结束", program.end, hint)
    scene.program = None
    if program.status != 0:
        raise Failed("退出状态 0", program.end(), hint)


results = LAB.stage("任务和结果", 1, serves=False)


@results.scenario("一个任务", hint="result")
def one_task(scene):
    tasks, number = pool(scene), scene.draw.randint(2, 999)
    give(tasks, f"square {number}")
    time.sleep(0.1 * scene.pace.patience)
    try:
        result(tasks, f"ok {number ** 2}")
    except Failed as failure:
        tasks.half_close()
        if tasks.receive_all("结果") == f"ok {number ** 2}\n".encode():
            failure.hint, failure.came = "wait-for-all", f"{failure.came}；输入结束以后它才来"
        raise


@results.scenario("结果按任务的次序", hint="order")
def in_order(scene):
    tasks, words = pool(scene), [scene.draw.word() for _ in range(3)]
    pause = int(100 * scene.pace.patience)
    give(tasks, f"sleep {2 * pause} {words[0]}", f"sleep {pause} {words[1]}", f"sleep 0 {words[2]}", "square 7")
    for word in words:
        result(tasks, f"ok {word}")
    result(tasks, "ok 49")


@results.scenario("输入结束，收工", hint="finish")
def the_end(scene):
    tasks, number = pool(scene), scene.draw.randint(2, 999)
    give(tasks, f"sleep 50 {number}", f"square {number}")
    tasks.half_close()
    result(tasks, f"ok {number}")
    result(tasks, f"ok {number ** 2}")
    tasks.expect_end("finish", "结果印完，自己结束")
    finishes(scene, tasks)


together = LAB.stage("一起干活", 1, serves=False)


@together.scenario("工人是子进程，个数正好", hint="workers")
def the_crew(scene):
    tasks = pool(scene)
    pid = worker(tasks)
    family = {one.pid for one in stat.descendants(scene.program.pid)}
    if pid not in family:
        raise Failed("子进程的 PID", "主进程自己" if pid == scene.program.pid else f"{pid} 不是它的子孙", "in-parent")
    scene.soon(lambda: len(crew(scene)) == WORKERS, f"{WORKERS} 个工人", lambda: f"{len(crew(scene))} 个")
    give(tasks, *["sleep 20 x"] * 12)
    for _ in range(12):
        result(tasks, "ok x", "result")
    if len(crew(scene)) != WORKERS:
        raise Failed(f"还是 {WORKERS} 个工人", f"{len(crew(scene))} 个")


@together.scenario(f"{WORKERS} 个任务同时做", hint="parallel")
def in_parallel(scene):
    tasks = pool(scene)
    worker(tasks)
    scene.soon(lambda: len(crew(scene)) == WORKERS, f"{WORKERS} 个工人", lambda: f"{len(crew(scene))} 个", "workers")
    pause = 0.6 * scene.pace.patience
    begun = time.monotonic()
    give(tasks, *[f"sleep {int(1000 * pause)} x"] * WORKERS)
    for _ in range(WORKERS):
        result(tasks, "ok x")
    took = time.monotonic() - begun
    if took > (WORKERS - 0.5) * pause:
        raise Failed(f"{WORKERS} 个任务，每个睡 {pause:.1f} 秒，一共比 {pause:.1f} 秒多一点", f"{took:.1f} 秒")


errors = LAB.stage("异常", 2, serves=False)


@errors.scenario("任务抛出异常", hint="exception")
def an_exception(scene):
    tasks = pool(scene)
    before, words = worker(tasks), [scene.draw.sentence() for _ in range(WORKERS + 1)]
    for word in words:
        give(tasks, f"fail {word}")
        result(tasks, f"error {word}")
    if len(crew(scene)) != WORKERS or before not in crew(scene):
        raise Failed("工人们接住异常，接着干活", f"{before} 号工人不在了")


@errors.scenario("异常夹在别的任务中间", hint="exception")
def an_exception_among_others(scene):
    tasks, word, number = pool(scene), scene.draw.word(), scene.draw.randint(2, 99)
    give(tasks, f"sleep 60 {word}", f"fail {word}", f"square {number}")
    result(tasks, f"ok {word}")
    result(tasks, f"error {word}")
    result(tasks, f"ok {number ** 2}")


deaths = LAB.stage("工人死了", 2, serves=False)


@deaths.scenario("工人在任务中间结束了自己", hint="lost")
def a_worker_exits(scene):
    tasks, word = pool(scene), scene.draw.word()
    give(tasks, f"sleep 60 {word}", "exit", f"sleep 0 {word}")
    result(tasks, f"ok {word}")
    result(tasks, "lost")
    result(tasks, f"ok {word}")
    whole(scene, tasks)
    give(tasks, *["exit"] * (WORKERS + 1))
    for _ in range(WORKERS + 1):
        result(tasks, "lost")
    whole(scene, tasks)


@deaths.scenario("kill -9 一个正在干活的", hint="lost")
def a_worker_is_killed(scene):
    tasks, word = pool(scene), scene.draw.word()
    whole(scene, tasks)
    give(tasks, "square 5", f"sleep 60000 {word}")
    result(tasks, "ok 25")
    scene.settle(share=1)  # by now the other task has been given, too; to whom cannot be told from outside
    scene.note("kill -9 所有工人")
    kill(scene, *crew(scene))
    result(tasks, "lost")
    whole(scene, tasks)


@deaths.scenario("kill -9 空闲的", hint="replace")
def an_idle_worker_is_killed(scene):
    tasks = pool(scene)
    whole(scene, tasks)
    for _ in range(2):
        scene.note("kill -9 一个空闲的工人")
        kill(scene, scene.draw.choice(sorted(crew(scene))))
        whole(scene, tasks)


ending = LAB.stage("收场", 3, serves=False)


@ending.scenario(f"{FLOOD} 个任务一起来", hint="deadlock")
def a_flood(scene):
    tasks, numbers = pool(scene), [scene.draw.randint(2, 10**6) for _ in range(FLOOD)]
    data = "".join(f"square {number}\n" for number in numbers).encode()
    tasks.exchange(data, "".join(f"ok {number ** 2}\n" for number in numbers).encode())
    finishes(scene, tasks)


@ending.scenario("没有任务时几乎不用处理器", hint="spin")
def rests(scene):
    tasks = pool(scene)
    whole(scene, tasks)
    scene.must_rest()


@ending.scenario("SIGTERM：主进程和工人都结束", hint="stop")
def ends_on_sigterm(scene):
    tasks = pool(scene)
    whole(scene, tasks)
    give(tasks, "square 5", "sleep 60000 x")
    result(tasks, "ok 25")
    scene.must_end(signal.SIGTERM)


@ending.scenario("主进程被 kill -9：工人不做孤儿", hint="orphans")
def the_parent_is_killed(scene):
    tasks = pool(scene)
    whole(scene, tasks)
    scene.must_end(signal.SIGKILL, "orphans")
