"""Where a mailbox lies on disk, and the gateway's own way into it.

``<root>/<account>/inbox`` they write, ``outbox`` they read, ``archive`` they may be shown; ``.uploading`` holds what is not
complete, in the same file system, so that a name appears in one step.
"""

from __future__ import annotations

from pathlib import Path

from edi_gateway.clock import Clock
from edi_gateway.files import explained, make_folder
from edi_gateway.transports.folder import CLAIMED, FolderConfig, FolderTransport
from edi_gateway.transports.mailbox.accounts import check_account_name

INBOX, OUTBOX, ARCHIVE, UPLOADING = "inbox", "outbox", "archive", ".uploading"


def make_mailbox(root: Path, account: str) -> Path:
    """Makes an account's folders where they are missing, for our own eyes only; returns the account's folder.

    The one for claimed files is made before the partner can put a file of that name there.
    """
    check_account_name(account)
    home = root / account
    with explained("make the mailbox", home):
        for folder in (home, home / INBOX, home / OUTBOX, home / ARCHIVE, home / UPLOADING, home / INBOX / CLAIMED):
            make_folder(folder, 0o700)
    return home


def mailbox_transport(
    root: Path, account: str, clock: Clock | None = None, *, pattern: str = "*", keep: bool = False, owner: str = ""
) -> FolderTransport:
    """The gateway's side of a mailbox: collects what the partner put into its inbox, sends into its outbox.

    Files need not settle, since a name only appears when the upload is complete. ``keep`` moves collected files to the
    account's archive; they are on record as payloads anyway. ``owner``: see FolderConfig.
    """
    home = make_mailbox(root, account)
    archive = home / ARCHIVE if keep else None
    config = FolderConfig(
        inbox=home / INBOX, outbox=home / OUTBOX, archive=archive, pattern=pattern, stable_for=0.0, owner=owner, watched=True
    )
    return FolderTransport(config, clock)
