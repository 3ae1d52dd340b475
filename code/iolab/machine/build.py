"""From lock.json to what a page loads: packages, image, one boot, the stored state, all as files and as scripts."""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

from iolab import words
from iolab.machine import contents, debian, image, notices, npm, state
from iolab.machine.debian import Missing

HERE = Path(__file__).parent
LOCK = HERE / "lock.json"
MEMORY = 224  # MiB
TAB = 450  # MB that a tab takes while it runs: measured (tests/book/test_machine_speed.py prints it)
PARTS = ("worker.js.gz", "v86.wasm.gz", "state.zst")  # what is loaded before the first result, besides the scripts
LATER = "tls.zst"  # what is loaded with the first `import ssl`
WARM = (
    "print(1)", "print(1)", "sum(range(10**5))",
    "from iolab import check, recording, run, serve, show\nrun('day5/fork.py', quiet=True)",
    "run('day8/race_broken.py', quiet=True); run('day5/fork.py', quiet=True)",
    "import socket\nwith serve('day10/epoll_server.py') as server:\n    s = socket.create_connection(server.address)\n"
    "    s.sendall(b'x'); s.recv(9); s.close()",
    "import subprocess\nsubprocess.run(['python3', '-c', '1'])\nsubprocess.run(['ps'], capture_output=True)",
    "from pathlib import Path\nPath('/proc/sys/vm/drop_caches').write_text('3')",
)


def build(project, out, packages, cache):
    """Build the machine into the folder `out`; return its figures (dict), None when nothing has changed.

    project: the book's folder; packages: where npm's libraries of the live pages are; cache: where downloads are kept.
    """
    lock = debian.read_lock(LOCK)
    if not shutil.which("zstd"):
        raise Missing("The machine's state is packed by zstd, which is not here: apt-get install zstd.")
    made_of, stamp = digest(project), out / "made-of"
    if stamp.exists() and stamp.read_text() == made_of:
        return None
    for folder in (cache / "debs", cache / "npm"):
        folder.mkdir(parents=True, exist_ok=True)
    node = npm.node()
    libraries = npm.fetch(lock["npm"], cache / "npm")
    debs = debian.fetch(lock["debian"], cache / "debs")
    root = _unpacked(debs, lock, cache)
    machine = image.make(root, project, cache)
    (cache / "initrd.cpio").write_bytes(machine.cpio())
    later = image.later(root, cache, machine).packed()
    (cache / "tls").write_bytes(state.filtered(later))
    rest = _stored(node, lock, libraries["v86"], root, cache)
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    shutil.copy(cache / "state.zst", out / "state.zst")
    pack(cache / "tls", out / LATER)
    notices.write(out, lock, root, libraries)
    compress(libraries["v86"] / "build/v86.wasm", out / "v86.wasm.gz")
    bundle(out, cache / "npm/node_modules", packages, made_of, rest, len(later))
    stamp.write_text(made_of)
    return {path.name: path.stat().st_size for path in sorted(out.iterdir())}


