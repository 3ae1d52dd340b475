"""正确：书和章各用一个池。书等章，章谁也不等，等的方向没有环。

运行：  python code/day8/future_wait_fixed.py
"""
import threading
from concurrent.futures import ThreadPoolExecutor, wait

BOOKS = [[3, 4], [5, 6]]                              # 两本书，每章几页


def main():
    books = ThreadPoolExecutor(max_workers=2)
    chapters = ThreadPoolExecutor(max_workers=2)      # 章有自己的池
    both = threading.Barrier(2)                       # 让两本书必然同时在数
    totals = [books.submit(count_book, chapters, book, both) for book in BOOKS]
    done, not_done = wait(totals, timeout=1)
    print("数完", len(done), "本，没有数完", len(not_done), "本")
    for pool in (books, chapters):
        pool.shutdown(cancel_futures=True)            # 取消排队的，等的人才醒


def count_book(chapters, book, both):
    both.wait()
    pages = [chapters.submit(count_chapter, chapter) for chapter in book]
    return sum(page.result() for page in pages)       # 占着一个工作线程等


def count_chapter(chapter):
    return chapter


if __name__ == "__main__":
    main()
