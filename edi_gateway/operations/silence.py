"""Silence: a partner that sends nothing, and a document that nobody fetches from its mailbox. Each is told once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from edi_gateway.operations.telling import News, tell_news
from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import MailboxConnection, TradingPartner

SILENT, UNFETCHED = "partner.silent", "transmission.unfetched"


def watch_silence(store: Database, directory: Directory) -> int:
    """Tells of every partner that was silent for longer than its profile says, and every payload that was not fetched in time.

    A partner that has never sent anything is not silent, it has not begun. Returns how many were new.
    """
    with store.read() as unit:
        found = [news for partner in directory.partners if partner.silent_after for news in _silent(unit, partner)]
        mailboxes = [each for each in directory.connections if isinstance(each, MailboxConnection)]
        found += [news for mailbox in mailboxes for news in _unfetched(unit, mailbox)]
    return tell_news(store, found)


def _silent(unit: Unit, partner: TradingPartner) -> Iterator[News]:
    last = unit.quiet.last_from(partner.name)
    if last is None or unit.clock.now() < partner.deadline(last, partner.silent_after or timedelta(), partner.silence_counted_in):
        return
    contact = partner.contact("technical")
    text = f"nothing came from {partner.title} since {last:%Y-%m-%d %H:%M} UTC" + (f"; ask {contact}" if contact else "")
    yield News(SILENT, f"partner:{partner.name}", text, partner.name, since=last)


def _unfetched(unit: Unit, mailbox: MailboxConnection) -> Iterator[News]:
    for one in unit.quiet.unfetched(mailbox.name, unit.clock.now() - mailbox.fetched_within):
        text = f"{one.name} lies in mailbox {mailbox.account} since {one.told_at:%Y-%m-%d %H:%M} UTC and was not fetched"
        yield News(UNFETCHED, f"transmission:{one.id}", text, one.partner, since=one.at)
