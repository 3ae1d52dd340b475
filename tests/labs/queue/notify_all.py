"""One condition, on which everybody waits and everybody is woken."""
from threading import Condition


class Closed(Exception):
    pass


class BoundedQueue:
    def __init__(self, capacity):
        self.capacity, self.items, self.closed, self.changed = capacity, [], False, Condition()

    def put(self, item):
        with self.changed:
            self.changed.wait_for(lambda: self.closed or len(self.items) < self.capacity)
            if self.closed:
                raise Closed
            self.items.append(item)
            self.changed.notify_all()

    def get(self):
        with self.changed:
            self.changed.wait_for(lambda: self.closed or self.items)
            if not self.items:
                raise Closed
            self.changed.notify_all()
            return self.items.pop(0)

    def close(self):
        with self.changed:
            self.closed = True
            self.changed.notify_all()
