"""One account's folders, held open, and every path a partner can name led to a place in one of them.

Containment does not depend on comparing paths. A path is taken apart into one of three known folders and a plain name, and
every access goes through that folder's descriptor without following links. There is no way to spell a place outside, and a
link planted by somebody with a shell leads nowhere.
"""

from __future__ import annotations

import os
import posixpath
import secrets
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import paramiko

from edi_gateway.files import digest_of, open_fd_plainly, rename_once, sync_folder
from edi_gateway.transports.mailbox.folders import ARCHIVE, INBOX, OUTBOX, UPLOADING, make_mailbox
from edi_gateway.transports.mailbox.refused import Refused, denied, failed, missing
from edi_gateway.transports.naming import in_transit, oddity

_ATTEMPTS = 3  # to name a file whose namesake is being collected at this very moment


class Place(NamedTuple):
    """A place in a mailbox: a folder (empty: the top) and a file's name in it (empty: the folder itself)."""

    folder: str
    name: str

    def __str__(self) -> str:
        return "/" + "/".join(filter(None, self))


class Room:
    """An account's folders by descriptor, for one session. Methods raise OSError or Refused."""

    def __init__(self, root: Path, account: str, *, sees_archive: bool) -> None:
        self.home = make_mailbox(root, account)
        self.visible = (INBOX, OUTBOX, ARCHIVE) if sees_archive else (INBOX, OUTBOX)
        self._fds: dict[str, int] = {}
        base = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            self._fds[""] = _open_folder(account, base)
            for folder in (*self.visible, UPLOADING):
                self._fds[folder] = _open_folder(folder, self._fds[""])
        except OSError:
            self.close()
            raise
        finally:
            os.close(base)

    def place(self, path: str) -> Place:
        """Where a partner's path leads; Refused for ``..``, odd names, and anything but a folder or a file in one."""
        parts = [part for part in path.split("/") if part not in ("", ".")]
        if ".." in parts:
            raise denied("Paths with '..' are not followed")
        folder, name = (*parts, "", "")[:2]
        if len(parts) > 2 or (folder and folder not in self.visible):
            raise missing(f"There is only {' and '.join('/' + each for each in self.visible)} here")
        why = oddity(name) if name else None
        if why:
            raise denied(f"This name {why}")
        if name.startswith(".") and folder != INBOX:
            raise missing()
        return Place(folder, name)

    def path(self, place: Place) -> Path:
        """Where a place lies on our disk; for messages and hooks, not for access."""
        return self.home / place.folder / place.name

    def stat(self, place: Place) -> os.stat_result:
        """What lies at a place: a folder of ours or a regular file; anything else is not there."""
        if not place.name:
            return os.fstat(self._fds[place.folder])
        found = os.stat(place.name, dir_fd=self._fds[place.folder], follow_symlinks=False)
        if not stat.S_ISREG(found.st_mode):
            raise missing()
        return found

    def listing(self, place: Place) -> Iterator[paramiko.SFTPAttributes]:
        """What the partner sees in a folder."""
        if place.name:
            raise missing("This is not a folder")
        names = self.visible if not place.folder else sorted(os.listdir(self._fds[place.folder]))
        for name in names:
            try:
                inside = self.place(f"{place.folder}/{name}")
                yield attributes(self.stat(inside), name)
            except (OSError, Refused):
                continue

    def read(self, place: Place) -> int:
        """Opens a file for reading; a descriptor."""
        self.stat(place)
        return open_fd_plainly(place.name, self._fds[place.folder])

    def new_upload(self) -> tuple[str, int]:
        """A hidden new file to write to: its name among the uploads, and a descriptor."""
        name = secrets.token_hex(16)
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        return name, os.open(name, flags, 0o600, dir_fd=self._fds[UPLOADING])

    def drop_upload(self, name: str) -> None:
        """Removes an upload that did not come to an end."""
        os.unlink(name, dir_fd=self._fds[UPLOADING])

    def keep_upload(self, name: str, place: Place) -> bool:
        """Gives a complete, synced upload its name in the inbox; says whether a new document has arrived by it."""
        return self._move_in(self._fds[UPLOADING], name, place)

    def rename(self, old: Place, new: Place) -> bool:
        """Renames within the inbox (only what is in transit), the outbox, or from there to the archive; never onto another file.

        Says whether a new document has arrived by it.
        """
        self.stat(old)
        if old == new:
            return False
        if old.folder == new.folder == INBOX:
            if not in_transit(old.name):
                raise denied("What was handed over stays as it is")
            return self._move_in(self._fds[INBOX], old.name, new)
        if old.folder != OUTBOX or new.folder not in (OUTBOX, ARCHIVE):
            raise denied("Files are not moved between these folders")
        self._give_name(self._fds[OUTBOX], old.name, new)
        return False

    def remove(self, place: Place) -> None:
        """Removes a file from the outbox, or one that is still in transit from the inbox."""
        self.stat(place)
        if place.folder == ARCHIVE or (place.folder == INBOX and not in_transit(place.name)):
            raise denied("What was handed over stays as it is")
        os.unlink(place.name, dir_fd=self._fds[place.folder])
        sync_folder(self._fds[place.folder])

    def stored(self) -> tuple[int, int]:
        """How many files and bytes lie in the inbox."""
        files = size = 0
        for name in os.listdir(self._fds[INBOX]):
            with suppress(FileNotFoundError):  # the gateway collects while we count
                found = os.stat(name, dir_fd=self._fds[INBOX], follow_symlinks=False)
                if stat.S_ISREG(found.st_mode):
                    files, size = files + 1, size + found.st_size
        return files, size

    def close(self) -> None:
        """Lets go of the folders."""
        while self._fds:
            os.close(self._fds.popitem()[1])

    def _move_in(self, source_fd: int, source: str, place: Place) -> bool:
        if in_transit(place.name):
            os.rename(source, place.name, src_dir_fd=source_fd, dst_dir_fd=self._fds[INBOX])
            return False
        return self._give_name(source_fd, source, place)

    def _give_name(self, source_fd: int, source: str, place: Place) -> bool:
        """Names a file that has no such name yet; when its namesake holds the same bytes, that one stands for both."""
        target_fd = self._fds[place.folder]
        for _ in range(_ATTEMPTS):
            try:
                rename_once(source, place.name, from_fd=source_fd, to_fd=target_fd)
            except FileExistsError:
                if not self._same(source, source_fd, place):
                    continue
                os.unlink(source, dir_fd=source_fd)
                return False
            sync_folder(target_fd)
            return True
        raise failed("This name is being taken at the moment; try again")

    def _same(self, source: str, source_fd: int, place: Place) -> bool:
        """Whether the namesake holds the same bytes; False when it has just gone, Refused when it holds others."""
        try:
            there = digest_of(place.name, self._fds[place.folder])
        except FileNotFoundError:
            return False
        if there != digest_of(source, source_fd):
            raise failed("Another file of this name is still waiting here; use another name")
        return True


def canonical(path: str) -> str:
    """The absolute form of a path as the partner sees it; ``..`` ends at the top. Nothing on disk is looked at."""
    return posixpath.normpath("/" + path.lstrip("/"))


def attributes(found: os.stat_result, name: str = "") -> paramiko.SFTPAttributes:
    """What a partner is told about a file: kind, size and time; nothing of our users and rights."""
    attrs = paramiko.SFTPAttributes.from_stat(found, name)
    attrs.st_uid = attrs.st_gid = 0
    attrs.st_mode = stat.S_IFDIR | 0o700 if stat.S_ISDIR(found.st_mode) else stat.S_IFREG | 0o600
    return attrs


def _open_folder(name: str, within: int) -> int:
    return os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=within)
