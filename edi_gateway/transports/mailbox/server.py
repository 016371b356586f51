"""The mailbox server: listens, counts who is there, and gives each connection a thread."""

from __future__ import annotations

import selectors
import socket
import threading
from pathlib import Path
from types import TracebackType

from edi_gateway.clock import Clock, SystemClock
from edi_gateway.errors import NeedsPerson, WrongInput
from edi_gateway.files import explained
from edi_gateway.log import logger
from edi_gateway.transports.mailbox.accounts import Accounts, address_is_in, check_network
from edi_gateway.transports.mailbox.connection import Connection
from edi_gateway.transports.mailbox.folders import UPLOADING
from edi_gateway.transports.mailbox.hooks import EventHook, FileHook, Hooks
from edi_gateway.transports.mailbox.host_keys import ShownKeys
from edi_gateway.transports.mailbox.house import House
from edi_gateway.transports.mailbox.limits import Limits
from edi_gateway.transports.mailbox.login import hash_of_nobody
from edi_gateway.transports.mailbox.logins import LoginPolicy, SlowDown
from edi_gateway.transports.mailbox.passwords import Cost
from edi_gateway.transports.mailbox.visit import Visit
from edi_gateway.transports.ssh import PublicKey, public_key_of

_log = logger(__name__)
_BACKLOG = 100


class MailboxServer:
    """Our own SFTP server. Each account logs in to ``<root>/<account>`` with ``/inbox``, ``/outbox`` and perhaps ``/archive``.

    ``keys``: the folder of the host keys, filled on first use. ``port`` 0 takes a free one, told by ``port`` after ``start``.
    ``on_upload(account, path)`` comes when a document lies in an inbox, complete and durable; ``on_download(account, path)`` when
    the partner has read all of a file in its outbox; ``on_event`` with everything worth an audit trail. Hooks are called in the
    session's thread before the partner is answered. ``addresses``: networks connections may come from, empty for any.

    Raises WrongInput or NeedsPerson when it cannot listen or keep its keys.
    """

    def __init__(
        self,
        root: Path,
        accounts: Accounts,
        keys: Path,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        on_upload: FileHook | None = None,
        on_download: FileHook | None = None,
        on_event: EventHook | None = None,
        limits: Limits | None = None,
        policy: LoginPolicy | None = None,
        addresses: tuple[str, ...] = (),
        clock: Clock | None = None,
        password_cost: Cost | None = None,
    ) -> None:
        for network in addresses:
            check_network(network)
        clock = clock or SystemClock()
        hooks = Hooks(clock, on_upload, on_download, on_event)
        self._house = House(root, accounts, limits or Limits(), policy or SlowDown(clock), hooks)
        self._keys, self._host, self._port, self._addresses = ShownKeys(keys), host, port, addresses
        self._nobody = hash_of_nobody(password_cost or Cost())
        self._connections: set[Connection] = set()
        self._listener: socket.socket | None = None
        self._waker, self._wakened = socket.socketpair()
        self._thread = threading.Thread(target=self._serve, name="mailbox server", daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._port

    @property
    def host_keys(self) -> tuple[PublicKey, ...]:
        """What partners pin: the public halves of the host keys."""
        return tuple(public_key_of(key) for key in self._keys.now())

    def start(self) -> None:
        """Clears away what a crash left half uploaded, and listens."""
        self._sweep()
        try:
            family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
            self._listener = socket.create_server((self._host, self._port), family=family, backlog=_BACKLOG)
        except PermissionError as error:
            raise NeedsPerson(f"may not listen on {self._host}:{self._port}", do="take a port above 1023, or grant it") from error
        except OSError as error:
            raise WrongInput(f"cannot listen on {self._host}:{self._port}: {error.strerror}", do="choose another") from error
        self._port = self._listener.getsockname()[1]
        self._thread.start()

    def stop(self) -> None:
        """Ends every connection, keeps nothing that was not complete, and waits for the threads; harmless when repeated."""
        if self._house.closing.is_set():
            return
        self._house.closing.set()
        self._waker.send(b"x")
        if self._thread.is_alive():
            self._thread.join()
        for connection in list(self._connections):
            connection.hang_up()
            connection.join()
        for end in (self._listener, self._waker, self._wakened):
            if end is not None:
                end.close()

    def __enter__(self) -> MailboxServer:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def _serve(self) -> None:
        if self._listener is None:
            return
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(self._wakened, selectors.EVENT_READ)
            while not self._house.closing.is_set():
                if any(key.fileobj is self._listener for key, _ in selector.select()):
                    self._accept(self._listener)

    def _accept(self, listener: socket.socket) -> None:
        try:
            wire, peer = listener.accept()
        except OSError as error:
            _log.warning("a connection could not be accepted", error=str(error))
            self._house.closing.wait(0.1)  # out of descriptors, mostly: let some be closed
            return
        address = str(peer[0])
        refusal = self._refusal(address)
        if refusal:
            wire.close()
            self._house.hooks.tell("refused", "", address, detail=refusal)
            return
        connection = Connection(wire, Visit(self._house, address), self._keys.now(), self._nobody)
        self._connections = {each for each in self._connections if each.is_alive()} | {connection}
        connection.start()

    def _refusal(self, address: str) -> str:
        if not address_is_in(address, self._addresses):
            return "this address is not among those allowed"
        if self._house.policy.blocked(address):
            return "too many failed logins from this address"
        if not self._house.let_in(address):
            return "too many connections that have not logged in"
        return ""

    def _sweep(self) -> None:
        with explained("clear away unfinished uploads", self._house.root):
            self._house.root.mkdir(parents=True, exist_ok=True)
            for left in self._house.root.glob(f"*/{UPLOADING}/*"):
                left.unlink()
