"""信号（signal）：只告诉对方“发生了一件事”，带不了数据，而且会合并。

运行：  python code/day7/ipc_signal.py
局限：  同一个信号在处理之前来了几次，只算一次。
"""
import os
import signal


def main():
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})    # 先挡住
    pid = os.fork()
    if pid == 0:
        os.kill(os.getppid(), signal.SIGUSR1)
        os.kill(os.getppid(), signal.SIGUSR1)
        os.kill(os.getppid(), signal.SIGUSR1)
        os._exit(0)
    os.waitpid(pid, 0)
    counted = 0
    while information := signal.sigtimedwait({signal.SIGUSR1}, 0):
        counted += 1
        name = signal.Signals(information.si_signo).name
        print(name, "来自", "子进程" if information.si_pid == pid else "别的进程")
    print("发了 3 次，收到", counted, "次")


if __name__ == "__main__":
    main()
