"""The picture of TLS, held against a handshake in memory: the messages and their order as OpenSSL tells them."""

import contextlib
import re
import runpy
import ssl

import pytest

from iolab import diagrams
from iolab.launch import scripts
from iolab.model import Message

SCENE = diagrams.load("tls_handshake")
LEFT_OUT = {"encryptedextensions"}


@pytest.fixture(scope="module")
def exchanged(tmp_path_factory):
    """What both sides wrote, in order: (who, name), and the bytes of each flight as they cross."""
    told, crossed = [], []
    sides = {}
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    common = runpy.run_path(str(scripts.find("day5/tls_common.py")))
    given = common["contexts"](*common["certificate"](str(tmp_path_factory.mktemp("tls"))))
    for (who, context, reads, writes, options) in (
            ("server", given[0], to_server, to_client, {"server_side": True}),
            ("client", given[1], to_client, to_server, {"server_hostname": "localhost"})):
        context._msg_callback = tell(who, told)
        sides[who] = context.wrap_bio(reads, writes, **options)
    client, server = sides["client"], sides["server"]
    for side, writes in ((client, to_server), (server, to_client), (client, to_server), (server, to_client)):
        with contextlib.suppress(ssl.SSLWantReadError):
            side.do_handshake()
        data = writes.read()
        crossed.append(("client" if writes is to_server else "server", data))
        writes.write(data)
    client.write(b"the request")
    assert server.read(100) == b"the request"
    server.write(b"the answer")
    assert client.read(100) == b"the answer"
    with pytest.raises(ssl.SSLWantReadError):
        client.unwrap()
    return told, crossed


def tell(who, told):
    def heard(conn, direction, version, content_type, msg_type, data):
        if direction == "write" and getattr(content_type, "name", "") in {"HANDSHAKE", "ALERT"}:
            told.append((who, plain(msg_type.name)))
    return heard


def plain(name):
    return name.replace("_", "").lower()


def test_the_messages_are_those_of_openssl_in_their_order(exchanged):
    drawn = [(event.source, plain(name)) for step in SCENE.steps for event in step.events if isinstance(event, Message)
             for name in re.findall(r"[a-zA-Z_]+", event.label.removesuffix("SNI"))]
    told = [(who, name) for who, name in exchanged[0] if name not in LEFT_OUT]
    once = [one for number, one in enumerate(told) if one not in told[:number]]   # OpenSSL sends two tickets
    assert drawn == once


def test_only_what_stands_before_the_braces_can_be_read(exchanged):
    first, second, *_ = (data for _, data in exchanged[1])
    assert b"localhost" in first and b"localhost" not in second     # SNI, and the name in the certificate
    readable = [event.label for step in SCENE.steps for event in step.events
             if isinstance(event, Message) and not event.label.startswith("{")]
    assert readable == ["ClientHello  SNI", "ServerHello"]
