"""Connections for commands that look at them while no gateway has to run."""

from __future__ import annotations

from edi_gateway.bootstrap.as2 import As2
from edi_gateway.bootstrap.connections import Connections
from edi_gateway.bootstrap.gateway import open_store
from edi_gateway.clock import SystemClock
from edi_gateway.settings import Settings
from edi_gateway.store.vault import Vault, VaultKey
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import As2Connection


def connections_of(settings: Settings, directory: Directory) -> Connections:
    """The connections of a directory. Certificates and the vault are those of the data folder, where there is one."""
    clock, mailboxes = SystemClock(), settings.data / "mailboxes"
    is_there = settings.database is not None or (settings.data / "gateway.sqlite3").exists()
    if not is_there and not any(isinstance(each, As2Connection) for each in directory.connections):
        return Connections(directory, mailboxes, clock)
    store = open_store(settings, clock)
    vault = Vault(store, VaultKey.configured(settings))
    return Connections(directory, mailboxes, clock, As2(directory, store, vault, clock), vault.text)
