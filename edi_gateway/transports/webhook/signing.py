"""Signing as Standard Webhooks 1.0 has it: HMAC-SHA256 over id, timestamp and body, under a secret ``whsec_…``."""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Sequence
from hashlib import sha256

_PREFIX = "whsec_"
_SIZE = 32  # bytes; the standard asks for 24 to 64


def new_secret() -> str:
    """A new secret."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SIZE)).decode()


def new_message_id() -> str:
    """A new ``webhook-id``."""
    return f"msg_{secrets.token_hex(16)}"


def signed_headers(keys: Sequence[str], message_id: str, at: int, body: bytes) -> dict[str, str]:
    """The headers of a message sent at ``at`` (seconds since 1970), signed with every key: two of them while one is replaced."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signature(key, message_id, at, body) for key in keys),
        "content-type": "application/json",
    }


def signature(key: str, message_id: str, at: int, body: bytes) -> str:
    """``v1,`` and the HMAC in base64."""
    told = f"{message_id}.{at}.".encode() + body
    mac = hmac.new(base64.b64decode(key.removeprefix(_PREFIX)), told, sha256).digest()
    return f"v1,{base64.b64encode(mac).decode()}"
