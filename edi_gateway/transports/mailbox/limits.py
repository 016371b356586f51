"""What one partner, or anybody on the internet, may take of this machine."""

from __future__ import annotations

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Ceilings of the mailbox server; sizes in bytes, times in seconds.

    ``sessions`` and ``sessions_per_account``: logged in at once. ``strangers`` and ``strangers_per_address``: connections not
    logged in yet. ``login_seconds``: time to log in. ``idle_seconds``: time without a request. ``channels``: SFTP sessions over
    one connection's life. ``handles``: files and listings open in one session. ``read``: most of one answer. ``packet``:
    longest request. ``file``: largest upload. ``password_tries``: on one connection.
    """

    sessions: int = 100
    sessions_per_account: int = 8
    strangers: int = 40
    strangers_per_address: int = 8
    login_seconds: float = 30.0
    idle_seconds: float = 900.0
    channels: int = 16
    handles: int = 64
    read: int = 256 * 1024
    packet: int = 300 * 1024
    file: int = 2 * 1024**3
    password_tries: int = 4
