"""Usage in its two vocabularies."""

from __future__ import annotations

from edi_gateway.trading.usage import PRODUCTION, TEST, USAGES, isa15


def test_both_vocabularies_say_the_same_there_and_back() -> None:
    assert [isa15(USAGES[code]) for code in (PRODUCTION, TEST)] == ["P", "T"]
    assert "I" not in USAGES
