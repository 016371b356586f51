"""An evidence bundle: everything on record about a document in one zip file, with a page to read and hashes to check."""

from __future__ import annotations

from datetime import datetime
from html import escape
from pathlib import Path

import msgspec

from edi_gateway.store.chain import Head
from edi_gateway.store.database import Database
from edi_gateway.views.evidence import OnRecord, on_record
from edi_gateway.views.evidence_file import (
    Part,
    contents,
    files_table,
    new_file,
    page_head,
    receipt_name,
    second,
    sums,
    table,
    write,
)


def bundle(store: Database, about: str, to: Path) -> list[str]:
    """Writes the bundle about a business number or a subject to a new file; returns the names of its parts.

    Raw bytes as they came and went, documents, receipts, acknowledgments, the timeline with the hash of each event, and
    where the chain of events ended. Raises WrongInput where nothing is on record, or the file is there.
    """
    new_file(to)
    found = on_record(store, about)
    with store.read() as unit:
        head = unit.events.head()
    held = contents(store, found)
    parts = [*held.raw, *held.receipts, *held.documents, Part("evidence.json", msgspec.json.format(msgspec.json.encode(found)))]
    page = Part("index.html", _page(about, found, parts, held.removed, head, store.clock.now()).encode())
    return write(to, [page, sums([page, *parts]), *parts])


# -- the page ----------------------------------------------------------------------------------------------------------------


def _page(about: str, found: OnRecord, parts: list[Part], removed: list[tuple[str, str]], head: Head, made_at: datetime) -> str:
    sets = [
        (one.id, one.direction, one.partner, one.code, one.business_number, one.validation, one.delivery, one.acknowledgment)
        for one in found.sets
    ]
    moved = [
        (second(one.at), one.direction, one.connection, one.name, one.state, one.detail, one.payload)
        for one in found.transmissions
    ]
    proved = [
        (second(one.at), one.direction, one.connection, one.message_id, one.state, one.said, receipt_name(one))
        for one in found.receipts
    ]
    tries = [(second(one.began_at), one.stage, one.key, one.number, one.outcome, one.detail) for one in found.attempts]
    told = [(one.id, second(one.at), one.actor, one.kind, one.text, one.hash[:16]) for one in found.events]
    return "\n".join(
        [
            page_head(f"Evidence: {about}"),
            f"<h1>Evidence: {escape(about)}</h1>",
            f"<p>Made {made_at:%Y-%m-%d %H:%M:%S} UTC. The chain of events ended at event {head.events} with the hash ",
            f"<code>{head.hash}</code>; <code>edi-gateway audit verify --known {head}</code> proves that nothing before it was ",
            "changed since.</p>",
            table("Sets", ("set", "", "partner", "set code", "number", "validation", "delivery", "acknowledgment"), sets),
            table("Moved", ("at (UTC)", "", "connection", "name", "state", "receipt", "SHA-256 of the bytes"), moved),
            table("AS2 receipts", ("at (UTC)", "message", "connection", "message id", "state", "said", "file"), proved)
            * bool(proved),
            table("Tries", ("at (UTC)", "stage", "key", "try", "outcome", "detail"), tries),
            table("What happened", ("event", "at (UTC)", "by", "kind", "what", "hash"), told),
            files_table(parts),
            table("Removed before, as the retention says", ("name", "SHA-256 of what it was"), removed) if removed else "",
        ]
    )
