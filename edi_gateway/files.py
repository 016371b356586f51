"""Local files that are complete or not there, and never replaced: the ground under folders and mailboxes.

A name appears by a hard link, which fails when the name is taken; a plain rename would replace. The data is synced before
the name exists and the folder after, so that what was acknowledged is still there when the power comes back.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO, NamedTuple

from edi_gateway.errors import GatewayError, NeedsPerson, TryAgain, Uncertain, WrongInput

CHUNK = 1 << 18
_NO_HARD_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
_WRONG_PLACE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EISDIR}
_NO_RIGHT = {errno.EACCES, errno.EPERM}


class Content(NamedTuple):
    """How many bytes, and their SHA-256 in hex."""

    size: int
    sha256: str

    def __str__(self) -> str:
        return f"{self.size} bytes, SHA-256 {self.sha256}"


@contextmanager
def explained(doing: str, where: Path) -> Iterator[None]:
    """Turns an OSError inside the block into TryAgain, NeedsPerson or WrongInput that names ``where``."""
    try:
        yield
    except OSError as error:
        raise _explain(error, doing, where) from error


def _explain(error: OSError, doing: str, where: Path) -> GatewayError:
    what = f"could not {doing}: {error.strerror or error}"
    if error.errno in _WRONG_PLACE:
        return WrongInput(what, where=str(where), do="check the folders of its path")
    if error.errno in _NO_RIGHT:
        return NeedsPerson(what, where=str(where), do="give the gateway's user the right to read and write there")
    if error.errno == errno.EROFS:
        do = "let the gateway write there: as a systemd unit by ReadWritePaths=, in a container by a volume that is not read-only"
        return NeedsPerson(what, where=str(where), do=do)
    return TryAgain(what, where=str(where))


def digest(payload: BinaryIO) -> Content:
    """Reads a payload to its end and says what it holds."""
    return _copy(payload, None)


def digest_of(name: str | Path, folder_fd: int | None = None) -> Content:
    """What a file holds; links are not followed."""
    with open_plainly(name, folder_fd) as held:
        return digest(held)


def open_plainly(name: str | Path, folder_fd: int | None = None) -> BinaryIO:
    """Opens a regular file for reading; see ``open_fd_plainly``."""
    return os.fdopen(open_fd_plainly(name, folder_fd), "rb")


def open_fd_plainly(name: str | Path, folder_fd: int | None = None) -> int:
    """A descriptor to read a regular file; a link, a pipe or a folder of that name is an OSError, not followed nor waited on."""
    fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder_fd)
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise OSError(errno.ELOOP, "not a regular file", str(name))
    return fd


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Makes a folder, and those above it, where they are missing; see ``owned_as_around``."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=mode, exist_ok=True)
    owned_as_around(folder)


def owned_as_around(path: Path) -> None:
    """Gives what root has just made to the owner of the folder it lies in.

    A command that root gives beside a gateway with a user of its own would leave there what that user cannot read or write.
    """
    if os.geteuid() == 0:
        around = path.parent.stat()
        with suppress(PermissionError):  # a root that may not: in a container, or over NFS
            os.chown(path, around.st_uid, around.st_gid, follow_symlinks=False)


def write_once(folder: Path, name: str, payload: BinaryIO) -> Content:
    """Puts a payload into ``folder`` under ``name``, durably, and never visible half-written.

    Raises FileExistsError when ``name`` already holds other bytes; the same bytes again change nothing. Raises Uncertain where
    the file is there, and nobody knows whether it would outlast a power cut.
    """
    temporary = folder / f".{secrets.token_hex(8)}.part"
    try:
        content = _write_new(temporary, payload)
        try:
            rename_once(temporary, folder / name)
        except FileExistsError:
            if digest_of(folder / name) != content:
                raise
    finally:
        temporary.unlink(missing_ok=True)
    sync_name(folder, name)
    return content


def move_aside(source: Path, folder: Path, name: str) -> None:
    """Moves a file into ``folder`` under ``name``, or ``name-2`` … when that is taken.

    Raises FileNotFoundError when ``source`` is gone, which also means: moved before.
    """
    for target in _free_names(folder, name):
        try:
            _rename_across(source, target)
        except FileExistsError:
            if not os.path.samefile(source, target):
                continue
            source.unlink()  # a crash came between the new name and the end of the old one
        sync_folder(folder)
        sync_folder(source.parent)
        return


def rename_once(source: str | Path, name: str | Path, *, from_fd: int | None = None, to_fd: int | None = None) -> None:
    """Renames within a file system, onto nothing: FileExistsError when the name is taken, FileNotFoundError for all but one of
    several who rename the same file at once.

    Taking the old name away is what decides between them. Where the file system has no hard links the file is renamed after a
    look that nothing is there: all such a system offers.
    """
    try:
        os.link(source, name, src_dir_fd=from_fd, dst_dir_fd=to_fd, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        _rename_after_a_look(source, name, from_fd, to_fd)
        return
    try:
        os.unlink(source, dir_fd=from_fd)
    except FileNotFoundError:
        os.unlink(name, dir_fd=to_fd)
        raise


def sync_name(folder: Path, name: str) -> None:
    """Makes a name that is there durable. Raises Uncertain where that fails: others see it, and it may have been taken."""
    try:
        sync_folder(folder)
    except OSError as error:
        what = f"the file is there, and whether it is there to stay is not known: {error.strerror or error}"
        raise Uncertain(what, where=str(folder / name)) from error


def sync_folder(folder: Path | int) -> None:
    """Makes the names in a folder durable."""
    if isinstance(folder, int):
        os.fsync(folder)
        return
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _free_names(folder: Path, name: str) -> Iterator[Path]:
    yield folder / name
    stem, suffix = os.path.splitext(name)
    for number in count(2):
        yield folder / f"{stem}-{number}{suffix}"


def _rename_after_a_look(source: str | Path, name: str | Path, from_fd: int | None, to_fd: int | None) -> None:
    with suppress(FileNotFoundError):
        os.stat(name, dir_fd=to_fd, follow_symlinks=False)
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(name))
    os.rename(source, name, src_dir_fd=from_fd, dst_dir_fd=to_fd)


def _rename_across(source: Path, target: Path) -> None:
    """``rename_once``, also from one file system to another: copied durably, then removed."""
    try:
        rename_once(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with open_plainly(source) as payload:
            write_once(target.parent, target.name, payload)
        source.unlink()


def _write_new(path: Path, payload: BinaryIO) -> Content:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    with os.fdopen(fd, "wb") as out:
        content = _copy(payload, out)
        out.flush()
        os.fsync(fd)
    return content


def _copy(payload: BinaryIO, out: BinaryIO | None) -> Content:
    size, seen = 0, hashlib.sha256()
    while chunk := payload.read(CHUNK):
        size += len(chunk)
        seen.update(chunk)
        if out is not None:
            out.write(chunk)
    return Content(size, seen.hexdigest())
