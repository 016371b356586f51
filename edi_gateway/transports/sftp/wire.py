"""One account's connection: made when first needed, dropped when its state is in doubt, made again on next use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import paramiko

from edi_gateway.clock import Clock
from edi_gateway.errors import GatewayError, Uncertain
from edi_gateway.transports.sftp.config import Credentials, SftpConfig
from edi_gateway.transports.sftp.connect import dial, log_in, shake_hands, start_sftp
from edi_gateway.transports.sftp.explain import FOREIGN, explain
from edi_gateway.transports.ssh import weak_in_use


class Wire:
    """Hands out the SFTP client and explains what goes wrong with it.

    ``on_weak`` is told once a day of every weak algorithm that is used by exception.
    """

    def __init__(
        self, config: SftpConfig, credentials: Credentials, clock: Clock, on_weak: Callable[[str], None] = lambda _name: None
    ) -> None:
        self._config, self._credentials, self._clock, self._on_weak = config, credentials, clock, on_weak
        self._told: set[tuple[date, str]] = set()
        self._transport: paramiko.Transport | None = None
        self._sftp: paramiko.SFTPClient | None = None

    def where(self, path: str) -> str:
        """A path over there, as messages name it."""
        told = path.encode(errors="backslashreplace").decode()
        return f"{self._config.where}{told if told.startswith('/') else '/' + told}"

    @contextmanager
    def use(self, doing: str, path: str) -> Iterator[paramiko.SFTPClient]:
        """The client, for one thing to do; its errors come out as TryAgain, NeedsPerson or WrongInput naming ``path``."""
        sftp = self._connected()
        try:
            yield sftp
        except GatewayError:
            raise
        except FOREIGN as error:
            if self._is_in_doubt(error):
                self.close()
            raise explain(error, doing, self.where(path)) from error

    @contextmanager
    def last_request(self, path: str) -> Iterator[None]:
        """Around what makes a file the partner's, inside ``use``: where no answer comes it may be there, and taken already."""
        try:
            yield
        except FOREIGN as error:
            if not self._is_in_doubt(error):
                raise
            self.close()
            said = explain(error, "learn whether the file is there", self.where(path))
            raise Uncertain(said.what, where=said.where, do="it is asked for before it is sent again") from error

    def close(self) -> None:
        """Lets go of the connection."""
        if self._transport is not None:
            self._transport.close()
        self._transport = self._sftp = None

    def _connected(self) -> paramiko.SFTPClient:
        if self._sftp is not None and self._transport is not None and self._transport.is_active():
            return self._sftp
        self.close()
        today = self._clock.now().date()
        transport = shake_hands(self._config, dial(self._config), self._config.weak_on(today))
        try:
            self._tell_weak(transport, today)
            log_in(self._config, transport, self._credentials)
            sftp = start_sftp(self._config, transport)
        except BaseException:
            transport.close()
            raise
        self._transport, self._sftp = transport, sftp
        return sftp

    def _tell_weak(self, transport: paramiko.Transport, today: date) -> None:
        self._told = {each for each in self._told if each[0] == today}
        for name in weak_in_use(transport):
            if (today, name) not in self._told:
                self._told.add((today, name))
                self._on_weak(name)

    def _is_in_doubt(self, error: Exception) -> bool:
        """An answer of the server that says no leaves the connection sound; silence, garbage and a closed line do not."""
        answered = isinstance(error, OSError) and not isinstance(error, TimeoutError)
        return not answered or self._transport is None or not self._transport.is_active()
