"""fork 复制了还没有写出的缓冲区，同一句话写出两遍。"""

from iolab.explore.level import ends_with, level
from iolab.explore.program import script

START = {"父": "main()"}

LEVEL = level(
    title="打印了两遍",
    task="只有一句 print。让它在屏幕上出现两次。",
    why="print 只放进缓冲区，fork 把缓冲区也复制了一份，两个进程结束时各写各的。无论先后都会这样。",
    broken=script("day5/buffer_broken.py", START, children=("子",)),
    cured={"先 flush，子进程用 _exit": script("day5/buffer_fixed.py", START, children=("子",))},
    goals=[ends_with("同一句话写出了两遍", lambda v: v.printed.count("只打印一次") > 1)],
)
