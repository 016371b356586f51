"""The keys our server proves itself with: made once, kept in the data folder, readable by nobody else, and replaced in good time.

A server shows one key of each kind. So a rollover is either to another kind, both shown meanwhile and each client taking the
one it knows, or to a ``next`` key of the same kind: it is made and told to partners while the old one is shown, and takes its
place on the day that one is retired.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Literal, NamedTuple

import paramiko
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from edi_gateway.errors import GatewayError, NeedsPerson, WrongInput
from edi_gateway.files import explained, make_folder, owned_as_around, sync_folder
from edi_gateway.log import logger
from edi_gateway.transports.ssh import PublicKey, public_key_of

KINDS: dict[str, type[paramiko.PKey]] = {"ed25519": paramiko.Ed25519Key, "ecdsa": paramiko.ECDSAKey, "rsa": paramiko.RSAKey}
_NEXT, _RETIRED = ".next", ".retired"
_RSA_BITS = 3072

_log = logger(__name__)


class HostKey(NamedTuple):
    """A host key of ours, and whether the server shows it or it waits for the one before to be retired."""

    kind: str
    state: Literal["shown", "next"]
    public: PublicKey


class ShownKeys:
    """The keys a running server shows: read again when the folder has changed, so that a rollover needs no restart."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys = host_keys(folder)
        self._seen = folder.stat().st_mtime_ns

    def now(self) -> list[paramiko.PKey]:
        """The keys for a connection that begins; those from before where the new ones cannot be read."""
        try:
            changed = self._folder.stat().st_mtime_ns
            if changed != self._seen:
                self._seen, self._keys = changed, host_keys(self._folder)
        except (GatewayError, OSError) as error:
            _log.error("the host keys cannot be read; the server goes on with those it had", error=str(error))
        return self._keys


def host_keys(folder: Path) -> list[paramiko.PKey]:
    """The host keys the server shows; an Ed25519 one is made when there is none at all.

    They lie under OpenSSH's names, so that those of a server before ours can be put there. Raises NeedsPerson when others may
    read a key.
    """
    with explained("keep host keys", folder):
        make_folder(folder, 0o700)
        if not any(_path(folder, kind).exists() for kind in KINDS):
            _make(_path(folder, "ed25519"), "ed25519")
        return [_load(_path(folder, kind), kind) for kind in KINDS if _path(folder, kind).exists()]


def listed(folder: Path) -> list[HostKey]:
    """Every key that is shown or waits, with what partners pin."""
    host_keys(folder)
    found: list[HostKey] = []
    for kind in KINDS:
        for path, state in ((_path(folder, kind), "shown"), (_path(folder, kind, _NEXT), "next")):
            if path.exists():
                found.append(HostKey(kind, "shown" if state == "shown" else "next", public_key_of(_load(path, kind))))
    return found


def add(folder: Path, kind: str) -> HostKey:
    """Makes a key: shown at once where there is none of its kind, else waiting as the next one. Raises WrongInput."""
    host_keys(folder)
    path = _path(folder, _known(kind))
    is_next = path.exists()
    if is_next:
        path = _path(folder, kind, _NEXT)
    if path.exists():
        raise WrongInput(f"there is a next {kind} key already", where=str(path), do=f"retire the {kind} key that is shown first")
    with explained("make a host key", folder):
        _make(path, kind)
    return HostKey(kind, "next" if is_next else "shown", public_key_of(_load(path, kind)))


def retire(folder: Path, kind: str) -> HostKey | None:
    """Shows a kind's key no more; the next one, which is returned, takes its place. It is kept, as ``….retired``.

    Raises WrongInput where it is the last key there is.
    """
    host_keys(folder)
    path, following = _path(folder, _known(kind)), _path(folder, kind, _NEXT)
    if not path.exists():
        raise WrongInput(f"there is no {kind} key", where=str(folder))
    if not following.exists() and not any(_path(folder, other).exists() for other in KINDS if other != kind):
        raise WrongInput(f"the {kind} key is the only one", where=str(path), do="add another first, and tell partners of it")
    with explained("retire a host key", folder):
        os.link(path, _unused(path))
        if following.exists():
            following.replace(path)  # in one step: the server is never without
        else:
            path.unlink()
        sync_folder(folder)
    return HostKey(kind, "shown", public_key_of(_load(path, kind))) if path.exists() else None


def _path(folder: Path, kind: str, state: str = "") -> Path:
    return folder / f"ssh_host_{kind}_key{state}"


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise WrongInput(f"'{kind}' is no kind of host key", do=f"one of: {', '.join(KINDS)}")
    return kind


def _unused(path: Path) -> Path:
    number = 1
    while (kept := path.with_name(f"{path.name}{_RETIRED}-{number}")).exists():
        number += 1
    return kept


def _private(kind: str) -> bytes:
    match kind:
        case "ed25519":
            key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = Ed25519PrivateKey.generate()
        case "ecdsa":
            key = ec.generate_private_key(ec.SECP256R1())
        case _:
            key = rsa.generate_private_key(public_exponent=65537, key_size=_RSA_BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())


def _make(path: Path, kind: str) -> None:
    temporary = path.with_name(path.name + ".new")
    temporary.unlink(missing_ok=True)
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(fd, "wb") as out:
        out.write(_private(kind))
        out.flush()
        os.fsync(fd)
    owned_as_around(temporary)
    temporary.rename(path)
    sync_folder(path.parent)


def _load(path: Path, kind: str) -> paramiko.PKey:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise NeedsPerson("others may read this host key", where=str(path), do="replace it if they have; chmod 600 it if not")
    try:
        return KINDS[kind].from_private_key_file(str(path))
    except (paramiko.SSHException, ValueError, IndexError) as error:
        raise WrongInput(f"this host key cannot be read: {error}", where=str(path), do="restore it from the backup") from error
