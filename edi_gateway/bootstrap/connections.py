"""Connections as transports: which class speaks for which kind of connection."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from edi_gateway.bootstrap.as2 import As2
from edi_gateway.clock import Clock
from edi_gateway.errors import GatewayError, WrongInput
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import As2Connection, Connection, FolderConnection, MailboxConnection, SftpConnection
from edi_gateway.trading.secrets import FromVault, SecretReference, resolve
from edi_gateway.transports.as2.sink import As2Sink
from edi_gateway.transports.base import Sink
from edi_gateway.transports.folder import FolderConfig, FolderTransport
from edi_gateway.transports.mailbox import Account, mailbox_transport
from edi_gateway.transports.ping import Ping, Step
from edi_gateway.transports.sftp import Credentials, SftpConfig, SftpTransport
from edi_gateway.transports.sftp.connect import host_key_of
from edi_gateway.transports.ssh import PublicKey

OWNER = "gateway"  # whose claims on remote files are ours, over restarts

Transport = FolderTransport | SftpTransport | As2Sink
Told = Callable[[str, str], None]


def _nobody(_connection: str, _text: str) -> None:
    """Where nobody has to be told."""


class Connections:
    """The transports of a directory's connections, each made when first used.

    Collecting and sending happen on different threads, so each direction has a transport object of its own. ``told_weak`` hears
    of a connection that uses a weak algorithm by exception.
    """

    def __init__(
        self,
        directory: Directory,
        mailboxes: Path,
        clock: Clock,
        as2: As2 | None = None,
        vault: FromVault | None = None,
        told_weak: Told = _nobody,
    ) -> None:
        self._directory, self._mailboxes, self._clock = directory, mailboxes, clock
        self._as2, self._vault, self._told_weak = as2, vault, told_weak
        self._sources: dict[str, FolderTransport | SftpTransport] = {}
        self._sinks: dict[str, Sink] = {}
        self._credentials_of: dict[str, Credentials] = {}
        self._lock = threading.Lock()

    def take_over(self, before: Connections) -> None:
        """Goes on with the transports of ``before`` whose connections say the same: whoever uses one is not disturbed."""
        with self._lock, before._lock:
            same = {each.name for each in self._directory.connections if self._is_as(each, before)}
            self._sources.update({name: before._sources.pop(name) for name in same & before._sources.keys()})
            self._sinks.update({name: before._sinks.pop(name) for name in same & before._sinks.keys()})

    def _is_as(self, connection: Connection, before: Connections) -> bool:
        """Whether it is in all as it was; AS2 is made anew, with whatever certificates there are now."""
        was = next((each for each in before._directory.connections if each.name == connection.name), None)
        if was != connection or isinstance(connection, As2Connection):
            return False
        if not isinstance(connection, SftpConnection):
            return True
        self._credentials_of[connection.name] = self._credentials(connection)
        return before._credentials_of.get(connection.name) == self._credentials_of[connection.name]

    def source(self, name: str) -> FolderTransport | SftpTransport:
        """The connection as a place bytes are collected from. Raises WrongInput for one that brings them by itself."""
        with self._lock:
            if name not in self._sources:
                made = self._make(self._directory.connection(name))
                if isinstance(made, As2Sink):
                    raise WrongInput(f"connection {name} is AS2: nothing is collected from it, its partner writes to us")
                self._sources[name] = made
            return self._sources[name]

    def sink(self, name: str) -> Sink:
        """The connection as a place bytes go to."""
        with self._lock:
            if name not in self._sinks:
                self._sinks[name] = self._make(self._directory.connection(name))
            return self._sinks[name]

    def ping(self, name: str) -> tuple[Step, ...]:
        """Tries a connection step by step on a transport of its own; what it lacks to begin with is a step that failed."""
        connection = self._directory.connection(name)
        try:
            transport = self._make(connection)
        except GatewayError as error:
            return (Step("secret", False, str(error)),)
        try:
            return (*self._logins(connection), *transport.ping())
        finally:
            transport.close()

    def _logins(self, connection: Connection) -> tuple[Step, ...]:
        """Of a mailbox: who can log in to it. Nobody, over SFTP, is no mistake where they come over the API."""
        found = Ping()
        if isinstance(connection, MailboxConnection):
            found.ask("login", lambda: _logins_of(self._account(connection)))
        return found.steps()

    def try_password(self, reference: SecretReference, used_by: str) -> None:
        """Fetches a secret that a profile names, and forgets it. Raises WrongInput where it is not there."""
        resolve(reference, used_by, vault=self._vault)

    def try_secrets(self, connection: Connection) -> None:
        """Fetches every secret a connection names, and forgets it. Raises WrongInput for one that is not there."""
        match connection:
            case MailboxConnection():
                self._account(connection)
            case SftpConnection():
                self._credentials(connection)
            case As2Connection() if self._as2 is not None:
                self._as2.http_terms(connection)

    def accounts(self) -> list[Account]:
        """The accounts of our own mailbox server."""
        return [self._account(each) for each in self._directory.connections if isinstance(each, MailboxConnection)]

    def of_account(self, account: str) -> str | None:
        """The connection a mailbox account belongs to."""
        for each in self._directory.connections:
            if isinstance(each, MailboxConnection) and each.account == account:
                return each.name
        return None

    def host_key_of(self, name: str) -> PublicKey:
        """The host key that an SFTP server shows now, pinned or not. Raises WrongInput for another kind of connection."""
        connection = self._directory.connection(name)
        if not isinstance(connection, SftpConnection):
            raise WrongInput(
                f"connection {name} is of kind {connection.kind}", do="only servers we call over SFTP have host keys"
            )
        return host_key_of(_sftp(connection))

    def close(self) -> None:
        """Lets go of all of them."""
        for transport in (*self._sources.values(), *self._sinks.values()):
            transport.close()

    def _make(self, connection: Connection) -> Transport:
        match connection:
            case MailboxConnection():
                keep = connection.archive
                return mailbox_transport(self._mailboxes, connection.account, self._clock, pattern="*", keep=keep, owner=OWNER)
            case FolderConnection():
                return FolderTransport(_folder(connection), self._clock)
            case SftpConnection():
                on_weak = partial(self._tell_weak, connection)
                credentials = self._credentials_of[connection.name] = self._credentials(connection)
                return SftpTransport(_sftp(connection), credentials, clock=self._clock, on_weak=on_weak)
            case As2Connection() if self._as2 is not None:
                return self._as2.sink(connection)
        raise WrongInput(f"connection {connection.name} is of no kind we know")

    def _account(self, connection: MailboxConnection) -> Account:
        return Account(
            name=connection.account,
            keys=connection.keys,
            password_hash=self._secret(connection, connection.password_hash),
            former_password_hash=self._secret(connection, connection.former_password_hash),
            addresses=connection.addresses,
            quota_bytes=connection.quota_megabytes << 20,
            quota_files=connection.quota_files,
            sees_archive=connection.archive,
        )

    def _credentials(self, connection: SftpConnection) -> Credentials:
        return Credentials(
            password=self._secret(connection, connection.password),
            key=self._secret(connection, connection.key),
            passphrase=self._secret(connection, connection.passphrase),
        )

    def _tell_weak(self, connection: SftpConnection, name: str) -> None:
        until = connection.weak_algorithms.until if connection.weak_algorithms else "now"
        self._told_weak(connection.name, f"{connection.host} was called with {name}, which is weak and allowed until {until}")

    def _secret(self, connection: Connection, at: SecretReference | None) -> str | None:
        return resolve(at, f"connection {connection.name}", vault=self._vault).get_secret_value() if at else None


def _logins_of(account: Account) -> str:
    counts = {"key": len(account.keys), "password": len(account.password_hashes())}
    ways = [f"{count} {name}{'s' * (count > 1)}" for name, count in counts.items() if count]
    if not ways:
        return f"{account.name} has neither a key nor a password: nobody can log in over SFTP, only over the API"
    return f"{account.name}, by {' and '.join(ways)}" + (f", from {', '.join(account.addresses)}" if account.addresses else "")


def _folder(connection: FolderConnection) -> FolderConfig:
    return FolderConfig(
        inbox=Path(connection.inbox),
        outbox=Path(connection.outbox),
        archive=Path(connection.archive) if connection.archive else None,
        pattern=connection.pattern,
        stable_for=connection.settled.total_seconds(),
        owner=OWNER,
    )


def _sftp(connection: SftpConnection) -> SftpConfig:
    weak = connection.weak_algorithms
    return SftpConfig(
        host=connection.host,
        login=connection.login,
        host_keys=connection.host_keys,
        port=connection.port,
        inbox=connection.inbox,
        outbox=connection.outbox,
        archive=connection.archive,
        pattern=connection.pattern,
        stable_for=connection.settled.total_seconds(),
        claims=connection.claim,
        temporary_suffix=connection.temporary_suffix,
        weak_algorithms=weak.allow if weak else (),
        weak_until=weak.until if weak else date.max,
        owner=OWNER,
    )
