"""Descriptors that leak, held against the kernel: every state is made with real processes, and bind() is asked."""

import json
import subprocess
import sys

from iolab import diagrams
from iolab.model import Went

SCENE = diagrams.load("inherited")
REAL = r'''
import contextlib, json, os, socket, sys

CAT = ["cat"]                                         # a helper that ends when its input does


def real(presses):
    """[whether somebody listens, whether bind() is refused] after the buttons."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        address = one.getsockname()
    listener = child = None
    for press in presses:
        if press == "start":
            listener = socket.create_server(address)
        elif press == "mark":
            listener.set_inheritable(True)
        elif press == "fork":
            (orders, gives), (tells, told) = os.pipe(), os.pipe()
            if (child := os.fork()) == 0:
                os.close(gives)
                os.write(told, b"x")
                if os.read(orders, 1) == b"e":
                    os.dup2(orders, 0)
                    os.dup2(told, 1)
                    os.execvp(CAT[0], CAT)
                os._exit(0)
            os.close(told)
            os.read(tells, 1)
        elif press == "exec":
            os.write(gives, b"ex")
            os.read(tells, 1)                         # cat says it back: the program has changed
        elif press == "stop":
            listener.close()
            listener = None
        else:
            os.close(gives)
            os.waitpid(child, 0)
            child = None
    try:
        socket.create_connection(address).close()
        listens = True
    except ConnectionRefusedError:
        listens = False
    try:
        socket.create_server(address).close()
        refused = False
    except OSError:
        refused = True
    if listener:
        listener.close()
    if child:
        os.close(gives)
        os.waitpid(child, 0)
    return listens, refused


json.dump([real(presses) for presses in json.load(sys.stdin)], sys.stdout)
'''


def ways():
    """For each state the buttons that lead there."""
    found, left = {SCENE.start: ()}, [SCENE.start]
    for state in left:
        for button, went in SCENE.moves[SCENE.states.index(state)].items():
            if isinstance(went, Went) and went.state not in found:
                found[went.state] = (*found[state], button)
                left.append(went.state)
    return found


def test_in_every_state_the_kernel_listens_and_refuses_as_the_picture_says():
    found = ways()
    assert found.keys() == set(SCENE.states)
    done = subprocess.run([sys.executable, "-c", REAL], input=json.dumps(list(found.values())), capture_output=True,
                          text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    for (state, presses), (listens, refused) in zip(found.items(), json.loads(done.stdout), strict=True):
        shown = SCENE.look(state)["port"]
        again = SCENE.moves[SCENE.states.index(state)]["start"]
        assert listens == refused == (shown[0].startswith("在监听") if isinstance(shown, tuple) else False), presses
        assert isinstance(again, Went) != refused, presses
