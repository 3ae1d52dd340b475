"""父子各自运行，先后不一定：父进程先走，和子进程先走，都会发生。

运行：  python code/day5/fork_order.py
局限：  要固定先后，只能让一方等另一方（waitpid、管道、锁）。
"""
import os


def main():
    orders = {race(slow) for slow in ("父", "子")}
    print("出现过的先后：", "、".join(sorted(orders)))


def race(slow):
    """一场赛跑：slow 那一方先做一段计算。返回谁先写，例如 “子父”。"""
    r, w = os.pipe()
    pid = os.fork()
    me = "子" if pid == 0 else "父"
    if me == slow:
        sum(range(20_000_000))                       # 约半秒
    os.write(w, me.encode())
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    os.close(w)
    with open(r, encoding="utf-8") as pipe:
        return pipe.read()


if __name__ == "__main__":
    main()
