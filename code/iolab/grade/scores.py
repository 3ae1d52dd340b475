"""Many score files as one table:  python -m iolab.grade.scores FILE… FOLDER… [--csv FILE]

A folder gives all its .json, also those of folders in it, as Moodle packs what was handed in. A file that cannot be
read, or was written by another version, stands in the remarks below the table and in the CSV: each file is one row
there.
"""

import argparse
import csv
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from iolab.grade import labs
from iolab.grade.judge import FAILED, NOT_TRIED, PASSED
from iolab.grade.report import FORMAT
from iolab.grade.transcript import plain  # a student's words, harmless for a terminal
from iolab.launch.columns import columns

MOST = 10 << 20  # bytes of a score file; with every step of a failure one has some 100 KiB
MOST_LETTERS = 80  # of a name
MOODLE = re.compile(r"_\d+_assignsubmission_.*")
HEADS = {"student": "学生", "lab": "实验", "passed": "全部通过", "score": "通过的场", "of": "共几场",
         "stage": "停在第几关", "scenario": "停在哪一场", "only": "只评了", "seed": "种子", "judged": "评测时间（UTC）",
         "command": "程序", "path": "文件", "remark": "说明"}


@dataclass
class Entry:
    """One file. score is None where it says nothing that could be read; remark: what is wrong with it, or \"\"."""

    path: str
    student: str = ""
    lab: str = ""
    passed: bool | None = None
    score: int | None = None
    of: int | None = None
    stage: int | None = None
    scenario: str = ""
    only: str = ""
    seed: int | None = None
    judged: str = ""
    command: str = ""
    remark: str = ""

    def short(self):
        """The cell of the table."""
        if self.score is None:
            return "读不出"
        where = f" 停在第 {self.stage} 关" if self.stage else ""
        return f"{self.score}/{self.of}{where}{'，' + self.only if self.only else ''}{' ?' if self.remark else ''}"


class Unreadable(Exception):
    """A file that gives no score; its text says why."""


def find(places):
    """[(path, name of the student if the file names none)] of files and folders. Raises FileNotFoundError."""
    found = {}
    for place in map(Path, places):
        if place.is_dir():
            for path in sorted(place.rglob("*.json")):
                found.setdefault(path, named(path.relative_to(place)))
        elif place.exists():
            found.setdefault(place, named(Path(place.name)))
        else:
            raise FileNotFoundError(f"没有 {plain(str(place))}：给出成绩文件，或者放着它们的文件夹。")
    return list(found.items())


def named(relative):
    """Whose a file is: the folder it lies in, or its own name, less the name of the lab."""
    if len(relative.parts) > 1:
        return MOODLE.sub("", relative.parts[0])
    return re.sub(rf"[-_. ]*\b({'|'.join(labs.NAMES)})$", "", relative.stem.replace("_", " ")) or relative.stem


def read(path, student):
    """The Entry of a file, whatever is in it."""
    entry = Entry(str(path), student)
    try:
        fill(entry, load(path))
    except Unreadable as error:
        entry.remark = str(error)
    return entry


def load(path):
    try:
        if path.stat().st_size > MOST:
            raise Unreadable(f"有 {path.stat().st_size >> 20} MiB，成绩文件没有这么大")
        text = path.read_bytes().decode("utf-8-sig")
        return json.loads(text)
    except OSError as error:
        raise Unreadable(f"打不开：{error.strerror}") from None
    except UnicodeDecodeError as error:
        raise Unreadable(f"不是 UTF-8 的文本：第 {error.start + 1} 个字节起读不懂") from None
    except json.JSONDecodeError as error:
        ends = not text[error.pos:].strip() or error.msg.startswith("Unterminated string")
        half = "，像是只传了一半" if ends else ""
        raise Unreadable(f"不是完整的 JSON：第 {error.lineno} 行第 {error.colno} 列起读不懂{half}") from None
    except (ValueError, RecursionError):
        raise Unreadable("不是成绩文件：里面有读不懂的数，或者括号套得太深") from None


def fill(entry, data):
    """Take over what a file says. Raises Unreadable where that is no score of this version."""
    if not isinstance(data, dict) or not {"lab", "stages"} <= data.keys():
        raise Unreadable("不是成绩文件：它由 python -m iolab.grade 加上 --json 写出")
    entry.student = text_of(data.get("student")) or entry.student
    entry.lab, entry.judged = text_of(data["lab"]), text_of(data.get("judged"))
    if data.get("format") != FORMAT:
        said = f"版本 {data['format']!r}" if "format" in data else "没有版本号，是更早的评测写的"
        raise Unreadable(f"另一个版本的成绩文件（{said}，这里读版本 {FORMAT}）：用同一本书的评测再评一次")
    if entry.lab not in labs.NAMES:
        raise Unreadable(f"这本书里没有实验 {entry.lab!r}")
    try:
        stages = [[(str(one["name"]), str(one["title"]), one["outcome"]) for one in stage["scenarios"]]
                  for stage in data["stages"]]
        told, (seed, command) = (data["passed"], data["score"], data["of"]), (data["seed"], data["command"])
    except (KeyError, TypeError) as error:
        raise Unreadable(f"成绩文件缺了东西，或者不是它该有的样子：{error}") from None
    outcomes = [outcome for stage in stages for *_, outcome in stage]
    if not outcomes or any(outcome not in (PASSED, FAILED, NOT_TRIED) for outcome in outcomes):
        raise Unreadable("成绩文件里没有场次，或者有不认识的结果")
    entry.seed = seed if isinstance(seed, int) else None
    entry.command = " ".join(map(str, command)) if isinstance(command, list) else text_of(command)
    count(entry, stages, told)


