"""Export the questions and exercises of the book:  python -m iolab.questions FOLDER [--no-solutions]"""

import argparse
import json
import sys
from pathlib import Path

from iolab.questions import export, gift


def main(argv):
    parser = argparse.ArgumentParser(
        prog="python -m iolab.questions",
        description="把全部题目和练习写进 FOLDER：questions.gift、exercises.gift 给 Moodle"
                    "（题库，导入，GIFT 格式，UTF-8），questions.json 给别的系统。")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--no-solutions", action="store_true", help="练习不带解答")
    options = parser.parse_args(argv)
    book = list(export.pages())
    asked = [one for page in book for one in export.questions(page)]
    tasks = [one for page in book for one in export.exercises(page)]
    solutions = not options.no_solutions
    data = export.as_dict(asked, tasks, solutions)
    options.folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("questions.gift", gift.questions(asked)), ("exercises.gift", gift.exercises(tasks, solutions)),
                       ("questions.json", json.dumps(data, ensure_ascii=False, indent=1) + "\n")):
        (options.folder / name).write_text(text, encoding="utf-8")
    print(f"{len(asked)} 个问题，{len(tasks)} 个练习{'' if solutions else '（没有解答）'}：{options.folder.resolve()}")


if __name__ == "__main__":
    main(sys.argv[1:])
