"""Exercises: numbered page by page, as JupyterLab does, and valid HTML that everybody can use.

No id stands twice, and no link in the title that unfolds a solution.
"""

from docutils import nodes


def count_through(app, env):
    """Before Sphinx numbers: show it the numbers that it gave, or it would write every page again."""
    env.toc_fignumbers = getattr(env, "iolab_fignumbers", env.toc_fignumbers)
    return []


def count_by_page(app, env):
    """After Sphinx has numbered through the whole book: begin with 1 on each page, where a new page changes nothing."""
    env.iolab_fignumbers = env.toc_fignumbers
    env.toc_fignumbers = {docname: {**kinds, "exercise": by_page(kinds.get("exercise", {}))}
                          for docname, kinds in env.toc_fignumbers.items()}
    return []


def by_page(numbers):
    return {name: (count,) for count, name in enumerate(sorted(numbers, key=numbers.get), 1)}


def drop_repeated_ids(app, doctree, docname):
    for section in doctree.findall(nodes.section):
        section["ids"] = [name for name in section["ids"] if name not in ("exercise-content", "solution-content")]


def drop_links_of_folding_titles(app, doctree, docname):
    for title in doctree.findall(nodes.title):
        if "dropdown" in title.parent.get("classes", ()):
            for link in list(title.findall(nodes.reference)):
                link.replace_self(nodes.inline("", "", *link.children))


def setup(app):
    app.connect("env-get-updated", count_through, priority=100)
    app.connect("env-get-updated", count_by_page, priority=900)
    app.connect("doctree-resolved", drop_repeated_ids)
    app.connect("doctree-resolved", drop_links_of_folding_titles, priority=900)
