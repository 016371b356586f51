"""Usage in its two vocabularies: as X12 writes it (ISA15), which is what is on record, and as profiles say it; and between them.

ISA15 has a third value, I for information: of no usage we agree on, it is in ``USAGES`` not at all.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

Usage: TypeAlias = Literal["production", "test"]

PRODUCTION: Final = "P"
TEST: Final = "T"

USAGES: Final[dict[str, Usage]] = {PRODUCTION: "production", TEST: "test"}
_WRITTEN: Final[dict[Usage, str]] = {usage: code for code, usage in USAGES.items()}


def isa15(usage: Usage) -> str:
    """How X12 writes a usage."""
    return _WRITTEN[usage]
