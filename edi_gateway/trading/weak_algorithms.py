"""SSH algorithms that are too weak to be used, but for a partner who cannot do without one yet."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from edi_gateway.trading.base import Terms

WeakAlgorithm = Literal[
    "3des-cbc", "aes128-cbc", "aes192-cbc", "aes256-cbc", "hmac-sha1", "hmac-sha1-96", "hmac-md5", "hmac-md5-96"
]
"""The weak ones that can be allowed. Key exchange and signatures by SHA-1, DSA keys and RC4 are never spoken."""


class WeakAlgorithms(Terms):
    """Algorithms that are allowed although they are weak. Every use is told; after the last day they are refused."""

    allow: tuple[WeakAlgorithm, ...] = Field(min_length=1, description="Their names, as SSH has them.")
    until: date = Field(description="The last day they are allowed.")
    reason: str = Field("", description="Why, for whoever reads it.")
