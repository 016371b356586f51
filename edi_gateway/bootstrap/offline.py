"""Connections, and secrets of the vault, for commands that look at them while no gateway has to run."""

from __future__ import annotations

from edi_gateway.bootstrap.as2 import As2
from edi_gateway.bootstrap.as2_journal import at_the_next_look
from edi_gateway.bootstrap.connections import Connections
from edi_gateway.bootstrap.gateway import has_store, open_store
from edi_gateway.clock import SystemClock
from edi_gateway.settings import Settings
from edi_gateway.store.vault import Vault, VaultKey
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import As2Connection
from edi_gateway.trading.secrets import FromVault


def connections_of(settings: Settings, directory: Directory) -> Connections:
    """The connections of a directory. Certificates and the vault are those of the data folder, where there is one."""
    clock, mailboxes = SystemClock(), settings.data / "mailboxes"
    if not has_store(settings) and not any(isinstance(each, As2Connection) for each in directory.connections):
        return Connections(directory, mailboxes, clock)
    store = open_store(settings, clock)
    vault = Vault(store, VaultKey.configured(settings))
    return Connections(directory, mailboxes, clock, As2(directory, store, vault, clock, at_the_next_look), vault.text)


def secrets_of(settings: Settings) -> FromVault | None:
    """What gives the secrets of the vault of the data folder; None where no gateway has run."""
    if not has_store(settings):
        return None
    return Vault(open_store(settings, SystemClock()), VaultKey.configured(settings)).text
