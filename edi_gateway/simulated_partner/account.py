"""The buyer's account on the supplier's SFTP server."""

from __future__ import annotations

from collections.abc import Iterable

from edi_gateway.simulated_partner.keys import KeyPair
from edi_gateway.transports.sftp import Credentials, SftpConfig, SftpTransport


def sftp_mailbox(host: str, port: int, account: str, keys: KeyPair, host_keys: Iterable[str]) -> SftpTransport:
    """The account as a mailbox for a ``Buyer``: it writes ``/inbox`` and reads ``/outbox``; connects when first used.

    ``host_keys`` are the public key lines or ``SHA256:`` fingerprints the server may show. Files need not settle, since the
    server shows only what is complete; nobody else collects them, so they are not claimed.
    """
    config = SftpConfig(
        host=host,
        port=port,
        login=account,
        host_keys=tuple(host_keys),
        inbox="/outbox",
        outbox="/inbox",
        stable_for=0.0,
        claims=False,
    )
    return SftpTransport(config, Credentials(key_file=keys.private_file))
