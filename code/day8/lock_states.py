"""穷举几个线程拿锁的全部交错，看有没有走不下去的状态。

运行：  python code/day8/lock_states.py AB BA
局限：  每个线程写成一串锁，依次拿，拿完全部放开；真的程序比这复杂得多。
"""
import sys


def main(*programs):
    states, stuck = explore(programs)
    print(f"{' '.join(programs)}：能到达 {states} 个状态，死锁", stuck or "没有")


def explore(programs):
    """一个状态是每个线程已经拿了几把锁；从全是 0 出发，能走的路都走一遍。"""
    seen, stuck, todo = set(), [], [(0,) * len(programs)]
    while todo:
        state = todo.pop()
        if state not in seen:
            seen.add(state)
            following = list(moves(programs, state))
            todo += following
            if not following and not finished(programs, state):
                stuck.append(state)
    return len(seen), stuck


def moves(programs, state):
    """某一个线程再拿一把锁：这把锁得没有人拿着。"""
    taken = held(programs, state)
    for i, (program, n) in enumerate(zip(programs, state, strict=True)):
        if n < len(program) and program[n] not in taken:
            yield (*state[:i], n + 1, *state[i + 1:])


def held(programs, state):
    return {lock for program, n in zip(programs, state, strict=True)
            if n < len(program) for lock in program[:n]}      # 拿完的已经全部放开


def finished(programs, state):
    return tuple(map(len, programs)) == state


if __name__ == "__main__":
    main(*sys.argv[1:] or ("AB", "BA"))
