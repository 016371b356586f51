"""Somebody else's SFTP server as a connection: a Source and a Sink over paramiko."""

from __future__ import annotations

import io
import posixpath
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import BinaryIO

import paramiko

from edi_gateway.clock import Clock, SystemClock
from edi_gateway.errors import NeedsPerson, TryAgain, Uncertain, WrongInput
from edi_gateway.files import Content, digest
from edi_gateway.transports.base import Receipt, RemoteFile
from edi_gateway.transports.naming import Claims, check_name_to_send, fit, in_transit, is_no_file_name, matches, read_claim
from edi_gateway.transports.ping import Step
from edi_gateway.transports.sftp import remote
from edi_gateway.transports.sftp.config import Credentials, SftpConfig
from edi_gateway.transports.sftp.ping import ping
from edi_gateway.transports.sftp.reader import RemoteReader, read_resuming
from edi_gateway.transports.sftp.wire import Wire
from edi_gateway.transports.steady import Steady

_DAY = 86_400.0


class SftpTransport:
    """Collects from and sends to an SFTP server; connects when first needed and again after the connection broke.

    Keep one object between looks: it remembers which files were still changing. One thread at a time.
    """

    def __init__(
        self,
        config: SftpConfig,
        credentials: Credentials,
        clock: Clock | None = None,
        on_weak: Callable[[str], None] = lambda _name: None,
    ) -> None:
        self._config, self._credentials = config, credentials
        self._clock = clock or SystemClock()
        self._claims = Claims(config.owner, config.claim_lasts, self._clock)
        self._steady = Steady(config.stable_for, trusted_age=_DAY)
        self._wire = Wire(config, credentials, self._clock, on_weak)

    def look(self) -> list[RemoteFile]:
        """Complete files, oldest first: unclaimed ones that fit the pattern, and claims of ours or long silent ones."""
        inbox = self._inbox()
        with self._wire.use("list the folder", inbox) as sftp:
            listed = sftp.listdir_attr(inbox)
        return self._steady.ready((file for file in map(self._seen, listed) if file), self._clock.now())

    def claim(self, file: RemoteFile) -> RemoteFile | None:
        """Renames the file to a claimed name; None when it is gone, or changed meanwhile and must settle first."""
        earlier = read_claim(posixpath.basename(file.path))
        with self._wire.use("claim the file", file.path) as sftp:
            if not self._config.claims or (earlier and self._claims.is_ours(earlier)):
                return file if remote.size_of(sftp, file.path) == file.size else None
            claimed = posixpath.join(self._inbox(), self._claims.new_name(file.name))
            try:
                sftp.rename(file.path, claimed)
            except OSError:
                if remote.size_of(sftp, file.path) is None:
                    return None
                raise
            return file._replace(path=claimed) if remote.size_of(sftp, claimed) == file.size else None

    def fetch(self, file: RemoteFile) -> BinaryIO:
        """The bytes of a claimed file, streamed; reading raises TryAgain when they are not exactly as many as announced.

        When the connection breaks, it is made anew and the file read on from where it was, if it is unchanged.
        """
        return read_resuming(partial(self._open_at, file))

    def _open_at(self, file: RemoteFile, offset: int) -> RemoteReader:
        if offset:
            self._wire.close()
        with self._wire.use("fetch the file", file.path) as sftp:
            try:
                opened = sftp.open(file.path, "rb")
            except FileNotFoundError as error:
                raise TryAgain(
                    "the claimed file is gone, another collector has gone on with it", where=self._wire.where(file.path)
                ) from error
            if offset and not _is_still(file, opened.stat()):
                raise TryAgain("the file has changed while it was fetched", where=self._wire.where(file.path))
            return RemoteReader(sftp, opened, file.size, self._wire.where(file.path), offset)

    def finish(self, file: RemoteFile) -> None:
        """Archives or deletes a claimed file; nothing happens when that was done before.

        Where files are not claimed, one they put under the same name meanwhile stays: it is still to be collected.
        """
        with self._wire.use("put the collected file away", file.path) as sftp:
            if not self._config.claims and not _is_still(file, remote.lying_at(sftp, file.path)):
                return
            if self._config.archive:
                remote.move_aside(sftp, file.path, self._config.archive, file.name)
            else:
                remote.remove(sftp, file.path)

    def send(self, name: str, payload: BinaryIO) -> Receipt:
        """Uploads under a temporary name, compares sizes, renames; the same bytes under the same name give the same receipt.

        Raises NeedsPerson when the name already holds another payload, Uncertain where no answer came to the rename.
        """
        check_name_to_send(name)
        final = posixpath.join(self._outbox(), name)
        with self._wire.use("put the file there", final) as sftp:
            there = remote.size_of(sftp, final)
            if there is None and self._config.temporary_suffix:
                content = self._upload_and_rename(sftp, final, payload)
            elif there is None:
                content = self._upload_in_sight(sftp, final, payload)
            else:
                content = self._finish_in_sight(sftp, final, there, payload) or self._same(sftp, final, there, digest(payload))
        return Receipt(name, str(content))

    def may_have(self, _name: str) -> bool:
        """Never: of what may have arrived a person is asked before it goes again."""
        return False

    def sent(self, name: str, size: int) -> Receipt | None:
        """The receipt for ``name`` when the server has it with ``size`` bytes; None otherwise.

        Raises NeedsPerson where a part lies in the partner's sight, on a server that renames nothing.
        """
        check_name_to_send(name)
        final = posixpath.join(self._outbox(), name)
        with self._wire.use("look for the file", final) as sftp:
            there = remote.size_of(sftp, final)
        if there is not None and there < size and not self._config.temporary_suffix:
            todo = "tell the partner that it is not whole; resume sends the rest, or all of it where they have taken it away"
            raise NeedsPerson(f"only {there} of {size} bytes lie there", where=self._wire.where(final), do=todo)
        return Receipt(name, f"{size} bytes") if there == size else None

    @property
    def sees_everything(self) -> bool:
        """Never: whoever owns the server may have taken the file."""
        return False

    @property
    def is_at_hand(self) -> bool:
        return False

    def ping(self) -> tuple[Step, ...]:
        """Tries name, port, host key, login, folder and right in that order, and says which one fails and why."""
        return ping(self._config, self._credentials, self._clock.now().date())

    def close(self) -> None:
        """Closes the connection; the next use makes a new one."""
        self._wire.close()

    def _inbox(self) -> str:
        if not self._config.inbox:
            raise WrongInput("nothing can be collected over this connection", where=self._config.where, do="set its inbox")
        return self._config.inbox

    def _outbox(self) -> str:
        if not self._config.outbox:
            raise WrongInput("nothing can be sent over this connection", where=self._config.where, do="set its outbox")
        return self._config.outbox

    def _seen(self, listed: paramiko.SFTPAttributes) -> RemoteFile | None:
        """A listed name as a file to collect; None for what is in transit, claimed by others, unfit, or no regular file."""
        claim = read_claim(listed.filename)
        name = claim.name if claim else listed.filename
        if (
            (claim and not self._claims.is_open(claim))
            or in_transit(name)
            or is_no_file_name(listed.filename)
            or not matches(name, self._config.pattern)
        ):
            return None
        if listed.st_mode is not None and not stat.S_ISREG(listed.st_mode):
            return None
        modified = datetime.fromtimestamp(listed.st_mtime, UTC) if listed.st_mtime else None
        return RemoteFile(posixpath.join(self._inbox(), listed.filename), fit(name), listed.st_size or 0, modified)

    def _upload_and_rename(self, sftp: paramiko.SFTPClient, final: str, payload: BinaryIO) -> Content:
        temporary = final + self._config.temporary_suffix
        content = remote.resume(sftp, temporary, payload)
        if content is None or remote.size_of(sftp, temporary) != content.size:
            if content is not None:
                payload.seek(0)  # that server does not take the rest of a file: from the beginning
            remote.remove(sftp, temporary)
            content = remote.upload(sftp, temporary, "wb", payload)
        self._check_whole(sftp, temporary, content)
        with self._wire.last_request(final):
            try:
                sftp.rename(temporary, final)
            except OSError:
                there = remote.size_of(sftp, final)
                if there is None:
                    raise
                remote.remove(sftp, temporary)
                return self._same(sftp, final, there, content)
        return content

    def _upload_in_sight(self, sftp: paramiko.SFTPClient, final: str, payload: BinaryIO) -> Content:
        """For a server that renames nothing: from the first byte on the partner may take what is there."""
        with self._wire.last_request(final):
            content = remote.upload(sftp, final, "wxb", payload)
            if remote.size_of(sftp, final) is None:
                what = f"the server kept nothing of {content.size} bytes, or somebody has taken them already"
                raise Uncertain(what, where=self._wire.where(final))
            self._check_whole(sftp, final, content)
        return content

    def _finish_in_sight(self, sftp: paramiko.SFTPClient, final: str, there: int, payload: BinaryIO) -> Content | None:
        """Writes what is missing where a try before left the payload's beginning in sight; else None, and nothing is written."""
        if self._config.temporary_suffix or not payload.seekable() or there >= _length(payload):
            return None
        with self._wire.last_request(final):
            content = remote.resume(sftp, final, payload, least=0)
            if content is not None:
                self._check_whole(sftp, final, content)
        return content

    def _check_whole(self, sftp: paramiko.SFTPClient, path: str, content: Content) -> None:
        arrived = remote.size_of(sftp, path)
        if arrived != content.size:
            kept = "nothing" if arrived is None else f"{arrived}"
            raise TryAgain(f"the server kept {kept} of {content.size} bytes", where=self._wire.where(path))

    def _same(self, sftp: paramiko.SFTPClient, path: str, there: int, ours: Content) -> Content:
        """``ours`` when the server holds just that under ``path``; NeedsPerson when it holds something else."""
        if there == ours.size and remote.content_of(sftp, path, there) == ours:
            return ours
        todo = "have it taken away, or send under another name"
        raise NeedsPerson("another payload of this name lies there", where=self._wire.where(path), do=todo)


def _length(payload: BinaryIO) -> int:
    """How many bytes a seekable payload has; it is at its beginning after that."""
    length = payload.seek(0, io.SEEK_END)
    payload.seek(0)
    return length


def _is_still(file: RemoteFile, found: paramiko.SFTPAttributes | None) -> bool:
    if found is None:
        return False
    return (found.st_size, found.st_mtime) == (file.size, int(file.modified.timestamp()) if file.modified else found.st_mtime)
