"""Passwords kept as scrypt hashes, with the parameters they were made with: ``scrypt$32768$8$3$salt$hash``."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import threading
from typing import NamedTuple

from edi_gateway.errors import WrongInput

_MOST_MEMORY = 256 * 1024 * 1024
_TWO_AT_A_TIME = threading.BoundedSemaphore(2)  # a hash takes 32 MB; a crowd at the door must not take it all


class Cost(NamedTuple):
    """scrypt's N, r and p (RFC 7914); the default takes 32 MB and is among those OWASP's password storage advice names."""

    n: int = 2**15
    r: int = 8
    p: int = 3


def hash_password(password: str, cost: Cost = Cost()) -> str:  # noqa: B008 - an immutable value
    """The hash to keep for a password, with a salt of its own."""
    salt = secrets.token_bytes(16)
    return _written(cost, salt, _scrypt(password, salt, cost))


def password_matches(kept: str, password: str) -> bool:
    """Whether a password is the one a kept hash was made from; takes the same time either way."""
    cost, salt, expected = read_hash(kept)
    return hmac.compare_digest(_scrypt(password, salt, cost), expected)


def read_hash(kept: str) -> tuple[Cost, bytes, bytes]:
    """Cost, salt and hash of a kept password; WrongInput when it is not of our form."""
    try:
        kind, n, r, p, salt, digest = kept.strip().split("$")
        cost = Cost(int(n), int(r), int(p))
        found = cost, base64.b64decode(salt, validate=True), base64.b64decode(digest, validate=True)
    except (ValueError, binascii.Error):
        raise WrongInput("a password hash is not of the form scrypt$N$r$p$salt$hash", do="make it anew") from None
    if kind != "scrypt" or cost.n < 2 or cost.n & (cost.n - 1) or not 16 <= 128 * cost.n * cost.r <= _MOST_MEMORY or cost.p < 1:
        raise WrongInput(f"a password hash asks for {kind} with {cost}, which is not possible here", do="make it anew")
    return found


def _scrypt(password: str, salt: bytes, cost: Cost) -> bytes:
    with _TWO_AT_A_TIME:
        memory = 128 * cost.n * cost.r + 128 * cost.r * cost.p + (1 << 20)
        return hashlib.scrypt(password.encode(), salt=salt, n=cost.n, r=cost.r, p=cost.p, maxmem=memory, dklen=32)


def _written(cost: Cost, salt: bytes, digest: bytes) -> str:
    return "$".join(("scrypt", *map(str, cost), base64.b64encode(salt).decode(), base64.b64encode(digest).decode()))
