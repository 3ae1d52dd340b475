"""Record one kind and print it as JSON:  python -m iolab.watch process_states > book/traces/process_states.json"""

import argparse
import sys

from iolab.watch import KINDS, WatchError, record

parser = argparse.ArgumentParser(prog="python -m iolab.watch", description="录下真实进程或套接字的状态，打印 JSON")
parser.add_argument("kind", choices=KINDS)
try:
    print(record(parser.parse_args().kind).to_json(), end="")
except WatchError as error:
    sys.exit(str(error))
