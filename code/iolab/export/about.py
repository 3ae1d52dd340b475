"""What the exports say about the book: each fact read from the one place where it stands."""

import html
import os
import re
import subprocess
import tomllib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

NAME = "io-concurrency"  # of every file that is made
ENDINGS = {"offline": "-html.zip", "epub": ".epub", "pdf": ".pdf"}
CC_BY = "https://creativecommons.org/licenses/by/4.0/"
FULL = "full"
TOLD = re.compile(r'<meta name="iolab-edition" content="(\w+)" data-title="([^"]*)"')  # sphinxext/edition.py writes it
RIGHTS = ("© {year} {author}。文字和图：知识共享署名 4.0（CC BY 4.0，" + CC_BY + "）；"
          "代码，包括单元格里的：MIT 许可。")


@dataclass(frozen=True)
class About:
    title: str
    author: str
    language: str  # of BCP 47: zh-CN
    version: str
    date: datetime  # in UTC; the same for the same sources, so that files made twice are equal
    rights: str
    licence: str  # the text of the licence of the code, which every copy must carry
    edition: str = FULL

    @property
    def identifier(self):
        return uuid.uuid5(uuid.NAMESPACE_URL, f"{CC_BY}#{self.author}/{self.title}/{self.version}").urn

    def file(self, kind):
        """The name of the file of a kind, one of ENDINGS."""
        return f"{NAME}-{self.version}{'' if self.edition == FULL else '-' + self.edition}{ENDINGS[kind]}"


def about(project, folder):
    """Return what _config.yml, pyproject.toml and LICENSE say in the folder ``project``, and the HTML in ``folder``.

    The date is SOURCE_DATE_EPOCH where that is set, else the last commit's, else the beginning of the copyright's year.
    Raises ValueError for HTML that says no edition, OSError for a file that is missing.
    """
    project = Path(project)
    config = yaml.safe_load((project / "book" / "_config.yml").read_text(encoding="utf-8"))
    year, author = config["copyright"], config["author"]
    edition, title = told(Path(folder, "index.html"))
    return About(title=title, edition=edition, author=author, version=version(project),
                 language=config["sphinx"]["config"]["language"].replace("_", "-"),
                 date=moment(project, year), rights=RIGHTS.format(year=year, author=author),
                 licence=(project / "LICENSE").read_text(encoding="utf-8"))


def told(page):
    """Return (edition, title) that the first page of the HTML names: the sources have both editions in them."""
    if not (found := TOLD.search(page.read_text(encoding="utf-8"))):
        raise ValueError(f"{page} does not say which edition it is: build the book again (make book)")
    return found[1], html.unescape(found[2])


def version(project):
    return tomllib.loads(Path(project, "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def moment(project, year):
    seconds = os.environ.get("SOURCE_DATE_EPOCH") or last_commit(project)
    return datetime.fromtimestamp(int(seconds), UTC) if seconds else datetime(int(year), 1, 1, tzinfo=UTC)


def last_commit(project):
    try:
        done = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=project, capture_output=True, text=True)
    except FileNotFoundError:
        return ""
    return done.stdout.strip()
