"""What happens at the mailbox server, as small values for the audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

Kind = Literal["login", "login failed", "logout", "upload", "download", "remove", "rename", "refused"]


class MailboxEvent(NamedTuple):
    """One thing that happened: what, when (UTC), whose account (as claimed, before a login), from which address.

    ``path`` is the partner's own view (``/inbox/po.edi``); ``detail`` says how, why, or where to.
    """

    kind: Kind
    at: datetime
    account: str
    address: str
    path: str = ""
    detail: str = ""
