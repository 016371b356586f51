"""What was handed over: an entry a document, by our id, kept apart from the folder the ERP takes files out of.

Entries are files, written durably before the document appears in the folder. They are what makes a repeated post harmless after
the ERP took the first file away, and what finds an order by the number its buyer gave it.
"""

from __future__ import annotations

import io
from pathlib import Path
from urllib.parse import quote

import msgspec

from edi_gateway.files import explained, write_once


class Entry(msgspec.Struct, frozen=True):
    """One document: where it went, and under which name."""

    key: str
    folder: str  # orders, changes, remittances
    name: str
    customer: str = ""  # whose it is; an older entry does not say


class Ledger:
    """Entries under ``path``; a folder for each first two characters keeps every folder small."""

    def __init__(self, path: Path) -> None:
        self._keys, self._numbers = path / "keys", path / "numbers"

    def find(self, key: str) -> Entry | None:
        """The entry of a document."""
        path = self._path(self._keys, key)
        with explained("read what was posted", path):
            return msgspec.json.decode(path.read_bytes(), type=Entry) if path.exists() else None

    def put(self, entry: Entry, number: str = "") -> None:
        """Keeps an entry, and the number its order is known by."""
        if number:
            folder = self._path(self._numbers, number) / _safe(entry.customer)
            self._write(folder, entry.key, b"")
        path = self._path(self._keys, entry.key)
        self._write(path.parent, path.name, msgspec.json.encode(entry))

    def keys_of(self, number: str, customer: str = "") -> list[str]:
        """The orders with a buyer's number, of one customer or of all, oldest first."""
        folder = self._path(self._numbers, number)
        with explained("read what was posted", folder):
            found = sorted(folder.glob(f"{_safe(customer)}/*" if customer else "*/*"), key=lambda path: path.stat().st_mtime_ns)
        entries = (self.find(path.name) for path in found)
        return [entry.key for entry in entries if entry is not None and entry.folder == "orders"]

    def _path(self, folder: Path, name: str) -> Path:
        return folder / _safe(name)[-2:] / _safe(name)

    def _write(self, folder: Path, name: str, body: bytes) -> None:
        with explained("write down what is posted", folder):
            folder.mkdir(parents=True, exist_ok=True)
            write_once(folder, name, io.BytesIO(body))


def _safe(name: str) -> str:
    """A name no file system minds."""
    return quote(name, safe="").replace(".", "%2E")
