"""The licences go where the HTML goes; templates/rights.html names them below each page."""

import shutil
from pathlib import Path

LICENCES = ("LICENSE", "LICENSE-CC-BY-4.0")


def add_files(app, exception):
    """Copy the licences of the project that the book is in, and tell GitHub Pages to serve folders such as _static."""
    if exception or app.builder.format != "html":
        return
    for name in LICENCES:
        if source := next((path for above in Path(app.srcdir).parents if (path := above / name).exists()), None):
            shutil.copyfile(source, Path(app.outdir, f"{name}.txt"))
    Path(app.outdir, ".nojekyll").touch()


def setup(app):
    app.connect("build-finished", add_files)
