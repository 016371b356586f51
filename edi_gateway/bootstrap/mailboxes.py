"""Our mailbox server as the operator set it: how much anybody may take of it, and how guessing is slowed down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from edi_gateway.clock import Clock
from edi_gateway.settings import Settings
from edi_gateway.transports.mailbox import Accounts, Limits, MailboxServer, SlowDown


def mailbox_server(settings: Settings, accounts: Accounts, clock: Clock, **hooks: Any) -> MailboxServer:
    """The server of a data folder's mailboxes, not started; ``hooks`` as MailboxServer takes them."""
    return MailboxServer(
        settings.data / "mailboxes",
        accounts,
        settings.data / "host_keys",
        host=settings.host,
        port=settings.sftp_port,
        limits=limits_of(settings),
        policy=slow_down_of(settings, clock),
        addresses=settings.mailbox_addresses,
        clock=clock,
        **hooks,
    )


def limits_of(settings: Settings) -> Limits:
    """The ceilings; those that are no setting keep their defaults."""
    return Limits(
        sessions=settings.mailbox_sessions,
        sessions_per_account=settings.mailbox_sessions_per_account,
        strangers=settings.mailbox_strangers,
        strangers_per_address=settings.mailbox_strangers_per_address,
        login_seconds=settings.mailbox_login_seconds,
        idle_seconds=settings.mailbox_idle_seconds,
        handles=settings.mailbox_handles,
        file=settings.mailbox_largest_megabytes << 20,
        password_tries=settings.mailbox_password_tries,
    )


def slow_down_of(settings: Settings, clock: Clock) -> SlowDown:
    """How those who guess passwords are slowed down."""
    return SlowDown(
        clock,
        free=settings.mailbox_free_failures,
        longest=settings.mailbox_longest_delay,
        too_many=settings.mailbox_failures_until_blocked,
        block=timedelta(minutes=settings.mailbox_blocked_minutes),
    )
