"""What the pages load: pinned, checked by hashes, from no host that the lock names, and nothing of it committed."""

import json
import re
import subprocess

from live_driver import ROOT

PLACE = ROOT / ".ci/bundle"
LOCK = json.loads((PLACE / "package-lock.json").read_text())
WANTED = json.loads((PLACE / "package.json").read_text())


def test_every_library_is_pinned_with_a_hash():
    named = WANTED["dependencies"] | WANTED["devDependencies"]
    assert named and not [name for name, version in named.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)]
    packages = {name: one for name, one in LOCK["packages"].items() if name}
    assert {f"node_modules/{name}" for name in named} <= packages.keys()
    assert not [name for name, one in packages.items() if not one.get("integrity", "").startswith("sha512-")]
    assert LOCK["packages"][""]["dependencies"] == WANTED["dependencies"]


def test_no_registry_is_named_and_nothing_bundled_is_committed():
    assert not [name for name, one in LOCK["packages"].items() if "resolved" in one]
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    assert not [name for name in files if "node_modules" in name or re.search(r"chunk-\w+\.js$", name)]


def test_every_import_of_the_front_is_pinned():
    """Also one that another library happens to bring along."""
    named = WANTED["dependencies"].keys()
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "code/iolab/live/front").rglob("*.[jc]s*")]
    imported = {found for source in sources
                for found in re.findall(r'(?:from|import) "((?:@[\w-]+/)?[\w-]+)[^"]*"', source)}
    assert len(imported) > 8 and imported <= named, imported - named
