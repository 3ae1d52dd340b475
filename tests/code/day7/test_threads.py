"""day7/thread1.py and thread2.py: a thread waits while the main thread goes on; four threads share one process."""

from iolab.launch import run


def test_the_main_thread_goes_on_while_the_other_waits():
    result = run("day7/thread1.py", quiet=True)
    assert (result.status, result.output) == (0, (
        "创建以后： False\n线程甲：开始等\n启动以后： True\n主线程没有停，它在算： 5050\n"
        "线程甲：等到了，结束\n回收以后： False\n"))


def test_four_threads_of_one_process():
    result = run("day7/thread2.py", quiet=True)
    assert (result.status, result.output) == (0, (
        "结果： {'东': 0, '南': 1, '西': 4, '北': 9}\n进程号的个数： 1\n线程号的个数： 4\n内核的线程表里都有： True\n"))
