"""The lock files: they hold what the requirements ask for, once for every Python and system, each file by its hash."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pages import ROOT
from test_home import checkout, program, setup  # noqa: F401  (a fixture and its helpers)

BOOK, TESTS = (ROOT / ".ci/locked" / name for name in ("requirements.txt", "requirements-tests.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PYTHONS = [name.rpartition(" ")[2] for name in PROJECT["project"]["classifiers"] if re.search(r":: 3\.\d+$", name)]
SYSTEMS = {"Linux": ("linux", "posix"), "Darwin": ("darwin", "posix"), "Windows": ("win32", "nt")}


def lines(path):
    plain = (line.partition("  #")[0] for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in plain if line and not line.startswith(("#", "-"))]


def pins(path):
    """[Requirement] of a lock, each line `name==version ; marker` with its hashes left out."""
    return [Requirement(line.rstrip(" \\")) for line in lines(path) if not line.startswith(" ")]


def machine(python, system):
    platform, os_name = SYSTEMS[system]
    return {"python_version": python, "python_full_version": f"{python}.9", "platform_system": system, "extra": "",
            "sys_platform": platform, "os_name": os_name, "platform_python_implementation": "CPython",
            "implementation_name": "cpython", "platform_machine": "x86_64"}


def on(path, python, system):
    """{name: Requirement} of what pip would install there."""
    found = {}
    for pin in pins(path):
        if pin.marker is None or pin.marker.evaluate(machine(python, system)):
            assert pin.name not in found, f"{path.name}: {pin.name} twice on Python {python}, {system}"
            found[pin.name] = pin
    return found


WANTED = [
    *((Requirement(line), BOOK) for line in lines(ROOT / "requirements.txt")),
    *((Requirement(line), BOOK) for line in PROJECT["project"]["dependencies"] + PROJECT["build-system"]["requires"]),
    *((Requirement(line), TESTS) for line in lines(ROOT / "requirements-tests.txt")),
]


@pytest.mark.parametrize("python", PYTHONS)
def test_what_is_asked_for_is_locked_within_its_bounds(python):
    for system in SYSTEMS:
        locked = {path: on(path, python, system) for path in (BOOK, TESTS)}
        for wanted, path in WANTED:
            if wanted.marker is None or wanted.marker.evaluate(machine(python, system)):
                pin = locked[path].get(canonicalize_name(wanted.name))
                assert pin, f"{wanted.name} is not locked on Python {python}, {system}: make lock"
                version = str(pin.specifier).removeprefix("==")
                assert wanted.specifier.contains(version), f"{wanted} is locked as {version}: make lock"
        for name in locked[BOOK].keys() & locked[TESTS].keys():
            assert locked[BOOK][name].specifier == locked[TESTS][name].specifier, f"{name} has two versions: make lock"


@pytest.mark.parametrize("path", [BOOK, TESTS, ROOT / ".ci/bundle/requirements.txt"], ids=lambda path: path.name)
def test_each_version_is_one_with_hashes_and_no_host(path):
    text = path.read_text(encoding="utf-8")
    assert "://" not in text and not re.search(r"^-", text, re.M)
    blocks = re.split(r"\n(?=[a-zA-Z0-9])", re.sub(r"^\s*#.*\n", "", text, flags=re.M))
    for block in blocks:
        assert re.match(r"[\w.-]+==[\w.]+( ;[^\\]*)?\\?", block), block.split("\n")[0]
        hashes = re.findall(r"--hash=(\w+):(\w+)", block)
        assert hashes and all(kind == "sha256" and len(value) == 64 for kind, value in hashes), block.split("\n")[0]


@pytest.fixture
def installed(checkout, tmp_path):  # noqa: F811
    """A checkout whose .venv holds a Python that writes down what pip is asked for; it fails where FAIL is in that."""
    program(checkout / ".venv/bin/python",
            f'case "$*" in *version_info*) exit 0;; *"$FAIL"*) exit 1;; *) echo "$@" >> "{tmp_path}/asked";; esac')

    def run(**env):
        (tmp_path / "asked").write_text("")
        status, said = setup(checkout, tmp_path / "bin", **{"FAIL": "nothing", **env})
        return status, said, [line.partition("version-check ")[2] for line in
                              (tmp_path / "asked").read_text().splitlines()]
    return run


def test_locked_installs_from_the_lock_and_stays_so(installed, checkout):  # noqa: F811
    asked = ["--require-hashes -r .ci/locked/requirements.txt", "--no-deps --no-build-isolation -e ."]
    assert installed(LOCKED="1")[::2] == (0, asked)
    assert installed() == (0, "", []), "make lab after make book LOCKED=1 goes on with what is there"
    (checkout / ".ci/locked/requirements.txt").write_text("a new one")
    assert installed()[::2] == (0, asked)
    assert installed(LOCKED="0")[::2] == (0, ["-r requirements.txt"])
    assert installed() == (0, "", [])


@pytest.mark.parametrize(("fail", "words"), [("--require-hashes", ".ci/locked/requirements.txt"), ("-e .", "iolab")])
def test_what_fails_of_a_locked_install_is_one_sentence(installed, fail, words):
    status, said, _ = installed(LOCKED="1", FAIL=fail)
    *_, last = said.splitlines()
    assert status == 1 and last.startswith("pip could not install") and words in last
    assert installed(LOCKED="1")[0] == 0, "what failed is tried again"


def test_a_lock_that_lacks_is_one_sentence(installed, checkout):  # noqa: F811
    (checkout / ".ci/locked/requirements.txt").unlink()
    status, said, _ = installed(LOCKED="1")
    assert status == 1 and said == (".ci/locked/requirements.txt is missing: make it with make lock, "
                                    "or go without LOCKED=1.\n")
