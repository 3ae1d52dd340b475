"""失败：写完就用 os._exit 结束进程，缓冲区里的数据丢了，没有任何报错。

运行：  python code/day3/exit_broken.py
"""
import os
import subprocess
import sys
import tempfile


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "日志.txt")
        ended = subprocess.run([sys.executable, __file__, path])
        size = os.path.getsize(path)
        print(f"进程的退出状态 {ended.returncode}，日志有 {size} 字节")


def log_and_exit(path):
    with open(path, "w", encoding="utf-8") as f:
        f.write("任务完成\n")
        os._exit(0)  # 立即结束：不再关闭文件，缓冲区里的就丢了


if __name__ == "__main__":
    if len(sys.argv) == 2:
        log_and_exit(sys.argv[1])
    else:
        main()
