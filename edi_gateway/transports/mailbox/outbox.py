"""What waits for a partner in its mailbox, for one who takes it over the API instead of SFTP."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import paramiko

from edi_gateway.files import explained
from edi_gateway.transports.base import RemoteFile
from edi_gateway.transports.mailbox.folders import OUTBOX
from edi_gateway.transports.mailbox.refused import Refused
from edi_gateway.transports.mailbox.room import Place, Room


class Outbox:
    """One account's outbox; the same containment as over SFTP. Raises TryAgain or NeedsPerson where the disk does not answer."""

    def __init__(self, root: Path, account: str) -> None:
        self._root, self._account = root, account

    def waiting(self) -> list[RemoteFile]:
        """The files, oldest first."""
        with explained("list the outbox", self._root / self._account), closing(self._room()) as room:
            seen = [_file(each) for each in room.listing(Place(OUTBOX, ""))]
        return sorted(seen, key=lambda file: (str(file.modified), file.name))

    def open(self, name: str) -> BinaryIO | None:
        """A file's bytes, for the caller to close; None where there is no such file."""
        with explained("open a file of the outbox", self._root / self._account), closing(self._room()) as room:
            try:
                return os.fdopen(room.read(_place(room, name)), "rb")
            except (Refused, FileNotFoundError):
                return None

    def remove(self, name: str) -> bool:
        """Takes a file away; False where there is no such file."""
        with explained("remove a file of the outbox", self._root / self._account), closing(self._room()) as room:
            try:
                room.remove(_place(room, name))
            except (Refused, FileNotFoundError):
                return False
        return True

    def _room(self) -> Room:
        return Room(self._root, self._account, sees_archive=False)


def _place(room: Room, name: str) -> Place:
    """A file's place in the outbox; Refused for a name that leads anywhere else."""
    place = room.place(f"/{OUTBOX}/{name}")
    if not place.name:
        raise FileNotFoundError(name)
    return place


def _file(found: paramiko.SFTPAttributes) -> RemoteFile:
    modified = datetime.fromtimestamp(found.st_mtime or 0, UTC)
    return RemoteFile(f"/{OUTBOX}/{found.filename}", found.filename, found.st_size or 0, modified)
