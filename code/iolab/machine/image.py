"""The machine's files, from unpacked packages and the book, as an archive for the kernel (cpio newc), without root."""

import json
import shutil
import stat
import subprocess
from pathlib import Path

from iolab import words
from iolab.machine import contents
from iolab.machine.debian import Missing
from iolab.machine.elf import needed

HERE = Path(__file__).resolve().parent
GUEST = HERE / "guest"
TIME = 1_700_000_000  # of every file, so that two builds give the same bytes
LIBRARIES = "usr/lib/i386-linux-gnu"
PYTHON_HOME = f"usr/lib/{contents.PYTHON}"
ETC = {
    "passwd": "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/:/bin/false\n",
    "group": "root:x:0:\ntty:x:5:\nnogroup:x:65534:\n",
    "hosts": "127.0.0.1 localhost book\n::1 localhost\n",
    "nsswitch.conf": "hosts: files\nservices: files\nprotocols: files\n",
    "hostname": "book\n",
    "inputrc": "set enable-bracketed-paste off\nset input-meta on\nset output-meta on\nset convert-meta off\n",
}


class Tree:
    """Files by their path (str, no leading /): bytes, or a str for a link's target; executable ones in `programs`."""

    def __init__(self):
        self.files, self.programs, self.folders = {}, set(), set()

    def add(self, path, data, program=False):
        self.files[path] = data
        if program:
            self.programs.add(path)

    def copy(self, source, path, program=False):
        """A file, or all files of a folder, at `path`."""
        if source.is_dir():
            for one in sorted(source.rglob("*")):
                if one.is_file() and "__pycache__" not in one.parts:
                    self.copy(one, f"{path}/{one.relative_to(source).as_posix()}", program)
        else:
            self.add(path, _said(source), program or bool(source.stat().st_mode & stat.S_IXUSR))

    def cpio(self):
        """The archive (bytes): what the kernel unpacks into its first file system."""
        names = set(self.files) | self.folders
        for name in list(names):
            names.update(str(parent) for parent in Path(name).parents if str(parent) != ".")
        parts = []
        for number, name in enumerate(sorted(names), 1):
            data = self.files.get(name)
            mode = (0o040755 if data is None else 0o120777 if isinstance(data, str)
                    else 0o100755 if name in self.programs else 0o100644)
            parts.append(_entry(number, name, mode, b"" if data is None else _bytes(data)))
        parts.append(_entry(0, "TRAILER!!!", 0, b""))
        whole = b"".join(parts)
        return whole + bytes(-len(whole) % 512)

    def packed(self):
        """Its files (bytes) as guest/later.py unpacks them: a line of JSON, {path: bytes}, then all, in this order."""
        files = dict(sorted(self.files.items()))
        return json.dumps({path: len(data) for path, data in files.items()}).encode() + b"\n" + b"".join(files.values())


def _said(source):
    """A file's bytes; a module of iolab in the language spoken."""
    own = source.suffix == ".py" and source.is_relative_to(words.ROOT)
    return words.handed_out(source).encode() if own else source.read_bytes()


def _bytes(data):
    return data.encode() if isinstance(data, str) else data


def _entry(number, name, mode, data):
    text = name.encode() + b"\0"
    values = [number, mode, 0, 0, 2 if mode >> 12 == 4 else 1, TIME if mode else 0, len(data), 0, 0, 0, 0, len(text), 0]
    head = b"070701" + b"".join(b"%08X" % value for value in values) + text
    return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)


def make(root, project, work):
    """The Tree of the machine. root: folder of the unpacked packages; project: the book's; work: room for compiling."""
    tree = Tree()
    tree.folders |= {"proc", "sys", "dev", "tmp", "root", "run", "var", "usr/sbin", "mnt", "home"}
    for link in ("bin", "sbin", "lib"):
        tree.add(link, f"usr/{link}")
    for path in contents.PROGRAMS:
        tree.copy(_find(root, path), f"usr/bin/{Path(path).name}", program=True)
    for name, target in contents.LINKS.items():
        tree.add(f"usr/bin/{name}", target)
    for name in contents.BUSYBOX:
        if f"usr/bin/{name}" not in tree.files:
            tree.add(f"usr/bin/{name}", "busybox")
    for path in (*contents.FILES, *contents.FOLDERS, *contents.TERMINFO):
        tree.copy(_find(root, path), path.replace("lib/terminfo", "usr/lib/terminfo"))
    _add_python(tree, root, work)
    _add_libraries(tree, root)
    tree.add("usr/lib/ld-linux.so.2", "i386-linux-gnu/ld-linux.so.2")
    modules = next(root.glob("lib/modules/*"))
    for path in contents.MODULES:
        tree.copy(modules / "kernel" / path, f"usr/lib/modules/{Path(path).name}")
    tree.add("etc/modules", "".join(f"{Path(path).name}\n" for path in contents.MODULES).encode())
    for name, text in ETC.items():
        tree.add(f"etc/{name}", text.encode())
    _add_book(tree, project)
    tree.copy(GUEST / "init", "init", program=True)
    for path in (HERE / "__init__.py", *sorted(GUEST.glob("*.py"))):
        tree.copy(path, f"{contents.HOME}/code/{path.relative_to(project / 'code').as_posix()}")
    tree.copy(GUEST / "profile", "etc/profile")
    tree.add("root/.bashrc", b". /etc/profile\n")
    return tree


