"""用几个 Python 各运行一遍 free_work.py，记录下来。

运行：  python code/day8/free_bench.py python3.14 python3.14t
        python code/day8/free_bench.py python3.14 python3.14t > book/traces/free.json
局限：  每个 Python 做几遍，时间取最快的，丢失的次数取中间的。
"""
import argparse
import json
import os
import platform
import statistics
import subprocess
import sys

WORK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "free_work.py")


def main(pythons, rounds):
    rounds = [[measure(python) for python in pythons] for _ in range(rounds)]
    rows = [summary(runs) for runs in zip(*rounds, strict=True)]
    names = " ".join(os.path.basename(python) for python in pythons)
    head = {"kernel": f"{platform.system()} {platform.release().split('-')[0]}",
            "machine": f"{platform.machine()}，{os.cpu_count()} 个核",
            "python": "，".join(row["python"] for row in rows),
            "command": f"python code/day8/free_bench.py {names}"
                       " > book/traces/free.json"}
    text = json.dumps(head, ensure_ascii=False, indent=1)[:-2]
    lines = ",\n".join("  " + json.dumps(row) for row in rows)
    print(f'{text},\n "rows": [\n{lines}\n ]\n}}')


def measure(python):
    done = subprocess.run([python, WORK, "--json"], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def summary(runs):
    row = dict(runs[0], lost=statistics.median(run["lost"] for run in runs))
    for name in ("alone", "two"):
        row[name] = min(run[name] for run in runs)
    return row


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="有 GIL 和没有 GIL")
    parser.add_argument("pythons", nargs="*", default=[sys.executable],
                        metavar="PYTHON", help="命令，默认是运行它的这一个")
    parser.add_argument("--rounds", type=int, default=5, help="各做几遍")
    options = parser.parse_args()
    main(options.pythons, options.rounds)
