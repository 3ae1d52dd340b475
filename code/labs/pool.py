"""实验 pool 的起点：任务都在自己的进程里做，还没有工人。

运行：  printf 'square 7\\n' | python code/labs/pool.py --workers 3
评测：  python -m iolab.grade pool -- python code/labs/pool.py
"""
import argparse
import os
import sys
import time


def main(workers=3):
    for line in sys.stdin:
        print("ok", perform(*line.split()), flush=True)


def perform(verb, *words):
    if verb == "square":
        return int(words[0]) ** 2
    if verb == "sleep":
        time.sleep(int(words[0]) / 1000)
        return words[1]
    if verb == "pid":
        return os.getpid()
    if verb == "exit":
        os._exit(1)                                   # 工人死在任务中间
    raise RuntimeError(" ".join(words))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--workers", type=int, default=3)
    main(**vars(parser.parse_args()))
