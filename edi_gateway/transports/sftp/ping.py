"""Trying an SFTP connection step by step, so that a person knows which end to mend."""

from __future__ import annotations

import posixpath
import secrets
import socket
from datetime import date
from functools import partial

import paramiko

from edi_gateway.transports.ping import Ping, Step
from edi_gateway.transports.sftp.config import Credentials, SftpConfig
from edi_gateway.transports.sftp.connect import dial, log_in, resolve, shake_hands, start_sftp
from edi_gateway.transports.sftp.explain import explained
from edi_gateway.transports.ssh import public_key_of, weak_in_use
from edi_gateway.wording import count


def ping(config: SftpConfig, credentials: Credentials, today: date) -> tuple[Step, ...]:
    """Tries name, port, host key, login, folder and right, each once, on a connection of its own.

    The right to write is tried with an empty file under a name in transit, which is removed again.
    """
    visit, found = _Visit(config, credentials, today), Ping()
    try:
        found.ask("name", lambda: f"{config.host} is {resolve(config)}")
        found.ask("port", visit.port)
        found.ask("host key", visit.host_key)
        found.ask("login", visit.login)
        for folder in filter(None, (config.inbox, config.outbox, config.archive)):
            found.ask("folder", partial(visit.folder, folder))
        if config.outbox:
            found.ask("right", partial(visit.right, config.outbox))
    finally:
        visit.end()
    return found.steps()


class _Visit:
    """A connection in the making; each method is the next step and says what it found."""

    def __init__(self, config: SftpConfig, credentials: Credentials, today: date) -> None:
        self._config, self._credentials, self._today = config, credentials, today
        self._wire: socket.socket
        self._transport: paramiko.Transport
        self._sftp: paramiko.SFTPClient

    def port(self) -> str:
        self._wire = dial(self._config)
        return f"port {self._config.port} answers"

    def host_key(self) -> str:
        self._transport = shake_hands(self._config, self._wire, self._config.weak_on(self._today))
        key = public_key_of(self._transport.get_remote_server_key())
        weak = ", ".join(weak_in_use(self._transport))
        return f"{key.kind} {key.fingerprint}" + (f"; weak, by exception until {self._config.weak_until}: {weak}" if weak else "")

    def login(self) -> str:
        how = log_in(self._config, self._transport, self._credentials)
        self._sftp = start_sftp(self._config, self._transport)
        return f"{self._config.login}, by {how}"

    def folder(self, folder: str) -> str:
        with explained("list the folder", f"{self._config.where}{folder}"):
            return f"{folder} holds {count(len(self._sftp.listdir(folder)), 'name')}"

    def right(self, folder: str) -> str:
        probe = posixpath.join(folder, f"connection-test-{secrets.token_hex(4)}.part")
        with explained("write a file", f"{self._config.where}{folder}"):
            self._sftp.open(probe, "wb").close()
            self._sftp.remove(probe)
        return f"{folder} may be written"

    def end(self) -> None:
        """Closes what was opened so far."""
        for opened in (getattr(self, "_transport", None), getattr(self, "_wire", None)):
            if opened is not None:
                opened.close()
