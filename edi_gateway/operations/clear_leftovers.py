"""Clear leftovers: what broken uploads and killed processes left half-written is removed when nobody wrote on for a week.

Only files whose name says that they are not complete, in our own folders: none of them is a document, and none is on record.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from edi_gateway.store.database import Database
from edi_gateway.transports.mailbox.folders import INBOX, OUTBOX, UPLOADING
from edi_gateway.transports.naming import in_transit
from edi_gateway.wording import count

LEFT_FOR = timedelta(days=7)
_SHOWN = 3  # names


def clear_leftovers(store: Database, mailboxes: Path) -> int:
    """Removes leftovers from every mailbox and from the folder of large payloads; how many, each mailbox's told by an event."""
    before = store.clock.now() - LEFT_FOR
    removed = len(_clear(store.files, before, ours=True))
    for account in sorted(path for path in mailboxes.glob("*") if path.is_dir()):
        gone = _clear(account / UPLOADING, before) + _clear(account / INBOX, before) + _clear(account / OUTBOX, before, ours=True)
        if gone:
            _tell(store, account.name, gone)
        removed += len(gone)
    return removed


def _clear(folder: Path, before: datetime, *, ours: bool = False) -> list[str]:
    """Removes what is not complete in a folder; where ``ours``, only what our own writing leaves: hidden, and ending in .part."""
    gone: list[str] = []
    for path in _files(folder):
        is_leftover = folder.name == UPLOADING or in_transit(path.name)
        if ours:
            is_leftover = path.name.startswith(".") and path.name.endswith(".part")
        with suppress(FileNotFoundError):  # it came to its end at this moment
            if is_leftover and datetime.fromtimestamp(path.lstat().st_mtime, UTC) < before:
                path.unlink()
                gone.append(path.name)
    return gone


def _files(folder: Path) -> Iterator[Path]:
    """The regular files of a folder; none where there is no folder, or a link in its place."""
    if folder.is_symlink() or not folder.is_dir():
        return
    with os.scandir(folder) as found:
        yield from sorted(folder / each.name for each in found if stat.S_ISREG(each.stat(follow_symlinks=False).st_mode))


def _tell(store: Database, account: str, gone: list[str]) -> None:
    named = ", ".join(gone[:_SHOWN]) + (" …" if len(gone) > _SHOWN else "")
    with store.write() as unit:
        text = f"{count(len(gone), 'file')} that nobody wrote on for {LEFT_FOR.days} days removed, never complete: {named}"
        unit.events.tell("mailbox.cleared", f"mailbox:{account}", text)
