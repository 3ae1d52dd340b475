"""day9/hand_over.py: one process accepts, others answer, and nobody keeps a connection that it gave away."""

from iolab.launch import run
from preludes import output_without


def test_the_workers_answer_in_turn_to_the_clients_of_the_front():
    assert run("day9/hand_over.py", quiet=True).output == "".join(
        f"工作进程 {number} 回答客户端{client}\n" for number, client in zip((1, 2, 1, 2), "甲乙丙丁", strict=True))


def test_a_client_reads_the_end_only_because_the_front_closes_its_own(tmp_path):
    asks_for_end = {"print(client.recv(1024).decode())": "client.settimeout(0.5)\n"
                    "            client.recv(1024)\n            print(client.recv(1))"}
    assert output_without(asks_for_end, "day9/hand_over.py", tmp_path) == "b''\n" * 4
    kept = asks_for_end | {"with conn:": "kept = [*locals().get('kept', ()), conn]\n            if True:"}
    assert output_without(kept, "day9/hand_over.py", tmp_path) == ""
