"""The four steps to an SFTP session: a socket, a trusted server, a login, the subsystem."""

from __future__ import annotations

import base64
import io
import socket
from collections.abc import Iterable
from pathlib import Path

import paramiko

from edi_gateway.errors import NeedsPerson, TryAgain, WrongInput
from edi_gateway.transports.sftp.client import SftpClient
from edi_gateway.transports.sftp.config import Credentials, SftpConfig
from edi_gateway.transports.sftp.explain import explain, explained
from edi_gateway.transports.ssh import HostKeyPins, PublicKey, public_key_of, refused_algorithms

_KEY_CLASSES: dict[type[paramiko.PKey], tuple[bytes, bytes]] = {  # by a PEM heading, or the type's name inside OpenSSH's form
    paramiko.Ed25519Key: (b"BEGIN PRIVATE", b"ssh-ed25519"),
    paramiko.ECDSAKey: (b"BEGIN EC", b"ecdsa-sha2"),
    paramiko.RSAKey: (b"BEGIN RSA", b"ssh-rsa"),
}


def resolve(config: SftpConfig) -> str:
    """The first address behind the host's name."""
    with explained("find the host", config.where):
        found = socket.getaddrinfo(config.host, config.port, type=socket.SOCK_STREAM)
    return str(found[0][4][0])


def dial(config: SftpConfig) -> socket.socket:
    """A TCP connection to the server's port."""
    with explained("connect", config.where):
        return socket.create_connection((config.host, config.port), timeout=config.timeout)


def shake_hands(config: SftpConfig, wire: socket.socket, weak: Iterable[str] = ()) -> paramiko.Transport:
    """An encrypted connection to a server whose host key is pinned; nothing of ours has been told to it before that.

    ``weak``: weak algorithms allowed by exception. Raises NeedsPerson, with the fingerprint seen, when the key is not one of the
    pinned ones.
    """
    pins = HostKeyPins(config.host_keys)
    transport, key = _agree(config, wire, pins, weak)
    try:
        _check_host_key(config, pins, key)
    except BaseException:
        transport.close()
        raise
    transport.set_keepalive(config.keepalive)
    return transport


def host_key_of(config: SftpConfig) -> PublicKey:
    """The host key the server shows now, whether it is pinned or not; nothing is told to it. For a person to compare."""
    with dial(config) as wire:
        transport, key = _agree(config, wire, HostKeyPins(()), config.weak_algorithms)
        transport.close()
        return key


def _agree(
    config: SftpConfig, wire: socket.socket, pins: HostKeyPins, weak: Iterable[str]
) -> tuple[paramiko.Transport, PublicKey]:
    """An encrypted connection, and the host key the server proved to have."""
    with explained("agree on encryption", config.where):
        transport = paramiko.Transport(wire, disabled_algorithms=refused_algorithms(weak))
        try:
            transport.banner_timeout = transport.handshake_timeout = transport.auth_timeout = config.timeout
            transport.channel_timeout = config.timeout
            if pins.algorithms:
                transport.get_security_options().key_types = pins.algorithms
            transport.start_client(timeout=config.timeout)
            return transport, public_key_of(transport.get_remote_server_key())
        except BaseException:
            transport.close()
            raise


def log_in(config: SftpConfig, transport: paramiko.Transport, credentials: Credentials) -> str:
    """Logs in with the key, the password, or one after the other when the server wants both; says how."""
    key = load_key(credentials)
    if key is None and credentials.password is None:
        raise WrongInput("there is neither a key nor a password to log in with", where=config.where, do="set one of them")
    try:
        still_wanted = transport.auth_publickey(config.login, key) if key else ["password"]
        if still_wanted and credentials.password is not None:
            still_wanted = transport.auth_password(config.login, credentials.password)
    except paramiko.AuthenticationException as error:
        if not transport.is_active():
            raise TryAgain(f"the connection was closed during the login: {error}", where=config.where) from error
        raise explain(error, "log in", config.where) from error
    except (paramiko.SSHException, OSError, EOFError) as error:
        raise explain(error, "log in", config.where) from error
    if still_wanted:
        raise NeedsPerson(f"the server also wants: {', '.join(still_wanted)}", where=config.where, do="give what it asks for")
    return " and ".join(filter(None, ("key" if key else "", "password" if credentials.password and not key else "")))


def start_sftp(config: SftpConfig, transport: paramiko.Transport) -> paramiko.SFTPClient:
    """The file transfer subsystem of a logged-in connection."""
    with explained("start file transfer", config.where):
        sftp = SftpClient.from_transport(transport)
        if sftp is None:
            raise EOFError
        channel = sftp.get_channel()
        if channel is not None:
            channel.settimeout(config.timeout)
        return sftp


def load_key(credentials: Credentials) -> paramiko.PKey | None:
    """The private key: Ed25519, ECDSA or RSA, in OpenSSH's or the PEM form, locked or not; None when there is none.

    Raises WrongInput when it cannot be read, without quoting any of it.
    """
    if credentials.key is None and credentials.key_file is None:
        return None
    where = str(credentials.key_file or "private key")
    text = credentials.key if credentials.key is not None else _read(Path(where))
    locked = False
    for kind in _likeliest_first(text):
        try:
            return kind.from_private_key(io.StringIO(text), password=credentials.passphrase)
        except paramiko.PasswordRequiredException:
            locked = True
        except (paramiko.SSHException, ValueError, IndexError, TypeError):
            continue
    if locked and credentials.passphrase is None:
        raise WrongInput("the private key is locked", where=where, do="give its passphrase")
    raise WrongInput(
        "the private key cannot be read", where=where, do="check its form (Ed25519, ECDSA or RSA) and its passphrase"
    )


def _likeliest_first(text: str) -> list[type[paramiko.PKey]]:
    """The kinds of key in the order to try them; each try at a locked key costs a tenth of a second and more."""
    armored = text.encode()
    body = b"".join(line for line in armored.splitlines() if not line.startswith(b"--"))
    try:
        told = armored + base64.b64decode(body)
    except ValueError:
        told = armored
    return sorted(_KEY_CLASSES, key=lambda kind: not any(mark in told for mark in _KEY_CLASSES[kind]))


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, UnicodeError) as error:
        raise WrongInput(f"the private key file cannot be read: {error}", where=str(path)) from error


def _check_host_key(config: SftpConfig, pins: HostKeyPins, key: PublicKey) -> None:
    if pins.accept(key):
        return
    if pins:
        what = f"the server's host key has changed: it showed {key.kind} {key.fingerprint}"
        todo = "have the partner confirm the new key by another way; then 'connection trust-host-key' adds it"
    else:
        what = f"the server's host key is not known yet: it showed {key.kind} {key.fingerprint}"
        todo = "compare it with what the partner tells you; then 'connection trust-host-key' adds it"
    raise NeedsPerson(what, where=config.where, do=todo)
