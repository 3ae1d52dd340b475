"""十五行的 shell：读一行，fork，子进程 exec，父进程等。

运行：  python code/day6/shell_small.py
局限：  没有管道、重定向、通配符和后台任务。
"""
import os
import shlex
import signal
import sys


def main():
    for line in sys.stdin:
        try:
            words = shlex.split(line)
            if words[:1] == ["cd"]:
                os.chdir(words[1])                        # 这一个只能自己做
            elif words:
                print(line.rstrip(), "→ 退出码", execute(words), flush=True)
        except (OSError, IndexError, ValueError) as error:    # 没有目录，少引号
            print(line.rstrip(), "→ 错误：", error, flush=True)


def execute(words):
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)     # 否则 exec 以后仍忽略
        try:
            os.execvp(words[0], words)                    # 成功了就不返回
        except OSError as error:
            print(f"{words[0]}：{error.strerror}", flush=True)
        finally:
            os._exit(127)                                 # 决不能回到父进程的循环里
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    main()
