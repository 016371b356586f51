"""Certificates as terms: whose, for what, from when to when, and which one is used at a moment.

Several of one owner overlap. What is signed by them is taken under any that holds; what we sign or encrypt uses the one whose
time came last, so that a switch happens by itself on the day it was agreed for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

import msgspec

Role: TypeAlias = Literal["any", "signing", "encryption"]

WARNINGS = (60, 30, 14, 7, 1, 0)  # days before its end on which somebody is told


class NewCertificate(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate to be kept: ``owner`` as ``owner_of_connection`` and ``owner_of_identity`` write it; ``chain`` is PEM."""

    owner: str
    fingerprint: str
    der: bytes
    subject: str
    valid_from: datetime
    valid_until: datetime
    role: Role = "any"
    chain: bytes = b""
    use_from: datetime | None = None
    has_key: bool = False


class Certificate(msgspec.Struct, frozen=True):
    """A certificate that is kept; ``has_key``: its private key is in the vault. ``told_days``: the last warning that was told."""

    id: int
    owner: str
    role: Role
    fingerprint: str
    der: bytes
    chain: bytes
    subject: str
    valid_from: datetime
    valid_until: datetime
    use_from: datetime
    has_key: bool
    told_days: int | None
    retired_at: datetime | None
    added_at: datetime
    added_by: str

    @property
    def key_name(self) -> str:
        """Where in the vault its private key is."""
        return key_name(self.fingerprint)

    def serves(self, role: Role) -> bool:
        """Whether it may be used for signing, or for encryption."""
        return self.role in ("any", role)

    def holds(self, now: datetime) -> bool:
        """Whether it is valid at a moment."""
        return self.valid_from <= now < self.valid_until

    def days_left(self, now: datetime) -> int:
        """Whole days until its end; negative after it."""
        return (self.valid_until - now).days


def owner_of_connection(name: str) -> str:
    """Whose a partner's certificates are."""
    return f"connection:{name}"


def owner_of_identity(name: str) -> str:
    """Whose our own are."""
    return f"ourselves:{name}"


def key_name(fingerprint: str) -> str:
    """The vault's name for the private key of a certificate."""
    return f"certificate/{fingerprint}"


def in_use(certificates: Iterable[Certificate], role: Role, now: datetime) -> Certificate | None:
    """The one we use at a moment: of those whose time has come and that hold, the one whose time came last.

    Where its time came for none that holds, the next one before its day: better early than nothing. Where none holds at all,
    the one that ended last: it is for the caller to refuse it.
    """
    serving = [each for each in certificates if each.serves(role)]
    holding = [each for each in serving if each.holds(now)]
    begun = [each for each in holding if each.use_from <= now]
    if begun:
        return max(begun, key=lambda each: (each.use_from, each.id))
    if holding:
        return min(holding, key=lambda each: (each.use_from, each.id))
    return max(serving, key=lambda each: each.valid_until, default=None)


def due_warning(certificate: Certificate, now: datetime) -> int | None:
    """The warning that is due and not told: 60, 30, 14, 7 or 1 days before its end, or 0 after it; None where there is none."""
    left = certificate.valid_until - now
    due = min((days for days in WARNINGS if left <= timedelta(days=days)), default=None)
    if due is None or (certificate.told_days is not None and certificate.told_days <= due):
        return None
    return due
