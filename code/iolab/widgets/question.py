"""`ask(name)`: a question of the book in a notebook."""

from iolab import questions
from iolab.questions import html


class Asked:
    """A question as a notebook shows it: text/plain with its answer, text/html to click on."""

    def __init__(self, question):
        self.question = question

    def __repr__(self):
        return html.text(self.question)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": html.text(self.question), "text/html": html.to_html(self.question)}


def ask(name):
    """The question called `name`, ``page/key`` as in book/*/page.questions.yml; the cell below answers it.

    Raises LookupError, with the names of that page, if there is none.
    """
    return Asked(questions.find(name))
