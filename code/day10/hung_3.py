"""会停住的服务器之三：数空格。发来一行字，回答里面有几个空格。

运行：  python code/day10/hung_3.py --port 9000
局限：  故意有毛病；没有空格的一行，它答得好好的。
"""
from hung_common import run


def spaces(line):
    count, at = 0, line.find(b" ")
    while at != -1:
        count += 1
        at = line.find(b" ", at)
    return str(count).encode()


if __name__ == "__main__":
    run(spaces)
