"""The anchor of a heading is its words, as in the links of the pages: docutils, which keeps no Chinese, would count.

labextensions/iolab-book lets the same links lead to the heading in JupyterLab.
"""

import itertools

from docutils import nodes
from sphinx.transforms import SphinxTransform


class WordAnchors(SphinxTransform):
    default_priority = 300  # after labels have become further ids of their headings, before anybody asks for ids

    def apply(self):
        slugs = getattr(self.document, "myst_slugs", {})
        for section in self.document.findall(nodes.section):
            if "slug" in section:
                anchor = self.rename(section)
                line, _, title = slugs[section["slug"]]
                slugs[section["slug"]] = line, anchor, title

    def rename(self, section):
        document, slug = self.document, section["slug"]
        labels = {document.nameids[name] for name in section["names"] if document.nametypes.get(name)}
        labels = [name for name in section["ids"] if name in labels]
        copies = (f"{slug}-{number}" for number in itertools.count(2))
        new = next(name for name in itertools.chain([slug], copies) if document.ids.get(name, section) is section)
        for old in set(section["ids"]).difference(labels):
            del document.ids[old]
            document.nameids.update({name: new for name, target in document.nameids.items() if target == old})
        document.ids[new] = section
        section["ids"] = [new, *labels]
        return new


def setup(app):
    app.add_transform(WordAnchors)
