"""进程池：创建池、加入任务、关闭池、回收进程；几个进程反复使用，做完许多任务。

运行：  python code/day7/pool.py
局限：  任务和结果都要 pickle 后经过管道，任务太小时，花在路上的时间比计算还多。
"""
import multiprocessing
import os


def main():
    pool = multiprocessing.Pool(2)    # 1 创建池：两个工作进程，等着任务
    results = [pool.apply_async(square, (n,)) for n in range(20)]  # 2 加入任务
    pool.close()    # 3 不再接受新任务，已有的继续做
    pool.join()    # 4 等所有任务做完，回收工作进程
    answers = [result.get() for result in results]  # 取结果，任务的异常在这里抛出
    print([value for value, _ in answers])
    pids = {pid for _, pid in answers}
    used = "不超过 2 个" if len(pids) <= 2 else len(pids)
    print("20 个任务，用了", used, "工作进程")
    print("父进程做了", sum(pid == os.getpid() for _, pid in answers), "个")


def square(number):
    return number * number, os.getpid()


if __name__ == "__main__":
    main()
