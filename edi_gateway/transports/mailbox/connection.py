"""One connection to the mailbox server from beginning to end, watched over by a thread of its own."""

from __future__ import annotations

import socket
import threading

import paramiko

from edi_gateway.transports.mailbox.login import Login
from edi_gateway.transports.mailbox.visit import Visit
from edi_gateway.transports.ssh import WEAK_ALGORITHMS

_KEEPALIVE = 30  # seconds between signs of life
_PATIENCE = 10.0  # seconds a session's thread has to put its things away


class Connection(threading.Thread):
    """Lets paramiko talk and ends the connection when it takes too long to log in, falls silent, or the server stops."""

    def __init__(self, wire: socket.socket, visit: Visit, keys: list[paramiko.PKey], nobody: str) -> None:
        super().__init__(name=f"mailbox {visit.address}", daemon=True)
        self._wire, self._visit = wire, visit
        self._keys, self._login = keys, Login(visit, nobody)

    def run(self) -> None:
        """Serves until the end, and leaves nothing behind."""
        transport: paramiko.Transport | None = None
        why = "the connection could not be set up"
        try:
            transport = self._start()
            why = self._watch(transport)
        except (paramiko.SSHException, OSError, EOFError) as error:
            why = f"{why}: {error}"
        finally:
            self._end(transport, why)

    def hang_up(self) -> None:
        """Ends the connection from another thread."""
        self._visit.bell.set()

    def _start(self) -> paramiko.Transport:
        limits = self._visit.house.limits
        transport = _Transport(self._wire, self._visit.bell)
        transport.banner_timeout = transport.handshake_timeout = limits.login_seconds
        transport.local_version = "SSH-2.0-edi_gateway"
        for key in self._keys:
            transport.add_server_key(key)
        transport.set_keepalive(_KEEPALIVE)
        transport.start_server(event=threading.Event(), server=self._login)
        return transport

    def _watch(self, transport: paramiko.Transport) -> str:
        """Waits until the connection ends or has to be ended; says why."""
        visit, limits = self._visit, self._visit.house.limits
        while not visit.house.closing.is_set():
            if not transport.is_active():
                return "the client left"
            left = (limits.idle_seconds if visit.seated else limits.login_seconds) - visit.idle()
            if left <= 0:
                return f"nothing was asked for {limits.idle_seconds:g} s" if visit.seated else "it took too long to log in"
            visit.bell.wait(left)
            visit.bell.clear()
        return "the server stops"

    def _end(self, transport: paramiko.Transport | None, why: str) -> None:
        visit = self._visit
        if transport is not None:
            transport.close()
        self._wire.close()
        for thread in visit.threads:
            thread.join(_PATIENCE)
        self._login.settle()
        visit.house.see_out(visit.address, visit.name if visit.seated else None)
        visit.tell("logout" if visit.seated else "refused", detail=why)


class _Transport(paramiko.Transport):
    """Rings the visit's bell when it ends, so that nobody has to look every now and then."""

    def __init__(self, wire: socket.socket, bell: threading.Event) -> None:
        super().__init__(wire, disabled_algorithms=WEAK_ALGORITHMS)
        self._bell = bell

    def run(self) -> None:
        try:
            super().run()
        finally:
            self._bell.set()
