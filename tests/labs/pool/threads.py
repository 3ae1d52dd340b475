"""A thread for each worker, which is a fresh interpreter behind two pipes."""
import os
import queue
import signal
import subprocess
import sys
import threading
import time

WORK = """
import os, sys, time
while line := sys.stdin.readline():
    verb, _, rest = line.rstrip("\\n").partition(" ")
    try:
        if verb == "square":
            answer = int(rest) ** 2
        elif verb == "sleep":
            time.sleep(int(rest.split()[0]) / 1000)
            answer = rest.split()[1]
        elif verb == "pid":
            answer = os.getpid()
        elif verb == "exit":
            os._exit(1)
        else:
            raise ValueError(rest)
        print("ok", answer, flush=True)
    except Exception as error:
        print("error", error, flush=True)
"""
todo, lock, done, told, workers = queue.Queue(), threading.Lock(), {}, 0, {}


def hire(place):
    workers[place] = subprocess.Popen([sys.executable, "-X", "utf8", "-c", WORK], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, text=True, encoding="utf-8")
    threading.Thread(target=watch, args=(place, workers[place]), daemon=True).start()
    return workers[place]


def watch(place, worker):
    """An idle worker that dies is replaced too."""
    worker.wait()
    with locks[place]:
        if workers[place] is worker and not over.is_set():
            hire(place)


def manage(place):
    while (task := todo.get()) is not None:
        number, line = task
        while True:
            with locks[place]:
                worker = workers[place]
            try:
                worker.stdin.write(line)
                worker.stdin.flush()
                break
            except OSError:
                worker.wait()
                time.sleep(0.01)
        answer = worker.stdout.readline()
        if not answer:
            worker.wait()  # its pipes are closed one by one: until then the other would take a task
        tell(number, answer or "lost\n")


def tell(number, line):
    global told
    with lock:
        done[number] = line
        while told in done:
            sys.stdout.write(done.pop(told))
            sys.stdout.flush()
            told += 1


def stop(*_):
    over.set()
    for worker in workers.values():
        worker.kill()
    os._exit(1)


count = int(sys.argv[sys.argv.index("--workers") + 1])
over, locks = threading.Event(), [threading.RLock() for _ in range(count)]
signal.signal(signal.SIGTERM, stop)
for place in range(count):
    hire(place)
managers = [threading.Thread(target=manage, args=(place,), daemon=True) for place in range(count)]
for one in managers:
    one.start()
for number, line in enumerate(sys.stdin):
    todo.put((number, line))
for _ in managers:
    todo.put(None)
for one in managers:
    one.join()
over.set()
for worker in workers.values():
    worker.stdin.close()
    worker.wait()
