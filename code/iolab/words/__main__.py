"""python -m iolab.words: every msgid of iolab. With a language: how much of it is said; --update renews its catalogue.

--copy FOLDER ASIDE: a folder of scripts in the language that IOLAB_LANGUAGE names, for what bundles them.
"""

import argparse
import sys
from pathlib import Path

from iolab import words
from iolab.words import po, sources


def main():
    parser = argparse.ArgumentParser(prog="python -m iolab.words", description=__doc__.partition("\n")[0])
    parser.add_argument("language", nargs="?")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--copy", nargs=2, type=Path, metavar=("FOLDER", "ASIDE"))
    arguments = parser.parse_args()
    if arguments.copy:
        print(words.copied(*arguments.copy))
    elif not arguments.language:
        print("\n".join(repr(msgid) for msgid in sources.messages()))
    else:
        return report(arguments.language, arguments.update)


def report(language, update):
    path, wanted = words.HERE / f"{language}.po", sources.messages()
    said = po.read(path.read_text(encoding="utf-8")) if path.exists() else {}
    unused = [one for one in said if not sources.uses(wanted, one)]
    if update:
        apart = [one for one in said if po.BETWEEN in one and one not in unused]
        entries = [(one, said.get(one, ""), files) for one, files in wanted.items()]
        path.write_text(po.write(language, entries + [(one, said[one], ()) for one in apart]), encoding="utf-8")
    missing = [one for one in wanted if not said.get(one)]
    print(f"{len(wanted)} msgids, {len(wanted) - len(missing)} said in {language}, "
          f"{len(unused)} unused{' and dropped' if update else ''}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
