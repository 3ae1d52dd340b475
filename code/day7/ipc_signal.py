"""信号（signal）：只告诉对方“发生了一件事”，带不了数据，而且会合并。

运行：  python code/day7/ipc_signal.py
局限：  同一个信号在处理之前来了几次，只算一次；Python 的处理函数只在主线程里、解释器停下来检查时执行。
"""
import os
import signal


def main():
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})    # 先挡住，免得在等之前就来了
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
        print(signal.Signals(information.si_signo).name, "来自子进程：", information.si_pid == pid)
    print("发了 3 次，收到", counted, "次")


if __name__ == "__main__":
    main()
