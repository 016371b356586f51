"""Trying an SFTP connection step by step, so that a person knows which end to mend."""

from __future__ import annotations

import posixpath
import secrets
import socket
from functools import partial

import paramiko

from edi_gateway.transports.ping import Ping, Step
from edi_gateway.transports.sftp.config import Credentials, SftpConfig
from edi_gateway.transports.sftp.connect import dial, log_in, resolve, shake_hands, start_sftp
from edi_gateway.transports.sftp.explain import explained
from edi_gateway.transports.ssh import public_key_of


def ping(config: SftpConfig, credentials: Credentials) -> tuple[Step, ...]:
    """Tries name, port, host key, login, folder and right, each once, on a connection of its own.

    The right to write is tried with an empty file under a name in transit, which is removed again.
    """
    visit, found = _Visit(config, credentials), Ping()
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

    def __init__(self, config: SftpConfig, credentials: Credentials) -> None:
        self._config, self._credentials = config, credentials
        self._wire: socket.socket
        self._transport: paramiko.Transport
        self._sftp: paramiko.SFTPClient

    def port(self) -> str:
        self._wire = dial(self._config)
        return f"port {self._config.port} answers"

    def host_key(self) -> str:
        self._transport = shake_hands(self._config, self._wire)
        key = public_key_of(self._transport.get_remote_server_key())
        return f"{key.kind} {key.fingerprint}"

    def login(self) -> str:
        how = log_in(self._config, self._transport, self._credentials)
        self._sftp = start_sftp(self._config, self._transport)
        return f"{self._config.login}, by {how}"

    def folder(self, folder: str) -> str:
        with explained("list the folder", f"{self._config.where}{folder}"):
            return f"{folder} holds {len(self._sftp.listdir(folder))} names"

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
