"""Debian's packages: fetched with apt's own configuration, checked against lock.json, unpacked without root."""

import hashlib
import json
import shutil
import subprocess
import urllib.parse
from pathlib import Path

from iolab.machine.contents import PACKAGES, SUITE

HELPER = Path("/usr/lib/apt/apt-helper")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
FIELDS = "$(ORIGIN)|$(COMPONENT)|$(RELEASE)|$(REPO_URI)"


class Missing(Exception):
    """What the machine is built from cannot be had here; the message is one sentence that says what to do."""


def mirror():
    """The address (str, ending in /) at which apt is told to find Debian. Raises Missing."""
    if not shutil.which("apt-get") or not HELPER.exists():
        raise Missing("The Linux in the page is made of Debian's packages, and here is no apt: build it on Debian.")
    said = _say("apt-get", "indextargets", "--format", FIELDS, "Created-By: Packages")
    found = [line.split("|") for line in said.splitlines()]
    here = [uri for origin, component, release, uri in found if origin == "Debian" and component == "main"
            and "-" not in release and uri.startswith(("http:", "https:"))]
    if not here:
        raise Missing("apt knows no archive of Debian here (apt-get indextargets): build it on Debian.")
    return here[0]


def fetch(locked, cache):
    """Bring every package of `locked` ({name: {path, sha256}}) into the folder `cache`; return {name: Path}."""
    files = {name: cache / Path(one["path"]).name for name, one in locked.items()}
    lacking = {name: file for name, file in files.items() if not _whole(file, locked[name]["sha256"])}
    if lacking:
        at, wanted = mirror(), []
        for name, file in lacking.items():
            file.unlink(missing_ok=True)
            wanted += [at + locked[name]["path"], str(file), f"SHA256:{locked[name]['sha256']}"]
        done = subprocess.run([HELPER, "-qq", "download-file", *wanted], capture_output=True, text=True)
        bad = [name for name, file in lacking.items() if not _whole(file, locked[name]["sha256"])]
        if bad:
            why = (done.stderr or done.stdout).strip().splitlines()[:1] or ["no reason given"]
            raise Missing(f"{len(bad)} of Debian's packages could not be had ({bad[0]}: {why[0]}): check the network.")
    return files


def unpack(files, folder):
    """Put what the packages hold below `folder`; no script of theirs is run."""
    for file in files:
        subprocess.run(["dpkg-deb", "-x", file, folder], check=True)


def lock(work):
    """What the archive offers now: {name: {version, source, path, sha256, size}}. Needs the network, and no root."""
    at = mirror()
    for part in ("lists/partial", "cache/archives/partial"):
        (work / part).mkdir(parents=True, exist_ok=True)
    (work / "status").touch()
    (work / "sources.list").write_text(f"deb [signed-by={KEYRING}] {at} {SUITE} main\n")
    options = [word for option in (
        f"Dir::State={work}", f"Dir::State::status={work}/status", f"Dir::Cache={work}/cache",
        "Dir::Etc::SourceParts=-", f"Dir::Etc::SourceList={work}/sources.list",
        "APT::Architecture=i386", "APT::Architectures=i386",
    ) for word in ("-o", option)]
    _say("apt-get", *options, "-qq", "update")
    locked = {}
    for record in _say("apt-cache", *options, "show", "--no-all-versions", *PACKAGES).split("\n\n"):
        fields = dict(line.split(": ", 1) for line in record.splitlines() if line[:1].isalpha() and ": " in line)
        if fields:
            locked[fields["Package"]] = {
                "version": fields["Version"], "source": fields.get("Source", fields["Package"]),
                "path": urllib.parse.quote(fields["Filename"]), "sha256": fields["SHA256"], "size": int(fields["Size"])}
    if lacking := set(PACKAGES) - locked.keys():
        raise Missing(f"{SUITE} has no {', '.join(sorted(lacking))}: contents.py names packages that are gone.")
    return dict(sorted(locked.items()))


def _whole(file, digest):
    return file.exists() and hashlib.sha256(file.read_bytes()).hexdigest() == digest


def _say(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Missing(f"{command[0]} failed: {(done.stderr or done.stdout).strip().splitlines()[0]}")
    return done.stdout


def read_lock(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))
