"""利特尔定律：how many are being served at a time, and what becomes of those who come when all workers are busy.

Requests come at a steady rate whether the server is busy or not (an open loop); a worker serves one at a time. On the
average, those inside are the rate times the time that each is inside (Little's law). So many workers are needed at
least; with fewer the queue grows without end. Sources: J. D. C. Little, "A Proof for the Queuing Formula: L = λW",
Operations Research 9 (1961). Each square is 100 ms, one request comes in each of the first ten, none takes longer than
another. Left out: that requests come by chance, so that queues form sooner.
"""

from iolab.model import Board, Cell, Code, Label, Slider, Sweep, View

SQUARE, COME, MOST, SHOWN = 100, 10, 4, 8   # ms; requests, one a square; workers; places of the queue that are drawn
CODE = Code("""
with ThreadPoolExecutor(workers) as pool:
    while True:
        request = server.recv(1024)
        pool.submit(answer, request)
""")


def run(workers, each):
    """[(square in which it comes, in which it is begun, after its end, worker)], a request each; `each` in squares."""
    free, done = [0] * workers, []
    for comes in range(COME):
        worker = min(range(workers), key=lambda one: (max(free[one], comes), one))
        begins = max(free[worker], comes)
        free[worker] = begins + each
        done.append((comes, begins, begins + each, worker))
    return done


def film(workers, each):
    """The views, a square a step, while requests come; `each` in milliseconds."""
    done = run(workers, each // SQUARE)
    views = [_view(done, workers, -1, f"每秒来 {1000 // SQUARE} 个请求，每个要 {each} 毫秒，有 {workers} 个工作线程。")]
    for now in range(COME):
        busy = sum(begins <= now < ends for _, begins, ends, _ in done)
        queue = sum(comes <= now < begins for comes, begins, _, _ in done)
        told = f"第 {now + 1} 个来了。{busy} 个在服务"
        idle = f"，{workers - busy} 个线程闲着。" if busy < workers else "，没有人排队。"
        views.append(_view(done, workers, now, told + (f"，{queue} 个在排队。" if queue else idle), (3, 4)))
    return (*views, _view(done, workers, COME - 1, _end(done, workers, each)))


def _end(done, workers, each):
    needed, longest = each // SQUARE, max(begins - comes for comes, begins, *_ in done)
    law = f"利特尔定律：每秒 {1000 // SQUARE} 个 × {each / 1000:g} 秒 = 同时有 {needed} 个在里面。"
    if workers < needed:
        return f"{law}只有 {workers} 个线程，队伍越来越长：第 {COME} 个要等 {longest * SQUARE} 毫秒，再来的等得更久。"
    spare = workers - needed
    return f"{law}{workers} 个线程" + (f"，{spare} 个一直闲着。" if spare else "刚好够，没有人等。")


def _view(done, workers, now, caption, at=()):
    cells = {}
    for number, (_, begins, ends, worker) in enumerate(done, 1):
        if begins <= now < ends:
            cells[f"worker{worker}"] = f"{number} 号", "green"
    queue = [number for number, (comes, begins, *_) in enumerate(done, 1) if comes <= now < begins]
    cells |= {f"queue{place}": (f"{number}", "amber") for place, number in enumerate(queue[:SHOWN])}
    cells |= {f"worker{worker}": "闲" for worker in range(workers) if f"worker{worker}" not in cells}
    finished = sum(ends <= now for _, _, ends, _ in done)
    return View(caption, cells | {"done": f"做完 {finished} 个"}, (), at)


SCENE = Sweep(
    name="workers",
    title="利特尔定律：要几个工作线程",
    board=Board(
        height=150,
        cells=(*(Cell(f"queue{place}", 8 + 39 * place, 26, 35, 30, 12) for place in range(SHOWN)),
               *(Cell(f"worker{worker}", 8 + 78 * worker, 88, 72, 34, 12.5) for worker in range(MOST)),
               Cell("done", 242, 128, 78, 20)),
        labels=(Label(8, 14, "排队的", anchor="start", bold=True), Label(8, 76, "工作线程", anchor="start", bold=True)),
    ),
    sliders=(Slider("每个要", (100, 200, 300), " 毫秒", at=2), Slider("线程", (1, 2, 3, 4), " 个", at=1)),
    film=lambda each, workers: film(workers, each),
    legend=(("green", "在服务"), ("amber", "在排队"), ("plain", "闲着")),
    code=CODE,
)
