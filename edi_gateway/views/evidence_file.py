"""What files of evidence are made of: a zip with the bytes on record, hashes to check, and tables of a page to read."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

from edi_gateway.errors import WrongInput
from edi_gateway.store.database import Database
from edi_gateway.store.rows import DocumentRow, TransmissionRow
from edi_gateway.views.evidence import OnRecord
from edi_gateway.views.evidence_receipts import ReceiptRow


class Part(NamedTuple):
    """A file of the zip."""

    name: str
    body: bytes


class Contents(NamedTuple):
    """What moved, its receipts and the documents, as they are on record; ``removed``: what retention took, with its SHA-256."""

    raw: list[Part]
    receipts: list[Part]
    documents: list[Part]
    removed: list[tuple[str, str]]


def contents(store: Database, found: OnRecord) -> Contents:
    """What there is of everything found."""
    with store.read() as unit:
        payloads = [(one, unit.payloads.find(one.payload)) for one in found.transmissions]
    removed = [(one.name, one.payload) for one, body in payloads if body is None]
    return Contents(
        [Part(payload_name(one), body) for one, body in payloads if body is not None],
        [Part(receipt_name(one), one.receipt.wire) for one in found.receipts],
        [Part(document_name(one), one.body.encode()) for one in found.documents if not one.sha256],
        removed + [(document_name(one), one.sha256) for one in found.documents if one.sha256],
    )


def payload_name(one: TransmissionRow) -> str:
    """Where the bytes of a transmission lie in the zip."""
    return f"payloads/{one.id}-{one.direction}-{safe(one.name)}"


def receipt_name(one: ReceiptRow) -> str:
    """Where a receipt lies in the zip."""
    return f"receipts/{one.id}-{one.direction}-{safe(one.name or one.message_id)}.mdn"


def document_name(one: DocumentRow) -> str:
    """Where a document lies in the zip."""
    return "documents/" + safe(f"{one.kind}-{one.number}-{one.id[-8:]}.json")  # an id begins with its time


def safe(name: str) -> str:
    """A name that is one file anywhere it is unpacked."""
    return re.sub(r"[^\w.-]", "_", name)[-80:]


def sums(parts: Sequence[Part]) -> Part:
    """The hashes of all parts, as ``sha256sum -c`` reads them."""
    return Part("SHA256SUMS", "".join(f"{sha256(part.body).hexdigest()}  {part.name}\n" for part in parts).encode())


def new_file(to: Path) -> Path:
    """The file, which must not be there. Raises WrongInput where it is."""
    try:
        is_there = to.exists()
    except OSError as error:
        raise WrongInput(f"cannot be written: {error.strerror}", where=str(to), do="name another file") from error
    if is_there:
        raise WrongInput("is there already", where=str(to), do="name a new file")
    return to


def write(to: Path, parts: Sequence[Part]) -> list[str]:
    """Writes the zip; returns the names of its parts. Raises WrongInput where it cannot be written."""
    try:
        with ZipFile(to, "x", ZIP_DEFLATED) as file:
            for part in parts:
                file.writestr(part.name, part.body)
    except OSError as error:
        raise WrongInput(f"cannot be written: {error.strerror}", where=str(to)) from None
    return [part.name for part in parts]


def zip_of(write: Callable[[Path], object]) -> bytes:
    """What ``write`` puts into the file it is given, which is gone afterwards: for who answers with it. Raises what it raises."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.zip"
        write(path)
        return path.read_bytes()


def page_head(title: str) -> str:
    """How a page begins."""
    return f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(title)}</title><style>{_STYLE}</style>"


_STYLE = "body{font:15px sans-serif;margin:2em;max-width:90em}table{border-collapse:collapse}td,th{border:1px solid #bbb;"
_STYLE += "padding:3px 8px;text-align:left;vertical-align:top;overflow-wrap:anywhere}code{overflow-wrap:anywhere}"


def table(title: str, columns: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> str:
    """A table with its heading; what is in a cell is never markup."""
    head = "".join(f"<th>{escape(column)}" for column in columns)
    body = "".join("<tr>" + "".join(f"<td>{escape('' if cell is None else str(cell))}" for cell in row) for row in rows)
    return f"<h2>{escape(title)}</h2><table><tr>{head}{body}</table>"


def files_table(parts: Sequence[Part]) -> str:
    """Every part with its size and hash."""
    rows = [(part.name, len(part.body), sha256(part.body).hexdigest()) for part in parts]
    return table("Files in this bundle", ("file", "bytes", "SHA-256"), rows)


def second(moment: datetime | None) -> str:
    """A moment to the second, in UTC."""
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else ""
