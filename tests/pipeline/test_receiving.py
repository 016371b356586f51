"""Bytes first: nothing is told, parsed or taken away before a payload is on record."""

from __future__ import annotations

import hashlib
import os
from typing import BinaryIO

import pytest
from desk import CASCADE, NORTHWIND, Desk, sample
from partner_says import northwind, order

from edi_gateway.errors import NeedsPerson
from edi_gateway.pipeline.inbound.collect import collect
from edi_gateway.transports.base import RemoteFile, Source


class Watched:
    """A source that says what was on record when a file was taken away."""

    def __init__(self, source: Source, desk: Desk) -> None:
        self._source, self._desk = source, desk
        self.on_record_when_finished: list[list[str]] = []

    def look(self) -> list[RemoteFile]:
        return self._source.look()

    def claim(self, file: RemoteFile) -> RemoteFile | None:
        return self._source.claim(file)

    def fetch(self, file: RemoteFile) -> BinaryIO:
        return self._source.fetch(file)

    def finish(self, file: RemoteFile) -> None:
        self.on_record_when_finished.append([row.payload for row in self._desk.transmissions()])
        self._source.finish(file)

    def close(self) -> None: ...


def test_a_payload_is_on_record_before_its_file_goes(desk: Desk) -> None:
    path = desk.put("northwind-850-plain.edi")
    watched = Watched(desk.connections.source("northwind-mailbox"), desk)
    assert collect(desk.store, "northwind-mailbox", watched) == 1
    assert watched.on_record_when_finished == [[hashlib.sha256(sample("northwind-850-plain.edi")).hexdigest()]]
    assert not path.exists()


def test_a_payload_stays_readable_byte_for_byte_whatever_it_is(desk: Desk) -> None:
    for body in (sample("northwind-850-plain.edi"), b"", bytes(range(256)), b"ISA" * 100_000):
        desk.drop(body)
        with desk.store.read() as unit:
            assert unit.payloads.read(desk.transmissions()[-1].payload) == body


def test_a_file_seen_again_after_a_crash_is_received_once(desk: Desk) -> None:
    desk.put("northwind-850-plain.edi")
    source = desk.connections.source("northwind-mailbox")
    source.finish = lambda file: None  # type: ignore[method-assign]  # the crash came before the file could be taken away
    collect(desk.store, "northwind-mailbox", source)
    collect(desk.store, "northwind-mailbox", source)
    assert len(desk.transmissions()) == 1


def test_a_file_that_cannot_be_had_keeps_no_other_one_waiting(desk: Desk) -> None:
    desk.put("northwind-850-plain.edi", "a-locked.edi")
    desk.put("northwind-850-newlines.edi", "b-fine.edi")
    source = desk.connections.source("northwind-mailbox")
    fetch = source.fetch

    def fetch_but_one(file: RemoteFile) -> BinaryIO:
        if file.name == "a-locked.edi":
            raise NeedsPerson("cannot read the claimed file", do="give the gateway's user the right")
        return fetch(file)

    source.fetch = fetch_but_one  # type: ignore[method-assign]  # for this scene
    with pytest.raises(NeedsPerson, match="cannot read the claimed file"):
        collect(desk.store, "northwind-mailbox", source)
    assert [row.name for row in desk.transmissions()] == ["b-fine.edi"]


def test_one_bad_file_does_not_keep_the_next_from_being_received(desk: Desk) -> None:
    desk.put("not-x12.edi")
    desk.put("empty.edi")
    desk.drop("northwind-850-plain.edi")
    assert desk.codes() == ["997"]


@pytest.mark.parametrize(
    "body", [b"", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, b"Dear Sirs,\n"], ids=["empty", "png", "letter"]
)
def test_what_is_no_x12_is_kept_told_and_answered_by_nobody(any_desk: Desk, body: bytes) -> None:
    any_desk.drop(body)
    [transmission] = any_desk.transmissions()
    assert transmission.state == "unreadable"
    assert any_desk.flow().state == "held"
    assert "kept as it came" in any_desk.flow().because
    [told] = any_desk.events("payload.unreadable")
    assert told.subject == f"transmission:{transmission.id}"
    assert any_desk.sent() == []


def test_a_file_name_that_is_not_utf_8_keeps_no_file_waiting_and_is_spelled_out(desk: Desk) -> None:
    desk.put(northwind(1, order("PO-1")), os.fsdecode(b"Bestell\xfcng.edi"))
    desk.put(northwind(2, order("PO-2")), "z.edi")
    desk.run()
    assert [row.name for row in desk.transmissions()] == ["Bestell%FCng.edi", "z.edi"]
    assert desk.codes() == ["997", "997"]


def test_a_nul_wherever_they_put_one_keeps_no_order_behind_it(any_desk: Desk) -> None:
    body = northwind(1, order("PO\x001"))
    for old, new in (
        (b"*000000001*", b"*0000\x00001*"),
        (b"GS*PO*7005551200*", b"GS*PO*70055512\x000*"),
        (b"ST*850*0001", b"ST*850*00\x001"),
        (b"PO1*001", b"P\x001*001"),
    ):
        assert old in body
        any_desk.put(body.replace(old, new))
    any_desk.put(northwind(2, order("PO-2")))
    any_desk.later(hours=1)
    assert any_desk.posted()[-1] == "PO-2"
    assert not [flow for flow in any_desk.flows() if flow.state == "dead" or "defect" in flow.because]


def test_x12_behind_other_bytes_is_found_and_the_bytes_before_it_told(desk: Desk) -> None:
    desk.drop(b"HELO van.example\r\n" + northwind(1, order("PO-1")))
    assert desk.codes() == ["997"]
    assert "bytes 0 to 18" in desk.events("payload.skipped")[0].text


def test_the_same_bytes_on_two_connections_are_two_transmissions_and_only_the_owner_s_counts(desk: Desk) -> None:
    desk.put("northwind-850-plain.edi", at=NORTHWIND)
    desk.put("northwind-850-plain.edi", at=CASCADE)
    desk.run()
    assert len(desk.transmissions()) == 2
    assert [row.state for row in desk.interchanges()].count("unknown sender") == 1
    assert desk.codes() == ["997"]
