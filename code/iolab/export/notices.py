"""Whose work is bundled in the HTML beside the book's own: each package with its version, its page and its licence."""

from importlib.metadata import PackageNotFoundError, distribution

# The packages whose scripts and styles are copied into the HTML.
BUNDLED = ("Sphinx", "pydata-sphinx-theme", "sphinx-book-theme", "sphinx-copybutton", "sphinx-design", "myst-nb",
           "sphinx-exercise", "Pygments")
HEAD = """Some scripts and styles in the folder _static are parts of these packages, each free software under the
licence below. Their sources are on the Python Package Index, under these names and versions.
sphinx-copybutton holds clipboard.js (MIT, copyright Zeno Rocha), the themes hold parts of Bootstrap (MIT).
"""


def text(names=BUNDLED):
    """Return the notices as text. A package that is not installed here has copied nothing, and is left out."""
    parts = [HEAD]
    for name in names:
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue
        meta = found.metadata
        licence = meta.get("License-Expression") or meta.get("License") or ""
        parts.append(f"\n=== {name} {found.version} ({licence.splitlines()[0] if licence else 'see below'})\n")
        parts += [file.read_text(encoding="utf-8") for file in sorted(found.files or ()) if "LICENSE" in file.name]
    return "".join(parts)
