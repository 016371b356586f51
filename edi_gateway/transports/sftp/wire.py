"""One account's connection: made when first needed, dropped when its state is in doubt, made again on next use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import paramiko

from edi_gateway.errors import GatewayError
from edi_gateway.transports.sftp.config import Credentials, SftpConfig
from edi_gateway.transports.sftp.connect import dial, log_in, shake_hands, start_sftp
from edi_gateway.transports.sftp.explain import FOREIGN, explain


class Wire:
    """Hands out the SFTP client and explains what goes wrong with it."""

    def __init__(self, config: SftpConfig, credentials: Credentials) -> None:
        self._config, self._credentials = config, credentials
        self._transport: paramiko.Transport | None = None
        self._sftp: paramiko.SFTPClient | None = None

    def where(self, path: str) -> str:
        """A path over there, as messages name it."""
        return f"{self._config.where}{path if path.startswith('/') else '/' + path}"

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

    def close(self) -> None:
        """Lets go of the connection."""
        if self._transport is not None:
            self._transport.close()
        self._transport = self._sftp = None

    def _connected(self) -> paramiko.SFTPClient:
        if self._sftp is not None and self._transport is not None and self._transport.is_active():
            return self._sftp
        self.close()
        transport = shake_hands(self._config, dial(self._config))
        try:
            log_in(self._config, transport, self._credentials)
            sftp = start_sftp(self._config, transport)
        except BaseException:
            transport.close()
            raise
        self._transport, self._sftp = transport, sftp
        return sftp

    def _is_in_doubt(self, error: Exception) -> bool:
        """An answer of the server that says no leaves the connection sound; silence, garbage and a closed line do not."""
        answered = isinstance(error, OSError) and not isinstance(error, TimeoutError)
        return not answered or self._transport is None or not self._transport.is_active()
