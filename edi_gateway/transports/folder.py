"""A folder on this machine as a connection: files dropped there are collected, payloads to send are put there.

It is also how the gateway looks into a mailbox of its own SFTP server, and into the chrooted folders of somebody else's.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

import msgspec

from edi_gateway.clock import Clock, SystemClock
from edi_gateway.errors import NeedsPerson, TryAgain, WrongInput
from edi_gateway.files import digest_of, explained, move_aside, open_plainly, write_once
from edi_gateway.transports.base import Receipt, RemoteFile
from edi_gateway.transports.naming import Claims, check_name_to_send, fit, in_transit, matches, read_claim
from edi_gateway.transports.ping import Ping, Step
from edi_gateway.transports.steady import Steady

CLAIMED = ".claimed"


class FolderConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Where files are collected and where they are put; a folder that is None is not used in that direction.

    ``archive``: where collected files go; None deletes them. ``pattern``: shell-style, any case. ``stable_for``: seconds a
    file must be unchanged. ``claim_lasts``: seconds after which another collector may go on with a claimed file; ``owner``: who
    claims (letters, digits, underscores), kept over restarts to get one's own claims back at once. ``watched``: whoever
    takes files from the outbox is seen doing it, as in a mailbox of our own server.
    """

    inbox: Path | None = None
    outbox: Path | None = None
    archive: Path | None = None
    pattern: str = "*"
    stable_for: float = 2.0
    claim_lasts: float = 600.0
    owner: str = ""
    watched: bool = False


class FolderTransport:
    """Collects from and sends to folders; a Source and a Sink.

    Keep one object between looks: it remembers which files were still changing. One thread at a time.
    """

    def __init__(self, config: FolderConfig, clock: Clock | None = None) -> None:
        self._config = config
        self._clock = clock or SystemClock()
        self._claims = Claims(config.owner, config.claim_lasts, self._clock)
        self._steady = Steady(config.stable_for, trusted_age=config.stable_for)

    def look(self) -> list[RemoteFile]:
        """Complete files, oldest first: unclaimed ones that fit the pattern, and claims of ours or long silent ones."""
        inbox = self._inbox()
        with explained("list the folder", inbox):
            return self._steady.ready([*self._waiting(inbox), *self._claimed(inbox / CLAIMED)], self._clock.now())

    def claim(self, file: RemoteFile) -> RemoteFile | None:
        """Moves the file to ``.claimed/``; None when it is gone, or changed under our hands and must settle first.

        From here on it has a name that can be written down, whatever somebody called it.
        """
        here = Path(file.path)
        earlier = read_claim(here.name) if here.parent.name == CLAIMED else None
        if earlier and self._claims.is_ours(earlier) and earlier.name == file.name:
            return file if here.exists() else None
        with explained("claim the file", here.with_name(file.name)):
            claimed = _own_folder(self._inbox() / CLAIMED) / self._claims.new_name(file.name)
            try:
                here.rename(claimed)
            except FileNotFoundError:
                return None
            taken = _remote_file(claimed, file.name)
        return taken if taken and (taken.size, taken.modified) == (file.size, file.modified) else None

    def fetch(self, file: RemoteFile) -> BinaryIO:
        """The bytes of a claimed file, streamed from where it lies."""
        try:
            return open_plainly(file.path)
        except FileNotFoundError as error:
            raise TryAgain("the claimed file is gone, another collector has gone on with it", where=file.path) from error
        except OSError as error:
            raise NeedsPerson(f"cannot read the claimed file: {error.strerror}", where=file.path) from error

    def finish(self, file: RemoteFile) -> None:
        """Archives or deletes a claimed file; nothing happens when that was done before."""
        path = Path(file.path)
        with explained("put the collected file away", path):
            try:
                self._put_away(path, file.name)
            except FileNotFoundError:
                if path.exists():
                    raise

    def send(self, name: str, payload: BinaryIO) -> Receipt:
        """Writes a hidden file, syncs it, and names it; the same bytes under the same name give the same receipt.

        Raises NeedsPerson when the name already holds another payload.
        """
        check_name_to_send(name)
        outbox = self._outbox()
        with explained("put a file into the folder", outbox):
            try:
                content = write_once(outbox, name, payload)
            except FileExistsError as error:
                todo = "have it taken away, or send under another name"
                raise NeedsPerson("another payload of this name lies there", where=str(outbox / name), do=todo) from error
        return Receipt(name, str(content))

    def may_have(self, _name: str) -> bool:
        """Never: of what may have arrived a person is asked before it goes again."""
        return False

    def sent(self, name: str, size: int) -> Receipt | None:
        """The receipt for ``name`` when it lies in the outbox with ``size`` bytes; None otherwise."""
        check_name_to_send(name)
        path = self._outbox() / name
        with explained("look for the file", path):
            there = _remote_file(path, name)
            return Receipt(name, str(digest_of(path))) if there and there.size == size else None

    @property
    def sees_everything(self) -> bool:
        """Only where the outbox is watched; elsewhere a file that is gone may have been taken."""
        return self._config.watched

    @property
    def is_at_hand(self) -> bool:
        return self._config.watched

    def ping(self) -> tuple[Step, ...]:
        """Whether the folders are there and may be used."""
        ping = Ping()
        for folder in filter(None, (self._config.inbox, self._config.outbox, self._config.archive)):
            ping.ask("folder", partial(_is_folder, folder))
            ping.ask("right", partial(_is_usable, folder))
        return ping.steps()

    def close(self) -> None:
        """Nothing is held open."""

    def _inbox(self) -> Path:
        if self._config.inbox is None:
            raise WrongInput("nothing can be collected over this connection", do="set its inbox")
        return self._config.inbox

    def _outbox(self) -> Path:
        if self._config.outbox is None:
            raise WrongInput("nothing can be sent over this connection", do="set its outbox")
        return self._config.outbox

    def _waiting(self, inbox: Path) -> Iterator[RemoteFile]:
        for entry in inbox.iterdir():
            if not in_transit(entry.name) and matches(entry.name, self._config.pattern):
                file = _remote_file(entry, fit(entry.name))
                if file:
                    yield file

    def _claimed(self, folder: Path) -> Iterator[RemoteFile]:
        for entry in _own_folder(folder).iterdir():
            claim = read_claim(entry.name)
            if claim and self._claims.is_open(claim):
                file = _remote_file(entry, fit(claim.name))
                if file:
                    yield file

    def _put_away(self, path: Path, name: str) -> None:
        if self._config.archive is None:
            path.unlink(missing_ok=True)
        elif path.exists():
            self._config.archive.mkdir(exist_ok=True)
            move_aside(path, self._config.archive, name)


def _own_folder(folder: Path) -> Path:
    """Makes the folder for claimed files; one that leads elsewhere was planted by somebody with access to the inbox."""
    folder.mkdir(exist_ok=True)
    if folder.is_symlink():
        raise NeedsPerson("this must be a folder and is a link", where=str(folder), do="remove it and ask who made it")
    return folder


def _remote_file(path: Path, name: str) -> RemoteFile | None:
    """The regular file at ``path``; None for a link, a folder, or nothing."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return RemoteFile(str(path), name, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))


def _is_folder(folder: Path) -> str:
    if not folder.is_dir():
        raise WrongInput("there is no such folder", where=str(folder), do="make it, or mend the connection")
    return str(folder)


def _is_usable(folder: Path) -> str:
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise NeedsPerson("it may not be read and written", where=str(folder), do="give the gateway's user the right")
    return f"{folder} may be read and written"