def digest(project):
    """What the machine is made of, as one number: recipe, scripts and traces of the book, the front of live pages."""
    code = project / "code"
    folders = [HERE, *sorted(code.glob("day*")), code / "labs", *(code / "iolab" / room for room in contents.ROOMS),
               code / "iolab/live/front", project / "book/traces"]
    files = [path for folder in folders for path in sorted(folder.rglob("*"))
             if path.is_file() and "__pycache__" not in path.parts]
    files += words.HERE.glob(f"{words.language()}.po")
    parts = [f"{path.relative_to(project)} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _unpacked(debs, lock, cache):
    """The folder of the unpacked packages, anew only when another is locked."""
    root, stamp = cache / "root", cache / "root.lock"
    wanted = json.dumps(lock["debian"], sort_keys=True)
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir()
        debian.unpack(debs.values(), root)
        stamp.write_text(wanted)
    return root


def _stored(node, lock, v86, root, cache):
    """Have state.zst in the cache, anew only when what is booted, or how, has changed.

    Returns how many bytes of it, unpacked, are not the machine's memory.
    """
    parts = [(cache / "initrd.cpio").read_bytes(), *((HERE / name).read_bytes() for name in ("boot.mjs", "state.py")),
             json.dumps([MEMORY, WARM, lock["npm"]["v86"], lock["debian"][contents.KERNEL]]).encode()]
    wanted, stamp = hashlib.sha256(b"".join(parts)).hexdigest(), cache / "state.made-of"
    made_of, _, length = stamp.read_text().partition(" ") if stamp.exists() else ("", "", "")
    if made_of == wanted:
        return int(length)
    stamp.unlink(missing_ok=True)
    rest, bits, pages = state.parts(_boot(node, v86, root, cache).read_bytes())
    (cache / "state").write_bytes(rest + bits + pages)
    pack(cache / "state", cache / "state.zst")
    stamp.write_text(f"{wanted} {len(rest)}")
    return len(rest)


def _boot(node, v86, root, cache):
    """Boot once in Node and return the Path of the stored state."""
    build = v86 / "build"
    order = {
        "v86": str(build / "libv86.mjs"), "wasm": str(build / "v86.wasm"), "initrd": str(cache / "initrd.cpio"),
        "bios": str(root / "usr/share/seabios/bios.bin"), "vgaBios": str(root / "usr/share/seabios/vgabios-stdvga.bin"),
        "kernel": str(next((root / "boot").glob("vmlinuz-*"))), "memory": MEMORY, "warm": WARM,
        "state": str(cache / "state.bin"),
    }
    (cache / "boot.json").write_text(json.dumps(order))
    done = subprocess.run([*node, HERE / "boot.mjs", cache / "boot.json"], stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise RuntimeError(f"The machine did not boot: {done.stderr.strip()[-3000:]}")
    return cache / "state.bin"


def pack(file, packed):
    """zstd, as small as it gets with a window of 32 MiB: the browser's memory has to hold that too."""
    subprocess.run(["zstd", "-q", "-f", "-T0", "--ultra", "-22", "--long=25", file, "-o", packed], check=True)


def compress(file, packed):
    """gzip, the same bytes each time."""
    with gzip.GzipFile(packed, "wb", compresslevel=9, mtime=0) as stream:
        stream.write(file.read_bytes())


def bundle(out, modules, packages, made_of, rest, later):
    """The scripts of the page (front/), packed too, and each part as a script for a book that is opened from disk.

    rest: bytes of the unpacked state that are not the machine's memory; later: of what is in LATER, unpacked.
    """
    esbuild = packages / "node_modules/.bin/esbuild"
    if not esbuild.exists():
        raise Missing("The scripts of the live book are not there: .ci/bundle/bundle installs what bundles them.")
    words.copied(HERE.parent / "live/front", modules.parent / "words/live/front")
    front = words.copied(HERE / "front", modules.parent / "words/machine/front")

    def run(*names, **define):
        subprocess.run(
            [esbuild, *(front / name for name in names), "--bundle", "--format=iife", "--minify",
             "--target=es2022", "--charset=utf8", "--legal-comments=none", "--log-level=warning",
             *(f"--external:{name}" for name in ("node:*", "crypto", "fs", "perf_hooks", "url")),
             *(f"--define:{name}={value}" for name, value in define.items()), f"--outdir={out}"],
            check=True, env=os.environ | {"NODE_PATH": f"{modules}:{packages / 'node_modules'}"})

    run("worker.js")
    compress(out / "worker.js", out / "worker.js.gz")
    (out / "worker.js").unlink()
    figures = {"version": made_of[:12], "memory": MEMORY, "tab": TAB, "rest": rest,
               "parts": {name: _measured(out / name) for name in PARTS},
               "later": {LATER: _measured(out / LATER) | {"unpacked": later}}}
    run("main.js", "front.js", "front.css", FIGURES=json.dumps(figures))
    compress(out / "front.js", out / "front.js.gz")
    for name in (*PARTS, LATER):
        data = quoted((out / name).read_bytes())
        (out / f"{name}.js").write_bytes(b"iolabMachinePart('%b','%b')" % (name.encode(), data))


def _measured(file):
    data = file.read_bytes()
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def quoted(data):
    """Bytes as what stands between the quotes of a script in latin-1 (ECMA-262, 12.9.4).

    A quarter smaller than base64.
    """
    for byte, said in ((b"\\", b"\\\\"), (b"'", b"\\'"), (b"\n", b"\\n"), (b"\r", b"\\r")):
        data = data.replace(byte, said)
    return data
