"""给 localhost 自签一张证书：cert.pem 给所有人看，key.pem 只有服务器有。

运行：  python code/day5/tls_cert.py FOLDER
局限：  没有 openssl 命令时，用书里现成的，它的私钥人人都知道，见 tls_common.py。
"""
import os
import sys

from tls_common import SPARE_CERT, certificate


def main(folder):
    cert, key = certificate(folder)
    with open(cert, encoding="ascii") as f:
        spare = f.read() == SPARE_CERT
    print("没有 openssl 命令，用现成的：" if spare else "造好了：", end="")
    print(os.path.basename(cert), os.path.basename(key))


if __name__ == "__main__":
    main(*sys.argv[1:] or ["."])
