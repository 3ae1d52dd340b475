"""A level as plain text: what nbval compares, what the command line prints, what readers have without a script."""

MUCH = 10**9


def listing(level):
    """The title, the task, and for each variant its counts and the shortest way to what must not happen."""
    return "\n".join([f"{level.title}：{level.task}", *(line for v in level.variants for line in variant(v))])


def variant(one):
    yield f"{one.title}：{counts(one.graph)}"
    if one.graph.shortest:
        goal = one.goal_of(one.graph.follow([move.key for move in one.graph.shortest])[-1][1])
        yield f"最短的坏路径（{len(one.graph.shortest)} 步，{goal}）："
        yield from (f"  {number}. {step(move)}" for number, move in enumerate(one.graph.shortest, 1))


def step(move):
    return f"{move.actor}：{move.label}"


def counts(graph):
    """How many states and runs there are, and how many of these are bad."""
    states = f"{len(graph.states)} 个状态"
    if graph.runs is not None:
        bad = f"{number(graph.bad_runs)} 种出事" if graph.bad_runs else "没有一种出事"
        return f"{states}，{number(graph.runs)} 种走法，{bad}"
    if not graph.bad:
        return f"{states}，有循环，走法无穷多，哪一种也不出事"
    share = len(graph.can_reach(graph.bad))
    return f"{states}，有循环，走法无穷多；从其中 {share} 个状态出发可能出事"


def number(count):
    """A count as it is, a huge one as a power of ten."""
    return str(count) if count < MUCH else f"约 10^{len(str(count)) - 1}"
