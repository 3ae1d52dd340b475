"""day9/hand_over.py: one process accepts, others answer, and nobody keeps a connection that it gave away."""

from iolab.launch import run
from preludes import output_without


def test_the_workers_answer_in_turn_to_the_clients_of_the_front():
    assert run("day9/hand_over.py", quiet=True).output == "".join(
        f"工作进程 {number} 回答客户端{client}\n" for number, client in zip((1, 2, 1, 2), "甲乙丙丁", strict=True))


def test_a_worker_goes_home_when_its_own_channel_is_closed(tmp_path):
    one_by_one = {"import os": "import os, select", "print(client.recv(1024).decode())": "client.recv(1024)",
                  "    for channel, _ in workers:\n        channel.close()":
                  "    for channel, pid in workers:\n        channel.close()\n"
                  "        print(bool(select.select([os.pidfd_open(pid)], [], [], 3)[0]))"}
    assert output_without(one_by_one, "day9/hand_over.py", tmp_path) == "True\n" * 2


def test_a_received_connection_is_not_left_to_programs_started_later(tmp_path):
    asked = {"question = conn.recv(1024).decode()": "conn.recv(1024)\n            question = conn.get_inheritable()"}
    assert output_without(asked, "day9/hand_over.py", tmp_path).count("False") == 4


def test_a_client_reads_the_end_only_because_the_front_closes_its_own(tmp_path):
    asks_for_end = {"print(client.recv(1024).decode())": "client.settimeout(0.5)\n"
                    "            client.recv(1024)\n            print(client.recv(1))"}
    assert output_without(asks_for_end, "day9/hand_over.py", tmp_path) == "b''\n" * 4
    kept = asks_for_end | {"with conn:": "kept = [*locals().get('kept', ()), conn]\n            if True:"}
    assert output_without(kept, "day9/hand_over.py", tmp_path) == ""
