"""What a reader sees whose system is no Linux: played on Linux by a kernel that is told so and has lost epoll."""

import nbformat
from nbclient import NotebookClient

from kernels import AsyncKernelManager

ELSEWHERE = "import select, sys\nsys.platform = 'darwin'\ndel select.epoll\nfrom iolab import serve"


def outputs(folder, *cells, allow_errors=True):
    """What each cell prints after ELSEWHERE, one str a cell; the name of an error that stays one."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in (ELSEWHERE, *cells)])
    NotebookClient(notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": folder}},
                   allow_errors=allow_errors, kernel_manager_class=AsyncKernelManager).execute()
    return ["".join(one.get("text") or one.get("ename") for one in cell.outputs) for cell in notebook.cells[1:]]


def test_a_cell_that_needs_linux_says_so_and_the_next_one_runs(tmp_path):
    missing, gone, absent, after, normal = outputs(
        tmp_path,
        "poller = select.epoll()", "open('/proc/none/stat')", "import winreg", "poller.poll()", "print(6 * 7)")
    assert missing == "这里是 darwin，没有 select.epoll：这个单元格要在 Linux 上运行，书里印着它在那里的输出。\n"
    assert "没有 /proc/none/stat：" in gone and "没有 winreg：" in absent
    assert after == "前面有单元格没能在这里运行，所以还没有 poller。\n"
    assert normal == "42\n"


def test_what_was_explained_does_not_stop_run_all(tmp_path):
    """Jupyter leaves out all cells after one whose reply says error."""
    *_, normal = outputs(tmp_path, "poller = select.epoll()", "poller.poll()", "print(6 * 7)", allow_errors=False)
    assert normal == "42\n"


def test_a_script_that_needs_linux_says_so_too(tmp_path):
    (tmp_path / "lost.py").write_text("import select\ndel select.epoll\nselect.epoll()")
    move = f"from pathlib import Path\nfrom iolab.launch import scripts\nscripts.CODE = Path({str(tmp_path)!r})"
    assert outputs(tmp_path, move, "serve('lost.py')")[1].startswith("这里是 darwin，没有 select.epoll：")


def test_other_errors_stay_errors(tmp_path):
    errors = {"1 / 0": "ZeroDivisionError", "undefined": "NameError", "[].nothing": "AttributeError",
              "open('missing')": "FileNotFoundError", "serve('day4/none.py')": "ScriptNotFound",
              "import missing": "ModuleNotFoundError"}
    assert outputs(tmp_path, *errors) == list(errors.values())
