"""The licences go where the HTML goes; templates/rights.html names them below each page."""

import shutil
from pathlib import Path

LICENCES = ("LICENSE", "LICENSE-CC-BY-4.0")


def add_files(app, exception):
    """Copy the licences, and tell GitHub Pages to serve folders such as _static too."""
    if exception or app.builder.format != "html":
        return
    for name in LICENCES:
        source = Path(app.srcdir).parent / name
        if source.exists():
            shutil.copyfile(source, Path(app.outdir, f"{name}.txt"))
    Path(app.outdir, ".nojekyll").touch()


def setup(app):
    app.connect("build-finished", add_files)
