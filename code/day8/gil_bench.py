"""测量 GIL：纯 Python、C 写的哈希、等待，各用四种办法做，看忙了几个核。

运行：  python code/day8/gil_bench.py
        python code/day8/gil_bench.py --scale 4 --interval 1 --json
局限：  时间随机器的忙闲变化；“可运行的线程数”几乎不随它变。只能在 Linux 上运行。
"""
import argparse
import json
import os
import platform
import subprocess
import sys
import time

WORKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "gil_work.py")
WORKS = {"count": "纯 Python 循环", "digest": "C 的哈希函数", "wait": "等待"}
WAYS = {"one": "1 个线程", "threads": "2 个线程", "processes": "2 个进程",
        "interpreters": "2 个子解释器"}


def main(works, ways, scale, interval, as_json):
    rows = [measure(work, way, scale, interval)
            for work in works for way in ways]
    if as_json:
        print(as_text(rows))
        return
    for row in rows:
        print(f"{WORKS[row['work']]}，{WAYS[row['way']]}：墙上 {row['wall']} s，"
              f"CPU {row['cpu']} s，忙 {row['cores']} 核，"
              f"可运行 {row['runnable']} 个")


def measure(work, way, scale, interval):
    """在新进程里做一遍；从外面反复数它有几个线程可运行（R，包括排队等 CPU 的）。"""
    command = [sys.executable, WORKER, work, way,
               "--scale", str(scale), "--interval", str(interval)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        pids = child.stdout.readline().split()
        samples = []
        while not samples or child.poll() is None:
            samples.append(sum(runnable(pid) for pid in pids))
            time.sleep(0.005)
        row = json.loads(child.stdout.read())
    row["cores"] = round(row["cpu"] / row["wall"], 2)
    samples.sort()                                    # 至少四分之一的时刻有这么多
    row["runnable"] = samples[len(samples) * 3 // 4]
    return {"work": work, "way": way, **row}


def runnable(pid):
    """进程 pid 里处于 R 状态的线程数，见 proc(5)；有别的线程时，不算主线程。"""
    try:
        tids = os.listdir(f"/proc/{pid}/task")
        return sum(state(pid, tid) == "R" for tid in tids
                   if tid != pid or len(tids) == 1)
    except FileNotFoundError:                         # 这个进程已经结束
        return 0


def state(pid, tid):
    try:
        with open(f"/proc/{pid}/task/{tid}/stat") as stat:
            return stat.read().rpartition(") ")[2][0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def as_text(rows):
    """一行一个结果的 JSON，开头说明是在什么机器上测的。"""
    arguments = " ".join(sys.argv[1:])
    head = {"kernel": f"{platform.system()} {platform.release().split('-')[0]}",
            "machine": f"{platform.machine()}，{os.cpu_count()} 个核",
            "python": platform.python_version(),
            "command": f"python code/day8/gil_bench.py {arguments}"
                       " > book/traces/gil.json"}
    text = json.dumps(head, ensure_ascii=False, indent=1)[:-2]
    lines = ",\n".join("  " + json.dumps(row) for row in rows)
    return f'{text},\n "rows": [\n{lines}\n ]\n}}'


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="测量 GIL")
    parser.add_argument("--scale", type=float, default=1, help="活的大小")
    parser.add_argument("--work", nargs="+", choices=WORKS, default=list(WORKS))
    parser.add_argument("--way", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--json", action="store_true", help="打印 JSON")
    parser.add_argument("--interval", type=float, default=0.005,
                        help="切换间隔（秒）：等 GIL 的线程隔这么久醒来催一次")
    options = parser.parse_args()
    main(options.work, options.way, options.scale, options.interval,
         options.json)
