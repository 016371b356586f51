"""Payloads by SHA-256: small ones are rows (one transaction, one fsync, no orphans), larger ones files named by their hash."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.errors import Defect, NeedsPerson, TryAgain
from edi_gateway.files import make_folder, owned_as_around, sync_folder
from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import rows_by, upsert
from edi_gateway.store.removed import removed
from edi_gateway.store.tables import payload

IN_ROW = 256 * 1024  # bytes; above this a file is faster than a row (0.9 against 0.8 ms at 256 KB, and no long row locks)
_PIECE = 1 << 20


@cache
def _recorded(insert: Any) -> sa.Insert:
    new = insert(payload)
    again = {name: new.excluded[name] for name in ("body", "recorded_at")}
    kept: sa.Insert = new.on_conflict_do_update(
        index_elements=["sha256"], set_={**again, "removed_at": None}, where=payload.c.removed_at.is_not(None)
    )
    return kept


class Staged:
    """A payload read once: hashed, and, where it is large, already written and fsynced as a file."""

    def __init__(self, sha256: str, size: int, body: bytes | None) -> None:
        self.sha256, self.size, self.body = sha256, size, body


def stage(source: BinaryIO, files: Path) -> Staged:
    """Reads ``source`` to its end, outside any transaction. A large payload is on disk, durable, when this returns.

    Raises TryAgain where the disk does not take it now.
    """
    head = source.read(IN_ROW + 1)
    if len(head) <= IN_ROW:
        return Staged(hashlib.sha256(head).hexdigest(), len(head), head)
    try:
        return _stage_file(head, source, files)
    except OSError as error:
        said = f"a payload could not be kept: {error.strerror or error}"
        raise TryAgain(said, where=str(files), do="see that the disk has room and is sound") from error


def _stage_file(head: bytes, source: BinaryIO, files: Path) -> Staged:
    make_folder(files)
    temporary = files / f".{os.getpid()}-{os.urandom(8).hex()}.part"
    digest, size, piece = hashlib.sha256(), 0, head
    with temporary.open("wb") as file:
        while piece:
            digest.update(piece)
            size += file.write(piece)
            piece = source.read(_PIECE)
        file.flush()
        os.fsync(file.fileno())
    sha256 = digest.hexdigest()
    final = _path(files, sha256)
    make_folder(final.parent)
    owned_as_around(temporary)
    os.replace(temporary, final)
    for folder in (final.parent, files):
        sync_folder(folder)
    return Staged(sha256, size, None)


def _path(files: Path, sha256: str) -> Path:
    return files / sha256[:2] / sha256


class Payloads:
    """The payloads of one unit of work."""

    def __init__(self, connection: Connection, clock: Clock, files: Path) -> None:
        self._connection, self._clock, self._files = connection, clock, files
        self._opened: tuple[str, BinaryIO] | None = None

    def record(self, staged: Staged) -> str:
        """Puts a staged payload on record and returns its SHA-256; the same bytes twice are one row, also from two connections.

        What had been removed, and came again, is kept anew.
        """
        row = {"sha256": staged.sha256, "size": staged.size, "body": staged.body, "recorded_at": self._clock.now()}
        self._connection.execute(_recorded(upsert(self._connection)), row)
        if staged.body is None and not _path(self._files, staged.sha256).exists():
            raise TryAgain(f"payload {staged.sha256} came again while its file was being removed")
        return staged.sha256

    def put(self, body: bytes) -> str:
        """Stages and records bytes in memory."""
        return self.record(stage(io.BytesIO(body), self._files))

    def open(self, sha256: str) -> BinaryIO:
        """The bytes, as a stream the caller closes. Raises NeedsPerson when a payload's file is gone, TryAgain when it
        cannot be opened just now."""
        row = self._connection.execute(rows_by(payload, "sha256"), {"sha256": sha256}).first()
        if row is None:
            raise Defect(f"no payload {sha256} is on record")
        if row.removed_at is not None:
            raise removed(f"payload {sha256}", row.removed_at)
        if row.body is not None:
            return io.BytesIO(row.body)
        try:
            return _path(self._files, sha256).open("rb")
        except FileNotFoundError as error:
            raise NeedsPerson(
                f"payload {sha256} is on record but its file is not there", do="restore the payload folder"
            ) from error
        except OSError as error:  # too many open files, a disk that does not answer
            raise TryAgain(f"payload {sha256} could not be opened: {error.strerror}") from error

    def part(self, sha256: str, start: int, length: int) -> bytes:
        """So many bytes of it from a place on. What one unit asks for of one payload after another is opened once."""
        if self._opened is None or self._opened[0] != sha256:
            self.close()
            self._opened = sha256, self.open(sha256)
        stream = self._opened[1]
        stream.seek(start)
        return stream.read(length)

    def close(self) -> None:
        """Lets go of what was opened for ``part``."""
        if self._opened is not None:
            self._opened[1].close()
            self._opened = None

    def read(self, sha256: str) -> bytes:
        """All the bytes at once: for payloads known to be small."""
        with self.open(sha256) as stream:
            return stream.read()

    def find(self, sha256: str) -> bytes | None:
        """The bytes, unless they were removed."""
        row = self._connection.execute(rows_by(payload, "sha256"), {"sha256": sha256}).first()
        return None if row is None or row.removed_at is not None else self.read(sha256)

    def was_removed(self, sha256: str) -> bool:
        """Whether retention took its bytes away."""
        row = self._connection.execute(rows_by(payload, "sha256"), {"sha256": sha256}).first()
        return row is not None and row.removed_at is not None

    def lock(self, payloads: Iterable[str]) -> None:
        """Nothing else changes their rows until the end of the transaction; what was about to, has."""
        here = payload.c.sha256.in_(list(payloads))
        self._connection.execute(sa.select(payload.c.sha256).where(here).order_by(payload.c.sha256).with_for_update()).all()

    def remove(self, sha256: str) -> None:
        """Takes the bytes away; hash and size stay. Those of a file go with ``delete_files``, after the commit."""
        here = payload.update().where(payload.c.sha256 == sha256)
        self._connection.execute(here.values(body=None, removed_at=self._clock.now()))

    def lacking(self) -> list[str]:
        """The payloads that are on record and kept, and whose files are not there."""
        kept = sa.select(payload.c.sha256).where(
            payload.c.removed_at.is_(None), payload.c.size > IN_ROW, payload.c.body.is_(None)
        )
        return [sha256 for sha256 in self._connection.execute(kept).scalars() if not _path(self._files, sha256).exists()]

    def delete_files(self, since: datetime) -> None:
        """Deletes the files of payloads that were removed since a moment, also those that a crash left.

        In a unit that writes: their rows are locked meanwhile, so that one that comes again is looked for after that.
        """
        removed = sa.select(payload.c.sha256).where(payload.c.removed_at >= since, payload.c.size > IN_ROW)
        for row in self._connection.execute(removed.with_for_update()):
            _path(self._files, row.sha256).unlink(missing_ok=True)
