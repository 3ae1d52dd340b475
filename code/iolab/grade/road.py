"""A road between two programs: the book's relay, with chances and a delay of the judge's choice.

Run as  python -I road.py RELAY TO SEED DELAY FATES  by the labs, never imported. RELAY: the path of the book's script;
TO: HOST:PORT; DELAY: seconds each way; FATES: JSON, "去" and "回" -> {fate of the relay: its chance, in tenths}, null:
the book's. Of ten datagrams as many meet a fate as its chance says: no draw spares a mistake, or hits one message for
ever.
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
        def __init__(self, seed):
            super().__init__(seed)
            self.chances, self.coming = fates[seed.split()[-1]], []

        def choose(self):
            if not self.coming:
                self.coming = [fate for fate, chance in self.chances.items() for _ in range(round(10 * chance))]
                self.coming += ["照送"] * (10 - len(self.coming))
                self.random.shuffle(self.coming)
            return self.coming.pop()

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
