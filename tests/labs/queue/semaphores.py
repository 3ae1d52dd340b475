"""Two semaphores count what is free and what is there; close lets one through, who lets the next through."""
import threading


class Closed(Exception):
    pass


class BoundedQueue:
    def __init__(self, capacity):
        self.free, self.there = threading.Semaphore(capacity), threading.Semaphore(0)
        self.lock, self.items, self.closed = threading.Lock(), [], False

    def put(self, item):
        self.free.acquire()
        with self.lock:
            if self.closed:
                self.free.release()
                raise Closed
            self.items.append(item)
        self.there.release()

    def get(self):
        self.there.acquire()
        with self.lock:
            if not self.items:
                self.there.release()
                raise Closed
            item = self.items.pop(0)
        self.free.release()
        return item

    def close(self):
        with self.lock:
            self.closed = True
        self.free.release()
        self.there.release()
