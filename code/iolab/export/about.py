"""What the exports say about the book: each fact read from the one place where it stands."""

import os
import subprocess
import tomllib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

NAME = "io-concurrency"  # of every file that is made
CC_BY = "https://creativecommons.org/licenses/by/4.0/"
EDITIONS = {"full": "", "student": "（学生版）"}  # and what the title says of each
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
    edition: str = "full"

    @property
    def identifier(self):
        return uuid.uuid5(uuid.NAMESPACE_URL, f"{CC_BY}#{self.author}/{self.title}/{self.version}").urn

    def file(self, ending):
        """The name of a file that is made: ``about.file(".epub")``."""
        return f"{NAME}-{self.version}{'' if self.edition == 'full' else '-' + self.edition}{ending}"


def about(project, edition="full"):
    """Return what book/_config.yml, pyproject.toml and LICENSE in the folder ``project`` say, for one of EDITIONS.

    The date is SOURCE_DATE_EPOCH where that is set, else the last commit's, else the beginning of the copyright's year.
    """
    project = Path(project)
    config = yaml.safe_load((project / "book" / "_config.yml").read_text(encoding="utf-8"))
    version = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    year, author = config["copyright"], config["author"]
    return About(title=config["title"] + EDITIONS[edition], edition=edition, author=author,
                 version=version, language=config["sphinx"]["config"]["language"].replace("_", "-"),
                 date=moment(project, year), rights=RIGHTS.format(year=year, author=author),
                 licence=(project / "LICENSE").read_text(encoding="utf-8"))


def moment(project, year):
    seconds = os.environ.get("SOURCE_DATE_EPOCH") or last_commit(project)
    return datetime.fromtimestamp(int(seconds), UTC) if seconds else datetime(int(year), 1, 1, tzinfo=UTC)


def last_commit(project):
    try:
        done = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=project, capture_output=True, text=True)
    except FileNotFoundError:
        return ""
    return done.stdout.strip()