def count(entry, stages, told):
    """What the scenarios come to, and whether that is what the file says and what the lab asks for today."""
    tried = [one for stage in stages for one in stage]
    entry.of, entry.score = len(tried), sum(outcome == PASSED for *_, outcome in tried)
    entry.passed = entry.score == entry.of
    stopped = [(number, title) for number, stage in enumerate(stages, 1)
               for _, title, outcome in stage if outcome == FAILED]
    if stopped:
        entry.stage, entry.scenario = stopped[0]
    judged = [number for number, stage in enumerate(stages, 1) if stage]
    if len(judged) < len(stages):
        entry.only = f"只评第 {'、'.join(map(str, judged))} 关"
    today = [[one.name for one in stage.scenarios] for stage in labs.find(entry.lab).stages]
    names = [[name for name, *_ in stage] for stage in stages]
    if len(names) != len(today) or any(one and one != wanted for one, wanted in zip(names, today, strict=True)):
        entry.remark = "实验的关或场和这本书里的不同：另一个版本的书评的"
    if told != (entry.passed, entry.score, entry.of):
        entry.remark = f"文件说通过 {told[1]} 场，数出来是 {entry.score} 场：改动过"


def text_of(value):
    return value.strip()[:MOST_LETTERS] if isinstance(value, str) else ""


def compare(entries):
    """Remark on scores of different students that come from one run of the judge: its seed is drawn anew each time."""
    runs = {}
    for entry in entries:
        if entry.score is not None:
            runs.setdefault((entry.lab, entry.seed, entry.judged), []).append(entry)
    for same in runs.values():
        for entry in same:
            others = sorted({one.student for one in same} - {entry.student})
            if others:
                entry.remark = entry.remark or f"种子和评测时间与{'、'.join(others)}的相同：像是同一份"


def table(entries):
    """The lines of the table: a row for each student, a column for each lab, the best file of several."""
    tried = [name for name in labs.NAMES if any(entry.lab == name for entry in entries)]
    rows = [["学生", *tried]]
    for student in sorted({entry.student for entry in entries if entry.lab in tried}):
        own = [entry for entry in entries if entry.student == student]
        rows.append([student, *(best([one for one in own if one.lab == name]) for name in tried)])
    return columns(rows)


def best(entries):
    if not entries:
        return "—"
    first = max(entries, key=lambda one: (one.score is not None, not one.only, one.passed, one.score or 0))
    return first.short() + (f"（{len(entries)} 份里最好的）" if len(entries) > 1 else "")


def write(path, entries):
    """The CSV, for spreadsheets: a row for each file. What could be a formula there is text."""
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEADS.values())
        for entry in entries:
            rows.writerow([cell(getattr(entry, name)) for name in HEADS])


def cell(value):
    if isinstance(value, str):
        return f"'{plain(value)}" if value[:1] in tuple("=+-@\t\r") and value else plain(value)
    return {None: "", True: "是", False: "否"}.get(value, value) if value is None or isinstance(value, bool) else value


def main(argv):
    parser = argparse.ArgumentParser(prog="python -m iolab.grade.scores",
                                     description="把许多份成绩文件汇总成一张表：一行一个学生，一列一个实验。")
    parser.add_argument("places", nargs="+", metavar="FILE", help="成绩文件，或者放着它们的文件夹（也看下一层）")
    parser.add_argument("--csv", metavar="FILE", help="另外写一张表，一行一个文件，用电子表格打开")
    options = parser.parse_args(argv)
    entries = [read(path, student) for path, student in find(options.places)]
    if not entries:
        raise FileNotFoundError(f"{'、'.join(map(plain, options.places))} 里没有 .json：成绩文件由 --json 写出。")
    compare(entries)
    print(*map(plain, table(entries)), sep="\n")
    if options.csv:
        write(options.csv, entries)
    wrong = [entry for entry in entries if entry.remark]
    print(f"\n{len(entries)} 个文件，{len({entry.student for entry in entries})} 个学生，{len(wrong)} 个文件有问题"
          f"{'：' if wrong else '。'}")
    for entry in wrong:
        print(plain(f"  {entry.path}（{entry.student}）：{entry.remark}"))
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except OSError as error:
        sys.exit(error.args[0] if len(error.args) == 1 else str(error))
