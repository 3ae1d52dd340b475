"""The table of tcp-socket on what connect gets, held against the kernel in a network namespace of its own."""

import shutil
import subprocess
import sys

import pytest

# veth0 reaches a network on which nobody but this host answers ARP; a router would say what `unreachable` says.
NETWORK = """
ip link set lo up && ip link add veth0 type veth peer name veth1 &&
ip address add 10.9.0.1/24 dev veth0 && ip link set veth0 up && ip link set veth1 up &&
ip route add unreachable 10.8.0.0/24 &&
exec "$@"
"""
CONNECT = """
import errno, socket, sys
for address in sys.argv[1:]:
    try:
        socket.create_connection((address, 9))
    except OSError as error:
        print(address, type(error).__name__, errno.errorcode[error.errno])
"""
EXPECTED = """\
127.0.0.1 ConnectionRefusedError ECONNREFUSED
10.9.0.2 OSError EHOSTUNREACH
10.8.0.1 OSError EHOSTUNREACH
192.0.2.1 OSError ENETUNREACH
"""


def in_a_network(*command):
    return subprocess.run(["unshare", "--map-root-user", "--net", "sh", "-c", NETWORK, "sh", *command],
                          capture_output=True, text=True, timeout=30, check=False)


def test_who_answers_decides_what_connect_gets():
    if not shutil.which("unshare") or not shutil.which("ip"):
        pytest.skip("needs unshare and ip to make a network of its own")
    if (made := in_a_network("true")).returncode:
        pytest.skip(f"this system lets no network of its own be made: {made.stderr.strip()}")
    addresses = [line.split()[0] for line in EXPECTED.splitlines()]
    ended = in_a_network(sys.executable, "-c", CONNECT, *addresses)
    assert (ended.stdout, ended.stderr) == (EXPECTED, "")
