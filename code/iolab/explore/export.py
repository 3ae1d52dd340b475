"""What the page gets of a level: the finished graph as plain data, in columns, because these pack well."""

import json

from iolab.explore.text import counts


def data(level):
    """The level as dicts, lists, strings and integers; the same on every run."""
    return {"name": level.name, "title": level.title, "task": level.task, "why": level.why,
            "variants": [variant(one) for one in level.variants]}


def encoded(level):
    """data(level) as JSON that may stand inside a <script> (str)."""
    return json.dumps(data(level), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def variant(one):
    """A variant in columns: at[actor][state] is a line (0: not here), why, values and goal hold indices of words.

    moves: for each state how many there are (count), then of all of them who moves, what it does, the key that names it
    in a path, and how far behind the state the one after it stands (to).
    """
    graph, system, words = one.graph, one.system, Words()
    views = [system.view(state) for state in graph.states]
    actors = ordered([name for view in views for name in view["at"]]
                     + [move.actor for edges in graph.edges for move, _ in edges])
    names = ordered(name for view in views for name in view["values"])
    edges = [(number, move, after) for number, edges in enumerate(graph.edges) for move, after in edges]
    return {
        "title": one.title, "counts": counts(graph), "source": system.source,
        "code": system.code, "actors": actors, "names": names,
        "at": [[view["at"].get(actor, 0) for view in views] for actor in actors],
        "why": [[words[view["why"].get(actor, "")] for view in views] for actor in actors],
        "values": [[words[view["values"].get(name, "")] for view in views] for name in names],
        "goal": {str(number): words[one.goal_of(number)] for number in sorted(graph.bad)},
        "count": [len(edges) for edges in graph.edges],
        "who": [actors.index(move.actor) for _, move, _ in edges],
        "what": [words[move.label] for _, move, _ in edges],
        "key": [words[move.key] for _, move, _ in edges],
        "to": [after - number for number, _, after in edges],
        "words": words.list,
    }


class Words:
    """Numbers strings in the order in which they are asked for; the empty one is 0."""

    def __init__(self):
        self.list, self.numbers = [""], {"": 0}

    def __getitem__(self, word):
        if word not in self.numbers:
            self.numbers[word] = len(self.list)
            self.list.append(word)
        return self.numbers[word]


def ordered(names):
    """Each name once, as they come first."""
    return list(dict.fromkeys(names))
