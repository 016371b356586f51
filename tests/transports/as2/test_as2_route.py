"""The address partners post to: limits while a body comes, and answers for whatever else is asked there."""

from __future__ import annotations

import http.client
import os
import socket

import pytest
from as2_parties import Party, Server

from edi_gateway.errors import NeedsPerson, WrongInput


def ask(server: Server, method: str, body: bytes = b"", **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request(method, "/as2", body, {name.replace("_", "-"): value for name, value in headers.items()})
    return connection.getresponse()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_look_is_answered(server: Server, method: str) -> None:
    assert ask(server, method).status == 200


def test_a_body_larger_than_agreed_is_not_read_to_its_end(acme: Party, northwind: Party, server: Server) -> None:
    northwind.agree(largest=100_000)
    acme.agree(url=f"http://127.0.0.1:{server.port}/as2")

    with pytest.raises((NeedsPerson, Exception), match=r"413|connect or send"):
        acme.send(os.urandom(3_000_000))
    assert northwind.journal.arrivals == []


def test_a_name_that_is_given_twice_is_nobodys(northwind: Party, server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as wire:
        names = b"AS2-From: Somebody\r\nAS2-From: ACME\r\nAS2-To: Northwind\r\nMessage-ID: <1@x>\r\n"
        wire.sendall(b"POST /as2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + names + b"Content-Length: 1\r\n\r\nx")
        answer = wire.makefile("rb").read()

    assert b"nothing is agreed between Somebody, ACME and Northwind" in answer
    assert northwind.journal.arrivals == []


def test_an_answer_is_dated_once(northwind: Party, server: Server) -> None:
    asked = {"AS2_From": "ACME", "AS2_To": "Northwind", "Message_ID": "<1@x>", "Disposition_Notification_To": "x"}
    answer = ask(server, "POST", b"unsigned", **asked)

    assert len(answer.headers.get_all("Date") or []) == 1
    assert answer.headers["AS2-From"] == "Northwind"


def test_nothing_of_a_stranger_is_read(northwind: Party, server: Server) -> None:
    answer = ask(server, "POST", bytes(1000), AS2_From="Somebody", AS2_To="Northwind", Message_ID="<1@x>")

    assert (answer.status, b"nothing is agreed" in answer.read()) == (403, True)


def test_a_request_that_is_no_as2_at_all(server: Server) -> None:
    assert ask(server, "POST", b"{}").status == 400


def test_a_chunked_body_is_taken(acme: Party, northwind: Party, server: Server) -> None:
    class Recorder:
        def post(self, _url: str, fields: object, body: object, _size: int) -> None:
            self.fields, self.body = dict(fields), body.read()  # type: ignore[call-overload, attr-defined]
            raise WrongInput("only recorded")

        def close(self) -> None: ...

    recorder = Recorder()
    with pytest.raises(WrongInput):
        acme.send(b"ISA~", client=recorder)
    pieces = (recorder.body[at : at + 100] for at in range(0, len(recorder.body), 100))
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("POST", "/as2", pieces, recorder.fields, encode_chunked=True)

    assert connection.getresponse().status == 200
    assert northwind.journal.payloads == [b"ISA~"]


def test_what_comes_in_part_is_forgotten(northwind: Party, server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as wire:
        wire.sendall(b"POST /as2 HTTP/1.1\r\nHost: x\r\nAS2-From: ACME\r\nAS2-To: Northwind\r\nMessage-ID: <1@x>\r\n")
        wire.sendall(b"Content-Length: 1000\r\n\r\nonly this")

    assert ask(server, "GET").status == 200
    assert northwind.journal.arrivals == []