def later(root, work, machine):
    """The Tree of what `import ssl` needs beside the files of `machine` (Tree): guest/tls.py is there in its place."""
    tree, folder = Tree(), f"{PYTHON_HOME}/tls"
    shutil.rmtree(work / "later", ignore_errors=True)
    (work / "later" / folder).mkdir(parents=True)
    shutil.copy(root / PYTHON_HOME / "ssl.py", work / "later" / folder)
    _compile(root, work / "later" / folder, folder)
    tree.copy(work / "later" / folder / "ssl.pyc", f"{folder}/ssl.pyc")
    module = next((root / PYTHON_HOME / "lib-dynload").glob("_ssl.*.so"))
    tree.copy(module, f"{PYTHON_HOME}/lib-dynload/{module.name}")
    _add_libraries(tree, root, machine.files)
    return tree


def _find(root, path):
    """Where a package has it: Debian merges /bin and /lib into /usr only when it is installed."""
    for place in (root / path, root / "usr" / path, root / path.removeprefix("usr/")):
        if place.exists():
            return place
    raise RuntimeError(f"No package of contents.py holds {path}.")


def _add_python(tree, root, work):
    """Its library, compiled, without sources and docstrings: they would be a tenth of all that is loaded."""
    folder = work / "python" / PYTHON_HOME
    shutil.rmtree(work / "python", ignore_errors=True)
    shutil.copytree(root / PYTHON_HOME, folder, ignore=_left_out, symlinks=True)
    (folder / "ssl.py").write_bytes(_said(GUEST / "tls.py"))
    for path in (folder / "lib-dynload").iterdir():
        if path.name.partition(".")[0] in contents.NOT_IN_DYNLOAD:
            path.unlink()
    for path in (folder / "encodings").glob("*.py"):
        if path.stem not in contents.ENCODINGS:
            path.unlink()
    _compile(root, folder, PYTHON_HOME)
    for path in folder.rglob("*.py"):
        if path.with_suffix(".pyc").exists():
            path.unlink()
    tree.copy(folder, PYTHON_HOME)


def _left_out(folder, names):
    return [name for name in names if name in contents.NOT_IN_STDLIB or name == "__pycache__"]


def _compile(root, folder, home):
    """Compile with the machine's own Python: its 32-bit program runs on a 64-bit x86 kernel too.

    home: where the folder will be in the machine, without the first slash.
    """
    loader = _find(root, "lib/i386-linux-gnu/ld-linux.so.2").resolve()
    places = ":".join(str(root / path) for path in ("lib/i386-linux-gnu", LIBRARIES))
    done = subprocess.run(
        [loader, "--library-path", places, _find(root, f"usr/bin/{contents.PYTHON}"), "-I", "-S",
         HERE / "undocumented.py", folder, f"/{home}/"],
        env={"PYTHONHOME": str(root / "usr"), "PYTHONHASHSEED": "0"}, capture_output=True, text=True)
    if done.returncode:
        raise Missing(f"The machine's Python, a 32-bit x86 program, does not run here ({done.stderr.strip()[-200:]}): "
                      "build on a PC with Linux.")


def _add_libraries(tree, root, there=()):
    """All shared libraries that what is there asks for, and that those ask for, but for the paths in `there`."""
    waiting = {name for data in tree.files.values() if isinstance(data, bytes) for name in needed(data)}
    waiting |= {"ld-linux.so.2", "libgcc_s.so.1"}  # the second is loaded by pthread_exit
    while waiting:
        name = waiting.pop()
        path = f"{LIBRARIES}/{name}"
        if path not in tree.files and path not in there:
            data = _find(root, path).read_bytes()
            tree.add(path, data, program=True)
            waiting |= set(needed(data))


def _add_book(tree, project):
    """Its scripts, the rooms of iolab that they need, and its traces, in a folder that looks like the book's own."""
    home = contents.HOME
    for folder in (*sorted((project / "code").glob("day*")), project / "code/labs"):
        tree.copy(folder, f"{home}/code/{folder.name}")
    tree.copy(project / "code/iolab/__init__.py", f"{home}/code/iolab/__init__.py")
    for room in contents.ROOMS:
        tree.copy(project / "code/iolab" / room, f"{home}/code/iolab/{room}")
    tree.copy(project / "book/traces", f"{home}/book/traces")
    tree.folders |= {f"{home}/book/{path.name}" for path in (project / "book").iterdir()
                     if path.is_dir() and any(path.glob("*.ipynb"))}
