"""Silence: a partner that sends nothing, and a document that nobody fetches from its mailbox. Each is told once."""

from __future__ import annotations

from datetime import datetime, timedelta

from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import MailboxConnection, TradingPartner

SILENT, UNFETCHED = "partner.silent", "transmission.unfetched"


def watch_silence(store: Database, directory: Directory) -> int:
    """Tells of every partner that was silent for longer than its profile says, and every payload that was not fetched in time.

    A partner that has never sent anything is not silent, it has not begun. Returns how many were new.
    """
    with store.write() as unit:
        silent = [_silent(unit, partner) for partner in directory.partners if partner.silent_after]
        mailboxes = [each for each in directory.connections if isinstance(each, MailboxConnection)]
        return sum(silent) + sum(_unfetched(unit, each) for each in mailboxes)


def _silent(unit: Unit, partner: TradingPartner) -> bool:
    last, subject = unit.quiet.last_from(partner.name), f"partner:{partner.name}"
    if last is None or unit.clock.now() < partner.deadline(last, partner.silent_after or timedelta(), partner.silence_counted_in):
        return False
    if _is_told(unit, SILENT, subject, since=last):
        return False
    contact = partner.contact("technical")
    ask = f"; ask {contact}" if contact else ""
    unit.events.tell(
        SILENT, subject, f"nothing came from {partner.title} since {last:%Y-%m-%d %H:%M} UTC{ask}", partner=partner.name
    )
    return True


def _unfetched(unit: Unit, mailbox: MailboxConnection) -> int:
    new = 0
    for one in unit.quiet.unfetched(mailbox.name, unit.clock.now() - mailbox.fetched_within):
        subject = f"transmission:{one.id}"
        if not _is_told(unit, UNFETCHED, subject, since=one.at):
            text = f"{one.name} lies in mailbox {mailbox.account} since {one.told_at:%Y-%m-%d %H:%M} UTC and was not fetched"
            unit.events.tell(UNFETCHED, subject, text, partner=one.partner)
            new += 1
    return new


def _is_told(unit: Unit, kind: str, subject: str, *, since: datetime) -> bool:
    told = unit.quiet.told(kind, subject)
    return told is not None and told > since
