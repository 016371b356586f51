"""Every act at a mailbox is on record, under its partner; strangers are counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from desk import NOON, Desk

from edi_gateway.bootstrap.mailbox_audit import MailboxAudit, Owner
from edi_gateway.transports.mailbox import MailboxEvent


def owner_of(account: str) -> Owner | None:
    return Owner("acme-mailbox", "acme") if account == "acme" else None


def event(kind: str, account: str = "acme", path: str = "", detail: str = "") -> MailboxEvent:
    return MailboxEvent(kind, NOON, account, "203.0.113.7", path, detail)  # type: ignore[arg-type]  # kinds as the server has them


def on_record(desk: Desk, *subjects: str) -> list[tuple[str, str | None, str]]:
    with desk.store.read() as unit:
        return [(row.kind, row.partner, row.text) for row in unit.events.about(*subjects)]


def test_what_a_partner_does_is_on_record_under_its_connection_and_name_when_the_gateway_stops(desk: Desk):
    audit = MailboxAudit(desk.store, owner_of)
    audit.start()
    for each in (
        event("login", detail="password"),
        event("upload", path="/inbox/po.edi", detail="7 bytes"),
        event("login failed"),
    ):
        audit.take(each)
    audit.stop()

    assert on_record(desk, "connection:acme-mailbox") == [
        ("mailbox.login", "acme", "acme from 203.0.113.7: login, password"),
        ("mailbox.upload", "acme", "acme from 203.0.113.7: upload /inbox/po.edi, 7 bytes"),
        ("mailbox.login_failed", "acme", "acme from 203.0.113.7: login failed"),
    ]


def test_a_thousand_strangers_make_one_event(desk: Desk):
    audit = MailboxAudit(desk.store, owner_of)
    for number in range(1000):
        audit.take(event("login failed", f"root{number}"))
    audit.start()
    audit.stop()

    assert on_record(desk, "mailbox") == [("mailbox.strangers", None, "1000 visits without an account of ours, from 1 addresses")]


def test_strangers_are_told_once_a_minute_and_the_rest_at_the_end(desk: Desk):
    audit = MailboxAudit(desk.store, owner_of)
    for _ in range(3):
        with desk.store.write() as unit:
            audit._record(unit, [event("refused", "")] * 5, at_last=False)
        desk.clock.advance(timedelta(seconds=40))

    assert [text.split()[0] for _, _, text in on_record(desk, "mailbox")] == ["5", "10"]


def test_what_cannot_be_written_keeps_no_partner_waiting(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    audit = MailboxAudit(desk.store, owner_of)
    monkeypatch.setattr(audit, "_record", lambda *_, **__: 1 / 0)
    audit.start()
    audit.take(event("login"))
    audit.stop()

    assert on_record(desk, "connection:acme-mailbox") == []
