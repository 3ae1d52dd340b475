"""A road between two programs: the book's relay, with chances and a delay of the judge's choice.

Run as  python -I road.py RELAY TO SEED DELAY FATES  by the labs, never imported. RELAY: the path of the book's script;
TO: HOST:PORT; DELAY: seconds each way; FATES: JSON, "去" and "回" -> {fate of the relay: its chance}, null: the book's.
"""

import contextlib
import json
import queue
import runpy
import sys
import threading
import time


def main(script, to, seed, delay, fates):
    relay = runpy.run_path(script)
    names = relay["main"].__globals__

    class Road(relay["Road"]):
        def choose(self):
            chances = fates[self.way]
            return self.random.choices([*chances, "照送"], [*chances.values(), 1 - sum(chances.values())])[0]

        def __init__(self, seed):
            super().__init__(seed)
            self.way = seed.split()[-1]

    if fates:
        names["Road"] = Road
    if delay:
        late, send = queue.SimpleQueue(), names["send"]
        names["send"] = lambda *what: late.put((time.monotonic() + delay, what))
        threading.Thread(target=deliver, args=(late, send), daemon=True).start()
    names["main"](port=0, to=names["address"](to), seed=seed)


def deliver(late, send):
    while True:
        when, what = late.get()
        time.sleep(max(0, when - time.monotonic()))
        send(*what)


if __name__ == "__main__":
    script, to, seed, delay, fates = sys.argv[1:]
    with contextlib.suppress(KeyboardInterrupt):
        main(script, to, seed, float(delay), json.loads(fates))
