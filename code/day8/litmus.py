"""在真的两个核上试：各写一个变量，再读对方的，四种结果各出现几次。

运行：  python code/day8/litmus.py
        python code/day8/litmus.py --fence            # 写和读之间加一道屏障
局限：  要有 C 编译器（cc）和两个核。Python 每一句要走的路太长，看不到这件事。
"""
import argparse
import os
import shutil
import subprocess
import tempfile

SOURCE = r"""
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#define ROUNDS 200000

static _Alignas(64) atomic_int x, y;
static _Alignas(64) atomic_int arrived;
static int a, b, counts[2][2];

static void together(void) {                  /* 等另一个线程也到这里 */
    int mine = atomic_fetch_add(&arrived, 1) / 2;
    for (int spin = 0; atomic_load(&arrived) / 2 == mine; spin++)
        if (spin > 2000) sched_yield();
}

static void *run(void *number) {
    atomic_int *own = number ? &y : &x, *other = number ? &x : &y;
    int *got = number ? &b : &a;
    for (int round = 0; round < ROUNDS; round++) {
        together();
        atomic_store_explicit(own, 1, memory_order_relaxed);
        FENCE;
        *got = atomic_load_explicit(other, memory_order_relaxed);
        together();
        if (number) { counts[a][b]++; x = 0; y = 0; }
    }
    return NULL;
}

int main(void) {
    pthread_t one, two;
    pthread_create(&one, NULL, run, NULL);
    pthread_create(&two, NULL, run, &one);
    pthread_join(one, NULL);
    pthread_join(two, NULL);
    printf("(0, 0) %d  (0, 1) %d  (1, 0) %d  (1, 1) %d\n",
           counts[0][0], counts[0][1], counts[1][0], counts[1][1]);
}
"""
FULL = "atomic_thread_fence(memory_order_seq_cst)"
COMPILER = "atomic_signal_fence(memory_order_seq_cst)"   # 只管编译器


def main(fence):
    compiler = shutil.which("cc")
    if not compiler:
        print("这台机器没有 C 编译器（cc），试不了。")
        return
    if len(os.sched_getaffinity(0)) < 2:
        print("只有一个核：两个线程不会真的同时写。结果里不会有 (0, 0)。")
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "litmus")
        fence_in_c = f"-DFENCE={FULL if fence else COMPILER}"
        subprocess.run([compiler, "-O2", "-pthread", fence_in_c, "-x", "c", "-",
                        "-o", program], input=SOURCE, text=True, check=True)
        done = subprocess.run([program], capture_output=True, text=True, check=True)
    print("有屏障：" if fence else "没有屏障：", done.stdout, end="")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="存储缓冲的试验")
    parser.add_argument("--fence", action="store_true", help="加一道屏障")
    main(parser.parse_args().fence)
