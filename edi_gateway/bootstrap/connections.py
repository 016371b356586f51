"""Connections as transports: which class speaks for which kind of connection."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

from edi_gateway.bootstrap.as2 import As2
from edi_gateway.clock import Clock
from edi_gateway.errors import GatewayError, WrongInput
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import As2Connection, Connection, FolderConnection, MailboxConnection, SftpConnection
from edi_gateway.trading.secrets import SecretReference, Vault, resolve
from edi_gateway.transports.as2.sink import As2Sink
from edi_gateway.transports.folder import FolderConfig, FolderTransport
from edi_gateway.transports.mailbox import Account, mailbox_transport
from edi_gateway.transports.ping import Step
from edi_gateway.transports.sftp import Credentials, SftpConfig, SftpTransport

OWNER = "gateway"  # whose claims on remote files are ours, over restarts
_MAILBOX_POLL = timedelta(minutes=1)  # an upload tells us at once; this finds what was told while we were down

Transport = FolderTransport | SftpTransport | As2Sink


class Connections:
    """The transports of a directory's connections, each made when first used.

    Collecting and sending happen on different threads, so each direction has a transport object of its own.
    """

    def __init__(
        self, directory: Directory, mailboxes: Path, clock: Clock, as2: As2 | None = None, vault: Vault | None = None
    ) -> None:
        self._directory, self._mailboxes, self._clock = directory, mailboxes, clock
        self._as2, self._vault = as2, vault
        self._made: dict[tuple[str, str], Transport] = {}
        self._lock = threading.Lock()

    def source(self, name: str) -> FolderTransport | SftpTransport:
        """The connection as a place bytes are collected from. Raises WrongInput for one that brings them by itself."""
        found = self._get(name, "source")
        if isinstance(found, As2Sink):
            raise WrongInput(f"connection {name} is AS2: nothing is collected from it, its partner writes to us")
        return found

    def sink(self, name: str) -> Transport:
        """The connection as a place bytes go to."""
        return self._get(name, "sink")

    def polls(self) -> dict[str, timedelta]:
        """How often each connection is looked at."""
        return {
            each.name: _MAILBOX_POLL if isinstance(each, MailboxConnection) else each.poll
            for each in self._directory.connections
            if not isinstance(each, As2Connection)
        }

    def ping(self, name: str) -> tuple[Step, ...]:
        """Tries a connection step by step on a transport of its own; what it lacks to begin with is a step that failed."""
        connection = self._directory.connection(name)
        try:
            transport = self._make(connection)
        except GatewayError as error:
            return (Step("secret", False, str(error)),)
        try:
            return transport.ping()
        finally:
            transport.close()

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

    def close(self) -> None:
        """Lets go of all of them."""
        for transport in self._made.values():
            transport.close()

    def _get(self, name: str, direction: str) -> Transport:
        with self._lock:
            if (name, direction) not in self._made:
                self._made[name, direction] = self._make(self._directory.connection(name))
            return self._made[name, direction]

    def _make(self, connection: Connection) -> Transport:
        match connection:
            case MailboxConnection():
                return mailbox_transport(self._mailboxes, connection.account, self._clock, pattern="*", owner=OWNER)
            case FolderConnection():
                return FolderTransport(_folder(connection), self._clock)
            case SftpConnection():
                return SftpTransport(_sftp(connection), self._credentials(connection), clock=self._clock)
            case As2Connection() if self._as2 is not None:
                return self._as2.sink(connection)
        raise WrongInput(f"connection {connection.name} is of no kind we know")

    def _account(self, connection: MailboxConnection) -> Account:
        password_hash = self._secret(connection, connection.password_hash)
        return Account(name=connection.account, keys=connection.keys, password_hash=password_hash)

    def _credentials(self, connection: SftpConnection) -> Credentials:
        return Credentials(password=self._secret(connection, connection.password), key=self._secret(connection, connection.key))

    def _secret(self, connection: Connection, at: SecretReference | None) -> str | None:
        return resolve(at, f"connection {connection.name}", vault=self._vault).get_secret_value() if at else None


def _folder(connection: FolderConnection) -> FolderConfig:
    return FolderConfig(inbox=Path(connection.inbox), outbox=Path(connection.outbox), pattern=connection.pattern, owner=OWNER)


def _sftp(connection: SftpConnection) -> SftpConfig:
    return SftpConfig(
        host=connection.host,
        login=connection.login,
        host_keys=connection.host_keys,
        port=connection.port,
        inbox=connection.inbox,
        outbox=connection.outbox,
        pattern=connection.pattern,
        owner=OWNER,
    )
