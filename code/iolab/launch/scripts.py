"""Where the teaching scripts are."""

import difflib
from pathlib import Path

CODE = Path(__file__).resolve().parents[2]


class ScriptNotFound(FileNotFoundError):
    """No teaching script has that name."""

    def __str__(self):
        return self.args[0]


def find(name):
    """Return the absolute Path of the teaching script `name` (str, such as "day4/tcp_server.py").

    Raises ScriptNotFound, with the nearest names, when there is none.
    """
    path = (CODE / name).resolve()
    if path.suffix == ".py" and path.is_file() and path.is_relative_to(CODE):
        return path
    known = [str(script.relative_to(CODE)) for script in sorted(CODE.glob("day*/**/*.py"))]
    near = difflib.get_close_matches(str(name), known, n=3, cutoff=0.5)
    hint = f"是不是 {' 或 '.join(near)}？" if near else f"现有 {len(known)} 个脚本，例如 {'、'.join(known[:3])}。"
    raise ScriptNotFound(f"code/ 下没有脚本 {name}。{hint}")
