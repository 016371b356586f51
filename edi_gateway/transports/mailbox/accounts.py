"""Who may log in to a mailbox, from where, with what, and how much may lie there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from typing import Protocol

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.transports.mailbox.passwords import read_hash
from edi_gateway.transports.ssh import PublicKey, read_public_key

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A partner's account: its name is also its folder.

    ``keys``: public keys as in authorized_keys, several while one replaces another. ``password_hash``: see ``passwords``; None
    when only keys are taken. ``former_password_hash``: that of the password before, while both are taken. ``addresses``: networks
    it may come from (``203.0.113.0/24``), empty for any. ``quota_bytes`` and ``quota_files``: what may lie uncollected in its
    inbox. ``sees_archive``: whether ``/archive`` may be listed and read.

    Raises WrongInput for a name, key, hash or network that is none.
    """

    name: str
    keys: tuple[str, ...] = ()
    password_hash: str | None = None
    former_password_hash: str | None = None
    addresses: tuple[str, ...] = ()
    quota_bytes: int = 4 * 1024**3
    quota_files: int = 10_000
    sees_archive: bool = False

    def __post_init__(self) -> None:
        check_account_name(self.name)
        self.public_keys()
        for kept in self.password_hashes():
            read_hash(kept)
        for address in self.addresses:
            check_network(address)

    def __repr__(self) -> str:
        return f"Account(name={self.name!r}, keys={len(self.keys)}, passwords={len(self.password_hashes())})"

    def public_keys(self) -> tuple[PublicKey, ...]:
        """The keys that open it."""
        return tuple(read_public_key(line) for line in self.keys)

    def password_hashes(self) -> tuple[str, ...]:
        """The hashes of the passwords that open it."""
        return tuple(kept for kept in (self.password_hash, self.former_password_hash) if kept is not None)

    def may_come_from(self, address: str) -> bool:
        """Whether an IP address is one it is expected from."""
        return address_is_in(address, self.addresses)


class Accounts(Protocol):
    """Where accounts are looked up, at every login anew; knows nothing of the server."""

    def find(self, name: str) -> Account | None:
        """The account of exactly this name; None when there is none. ``name`` is whatever a stranger sent."""
        ...


class AccountList:
    """Accounts held in memory; ``put``, ``remove`` and ``replace`` take effect at the next login."""

    def __init__(self, accounts: Iterable[Account] = ()) -> None:
        self._by_name = {account.name: account for account in accounts}

    def find(self, name: str) -> Account | None:
        return self._by_name.get(name)

    def put(self, account: Account) -> None:
        """Adds an account, or replaces the one of its name."""
        self._by_name[account.name] = account

    def replace(self, accounts: Iterable[Account]) -> None:
        """These are all the accounts there are, from one moment to the next."""
        self._by_name = {account.name: account for account in accounts}

    def remove(self, name: str) -> None:
        """Forgets an account; its folder stays."""
        self._by_name.pop(name, None)


def check_account_name(name: str) -> None:
    """Raises WrongInput for a name that must not become a folder's."""
    if not _NAME.fullmatch(name):
        raise WrongInput(
            f"{name!r} cannot be an account", do="use lower-case letters, digits, - and _, a letter first, 64 at most"
        )


def check_network(text: str) -> None:
    """Raises WrongInput for what is neither an IP address nor a network."""
    try:
        ip_network(text, strict=False)
    except ValueError:
        raise WrongInput(f"{text!r} is no IP address or network", do="write it as 203.0.113.7 or 203.0.113.0/24") from None


def address_is_in(address: str, networks: Iterable[str]) -> bool:
    """Whether an address lies in one of the networks; no networks means anywhere."""
    wanted = tuple(networks)
    if not wanted:
        return True
    try:
        came_from = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    came_from = getattr(came_from, "ipv4_mapped", None) or came_from
    return any(came_from in ip_network(network, strict=False) for network in wanted)
