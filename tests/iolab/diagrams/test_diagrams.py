"""Every picture of the book loads under its own name, and says what it replaces and where its facts come from."""

import importlib

import pytest

from iolab import diagrams
from iolab.draw.plan import WIDTH

LOST = {
    "address_binding": "img/address.png", "deadlock": "img/死锁.jpg", "encapsulation": "img/1_TCP.png",
    "five_states": "img/4_5态.png", "four_way_close": "img/1_四次挥手.png", "handshake": "img/1_三次握手.png",
    "linux_layers": "img/linux.png", "mutual_exclusion": "img/7_互斥.png", "osi_tcpip": "img/1_tcpip模型.png",
    "setsockopt": "img/2_setsockopt.png", "struct_formats": "img/4_struct.png", "synchronisation": "img/7_同步.png",
    "tcp_client_flow": "img/1_TCP_Client.png", "tcp_server_flow": "img/1_TCP_Server.png",
    "three_states": "img/4_3态.png", "udp_client_flow": "img/2_UDP_Client.png",
    "udp_server_flow": "img/2_UDP_Server.png", "web_request": "img/2_网站访问.png",
}


@pytest.mark.parametrize("name", diagrams.names())
def test_each_file_holds_one_scene_of_its_name(name):
    scene = diagrams.load(name)
    assert scene.name == name
    assert scene.title
    text = importlib.import_module(f"iolab.diagrams.{name}").__doc__
    assert "Source" in text, "a reader must be able to look the facts up"


BOARDS = [name for name in diagrams.names() if hasattr(diagrams.load(name), "board")]


@pytest.mark.parametrize("name", BOARDS)
def test_every_cell_and_way_of_a_board_is_on_the_paper(name):
    board = diagrams.load(name).board
    right = {cell.name: cell.x + cell.width for cell in board.cells}
    right |= {way.name: max(x for x, _ in way.points) for way in board.ways}
    assert not {what: x for what, x in right.items() if x > WIDTH - 2}
    assert all(cell.x >= 2 and cell.y >= 0 and cell.y + cell.height <= board.height for cell in board.cells)


@pytest.mark.parametrize(("name", "image"), LOST.items())
def test_every_lost_image_is_drawn(name, image):
    assert f"Replaces {image}" in importlib.import_module(f"iolab.diagrams.{name}").__doc__


def test_a_misspelt_name_names_its_neighbours():
    with pytest.raises(LookupError, match="handshake"):
        diagrams.load("handshakes")
    with pytest.raises(LookupError, match="three_states"):
        diagrams.load("qqqq")
    with pytest.raises(LookupError):
        diagrams.load("../draw/plan")
