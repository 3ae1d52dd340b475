"""两个核各写一个变量，再读对方的：走遍所有的次序，有哪几种结果。

运行：  python code/day8/store_buffer.py
局限：  模型里只有存储缓冲，x86 就是这样；ARM 允许的次序更多。
"""
from collections import namedtuple

# done：每个核做完几步；waiting：写了，还在自己的缓冲里；memory：x、y；got：a、b
State = namedtuple("State", "done waiting memory got")
START = State((0, 0), (False, False), (0, 0), (None, None))


def main():
    print("没有缓冲：", *sorted(outcomes(buffered=False)))
    print("有存储缓冲：", *sorted(outcomes(buffered=True)))


def outcomes(buffered):
    """从头走遍能到的状态，返回走完时 (a, b) 的集合。"""
    found, seen, left = set(), set(), [START]
    while left:
        state = left.pop()
        if state in seen:
            continue
        seen.add(state)
        left += [after for core in (0, 1) for after in steps(state, core, buffered)]
        if state.done == (2, 2):
            found.add(state.got)
    return found


def steps(state, core, buffered):
    """一个核下一步能做什么：它的下一句，或者把缓冲里的写进内存。"""
    done, waiting, memory, got = state
    after = changed(done, core, done[core] + 1)
    if done[core] == 0 and buffered:                  # x = 1，先进自己的缓冲
        yield State(after, changed(waiting, core, True), memory, got)
    elif done[core] == 0:                             # x = 1，直接进内存
        yield State(after, waiting, changed(memory, core, 1), got)
    elif done[core] == 1:                             # a = y，读内存里对方的
        yield State(after, waiting, memory, changed(got, core, memory[1 - core]))
    if waiting[core]:                                 # 缓冲写进内存，早晚都会
        yield State(done, changed(waiting, core, False), changed(memory, core, 1), got)


def changed(pair, core, value):
    return (value, pair[1]) if core == 0 else (pair[0], value)


if __name__ == "__main__":
    main()
