"""写进文件对象的字节什么时候到文件里：每一步之后，请另一个进程来看文件的大小。

运行：  python code/day3/buffer.py
局限：  另一个进程看得到，只说明字节到了内核；到没到磁盘，这里看不出来。
"""
import os
import subprocess
import sys
import tempfile

SIZE = 4096                                       # 缓冲区的大小


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "文件")
        with open(path, "wb", buffering=SIZE) as f:
            look("打开", path)
            f.write(b"hello")
            look("写 5 字节", path)
            f.flush()
            look("flush()", path)
            f.write(b"x" * (SIZE - 1))
            f.write(b"x")
            look("再写 4095 字节和 1 字节，正好写满", path)
            f.write(b"!")
            look("再写 1 字节，放不下了", path)
        look("close()", path)
        with open(path, "w", buffering=1, encoding="utf-8") as f:
            f.write("hello")
            look("行缓冲，写 5 字节", path)
            f.write("\n")
            look("行缓冲，写换行", path)
        for ending, statement in ENDINGS.items():
            subprocess.run([sys.executable, "-c", WRITER + statement, path])
            look(f"写 5 字节的进程{ending}", path)


WRITER = "import os, sys; f = open(sys.argv[1], 'w'); f.write('hello')\n"
DAEMON = """
import threading, time
threading.Thread(target=lambda f: time.sleep(60), args=(f,), daemon=True).start()
del f
"""
ENDINGS = {"正常结束": "", "正常结束，文件在守护线程手里": DAEMON,
           "调用 os._exit 结束": "os._exit(0)",
           "被 SIGTERM 终止": "os.kill(os.getpid(), 15)",
           "被 SIGKILL 杀死": "os.kill(os.getpid(), 9)"}
READER = "import os, sys; print(os.path.getsize(sys.argv[1]))"


def look(step, path):
    seen = subprocess.check_output([sys.executable, "-c", READER, path])
    print(f"{int(seen):5} 字节  ←  {step}", flush=True)


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        sys.exit(f"演示做不下去：{error}")
