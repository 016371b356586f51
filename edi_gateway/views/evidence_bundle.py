"""An evidence bundle: everything on record about a document in one zip file, with a page to read and hashes to check."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.store.chain import Head
from edi_gateway.store.database import Database
from edi_gateway.store.rows import DocumentRow, TransmissionRow
from edi_gateway.views.evidence import OnRecord, on_record


class Part(NamedTuple):
    """A file of the bundle."""

    name: str
    body: bytes


def bundle(store: Database, about: str, to: Path) -> list[str]:
    """Writes the bundle about a business number or a subject to a new file; returns the names of its parts.

    Raw bytes as they came and went, documents, receipts, acknowledgments, the timeline with the hash of each event, and
    where the chain of events ended. Raises WrongInput where nothing is on record, or the file is there.
    """
    if to.exists():
        raise WrongInput("is there already", where=str(to), do="name a new file")
    found = on_record(store, about)
    with store.read() as unit:
        head = unit.events.head()
        payloads = [(one, unit.payloads.find(one.payload)) for one in found.transmissions]
    raw = [Part(_name(one), body) for one, body in payloads if body is not None]
    removed = [(one.name, one.payload) for one, body in payloads if body is None]
    removed += [(_document(one), one.sha256) for one in found.documents if one.sha256]
    documents = [Part(_document(one), one.body.encode()) for one in found.documents if not one.sha256]
    parts = [*raw, *documents, Part("evidence.json", msgspec.json.format(msgspec.json.encode(found)))]
    sums = Part("SHA256SUMS", "".join(f"{sha256(part.body).hexdigest()}  {part.name}\n" for part in parts).encode())
    page = Part("index.html", _page(about, found, parts, removed, head, store.clock.now()).encode())
    _write(to, [page, sums, *parts])
    return [part.name for part in (page, sums, *parts)]


def _name(one: TransmissionRow) -> str:
    return f"payloads/{one.id}-{one.direction}-{_safe(one.name)}"


def _document(one: DocumentRow) -> str:
    return "documents/" + _safe(f"{one.kind}-{one.number}-{one.id[:8]}.json")


def _safe(name: str) -> str:
    """A name that is one file anywhere it is unpacked."""
    return re.sub(r"[^\w.-]", "_", name)[-80:]


def _write(to: Path, parts: list[Part]) -> None:
    with ZipFile(to, "x", ZIP_DEFLATED) as file:
        for part in parts:
            file.writestr(part.name, part.body)


# -- the page ----------------------------------------------------------------------------------------------------------------


def _page(about: str, found: OnRecord, parts: list[Part], removed: list[tuple[str, str]], head: Head, made_at: datetime) -> str:
    sets = [
        (one.id, one.direction, one.partner, one.code, one.business_number, one.validation, one.delivery, one.acknowledgment)
        for one in found.sets
    ]
    moved = [
        (_time(one.at), one.direction, one.connection, one.name, one.state, one.detail, one.payload)
        for one in found.transmissions
    ]
    tries = [(_time(one.began_at), one.stage, one.key, one.number, one.outcome, one.detail) for one in found.attempts]
    told = [(one.id, _time(one.at), one.actor, one.kind, one.text, one.hash[:16]) for one in found.events]
    files = [(part.name, len(part.body), sha256(part.body).hexdigest()) for part in parts]
    return "\n".join(
        [
            f"<!doctype html><html lang=en><meta charset=utf-8><title>Evidence: {escape(about)}</title><style>{_STYLE}</style>",
            f"<h1>Evidence: {escape(about)}</h1>",
            f"<p>Made {made_at:%Y-%m-%d %H:%M:%S} UTC. The chain of events ended at event {head.events} with the hash ",
            f"<code>{head.hash}</code>; <code>edi-gateway audit verify --known {head}</code> proves that nothing before it was ",
            "changed since.</p>",
            _table("Sets", ("set", "", "partner", "set code", "number", "validation", "delivery", "acknowledgment"), sets),
            _table("Moved", ("at (UTC)", "", "connection", "name", "state", "receipt", "SHA-256 of the bytes"), moved),
            _table("Tries", ("at (UTC)", "stage", "key", "try", "outcome", "detail"), tries),
            _table("What happened", ("event", "at (UTC)", "by", "kind", "what", "hash"), told),
            _table("Files in this bundle", ("file", "bytes", "SHA-256"), files),
            _table("Removed before, as the retention says", ("name", "SHA-256 of what it was"), removed) if removed else "",
        ]
    )


_STYLE = "body{font:15px sans-serif;margin:2em;max-width:90em}table{border-collapse:collapse}td,th{border:1px solid #bbb;"
_STYLE += "padding:3px 8px;text-align:left;vertical-align:top;overflow-wrap:anywhere}code{overflow-wrap:anywhere}"


def _table(title: str, columns: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> str:
    head = "".join(f"<th>{escape(column)}" for column in columns)
    body = "".join("<tr>" + "".join(f"<td>{escape(_text(cell))}" for cell in row) for row in rows)
    return f"<h2>{escape(title)}</h2><table><tr>{head}{body}</table>"


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)


def _time(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else ""
