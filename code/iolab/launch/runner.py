"""Run a teaching script to its end."""

from dataclasses import dataclass

from iolab.launch.child import Child, describe

SHOWN = 20_000  # characters of a script's output that reach the page


@dataclass(frozen=True)
class Result:
    """How a script ended: status (int, negative: that signal) and output (str, stdout and stderr as they came)."""

    status: int
    output: str

    def __repr__(self):
        return describe(self.status)

    def _ipython_display_(self):
        """Nothing: run() has printed already what a reader should see."""


def run(script, *args, input=None, timeout=30, cwd=None, quiet=False):
    """Run code/<script> with args, print what it prints (and how it ended, if not with 0), and return a Result.

    input: text for its standard input; timeout: seconds for the script and all processes it started; cwd: its working
    folder (default: an empty one, removed afterwards); quiet: do not print.
    Raises ScriptNotFound, and ScriptError when the time is up; whatever happens, no process is left.
    """
    child = None
    try:
        child = Child(script, args, text=input, cwd=cwd)
        if not child.wait(timeout):
            begun = "没有结束" if child.status is None else "自己结束了，但它启动的进程还在运行"
            raise child.error(f"在 {timeout} 秒内{begun}，已经全部终止")
    finally:
        if child:
            child.stop()
    output = child.output.text
    if not quiet:
        cut = child.output.dropped + max(0, len(output) - SHOWN)
        print(f"（前面省略了 {cut} 个字符）\n{output[-SHOWN:]}" if cut else output, end="")
        if child.status:
            print(f"（{describe(child.status)}）")
    return Result(child.status, output)
