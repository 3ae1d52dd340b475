"""Judge a program:  python -m iolab.grade LAB [options] -- COMMAND…"""

import argparse
import datetime
import json
import os
import sys

from iolab.grade import labs, report
from iolab.grade.front import command_of
from iolab.grade.judge import Judge
from iolab.grade.program import PortTaken


def main(argv):
    own, command = (argv[:argv.index("--")], argv[argv.index("--") + 1:]) if "--" in argv else (argv, [])
    parser = argparse.ArgumentParser(
        prog="python -m iolab.grade", usage="python -m iolab.grade LAB [选项] -- 命令…",
        description="评测一个程序：启动它，一关一关地攻击它，停在第一处不对的地方。")
    parser.add_argument("lab", nargs="?", metavar="LAB", help="实验的名字，见 --list")
    parser.add_argument("--list", action="store_true", help="列出实验、关和场景")
    parser.add_argument("--all", action="store_true", help="失败以后继续")
    parser.add_argument("--stage", type=int, help="只做这一关（默认从第一关做起）")
    parser.add_argument("--hint", action="store_true", help="多给一条提示")
    parser.add_argument("--steps", action="store_true", help="失败时打印每一步的每一个字节")
    parser.add_argument("--seed", type=int, help="用同样的输入重来（默认每次新抽，并打印出来）")
    parser.add_argument("--port", type=int, help="程序不认识 --port 0 时，给它这个固定的端口")
    parser.add_argument("--json", metavar="FILE", help="把成绩写进这个文件；许多份用 python -m iolab.grade.scores 汇总")
    parser.add_argument("--student", metavar="NAME", default="", help="和成绩一起写下的姓名或学号")
    options = parser.parse_args(own)
    if options.list:
        print(*report.listing([labs.find(options.lab)] if options.lab else labs.every()), sep="\n")
        return 0
    if not options.lab:
        parser.error("要评测哪个实验？--list 列出它们。")
    lab, argv = labs.find(options.lab), command_of(command)
    if options.json and not os.access(os.path.dirname(os.path.abspath(options.json)), os.W_OK):
        raise FileNotFoundError(f"成绩写不进 {options.json}：没有这个文件夹，或者不许写。")
    judge = Judge(lab, argv, options.seed, options.port, options.all,
                  report.Teller(lab, lambda line: print(line, flush=True), options.hint, options.steps),
                  options.stage)
    print(report.head(judge, command))
    score = judge.run()
    print(report.tail(score))
    if options.json:
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        write(options.json, report.as_dict(score, options.student, now))
    return 0 if score.passed else 1


def write(path, data):
    """At once or not at all: a score file is never half."""
    new = f"{path}.{os.getpid()}.new"
    with open(new, "w", encoding="utf-8") as file:
        json.dump(data, file, ensure_ascii=False, indent=1)
        file.write("\n")
    os.replace(new, path)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (LookupError, OSError, PortTaken) as error:
        sys.exit(error.args[0] if len(error.args) == 1 else str(error))
    except KeyboardInterrupt:
        sys.exit("评测中断，启动过的程序都已经结束。")
