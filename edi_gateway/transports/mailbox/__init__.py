"""Our own SFTP server: each partner has a mailbox, a drop-folder of its own, and sees nothing else of this machine."""

from edi_gateway.transports.mailbox.accounts import Account, AccountList, Accounts
from edi_gateway.transports.mailbox.events import MailboxEvent
from edi_gateway.transports.mailbox.folders import mailbox_transport, make_mailbox
from edi_gateway.transports.mailbox.limits import Limits
from edi_gateway.transports.mailbox.logins import LoginPolicy, SlowDown
from edi_gateway.transports.mailbox.outbox import Outbox
from edi_gateway.transports.mailbox.passwords import hash_password, password_matches
from edi_gateway.transports.mailbox.server import MailboxServer

__all__ = [
    "Account",
    "AccountList",
    "Accounts",
    "Limits",
    "LoginPolicy",
    "MailboxEvent",
    "MailboxServer",
    "Outbox",
    "SlowDown",
    "hash_password",
    "mailbox_transport",
    "make_mailbox",
    "password_matches",
]
