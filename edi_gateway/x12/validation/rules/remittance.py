"""820: BPR02 is the sum of what is paid. An ADX under an RMR is already inside its net amount (rules §11)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from edi_gateway.x12.validation.rules.numbers import decimal
from edi_gateway.x12.validation.rules.rule import Rule
from edi_gateway.x12.validation.scene import Scene, Trouble


def remittance_total(scene: Scene) -> Iterator[Trouble]:
    """Silent where an RMR has no net amount: then the sum is not known."""
    paid = [decimal(rmr.at(4)) if rmr.at(4) else None for rmr in scene.all("RMR")]
    outside = [decimal(adx.at(1)) for adx in scene.all("ADX") if "RMR" not in scene.path(adx).split("/")]
    amounts = [*paid, *outside]
    if not paid or None in amounts:
        return
    total = sum((amount for amount in amounts if amount is not None), Decimal(0))
    for bpr in scene.all("BPR"):
        said = decimal(bpr.at(2))
        if said is not None and said != total:
            yield Trouble(f"BPR02 says {said}, RMR04 and free ADX01 come to {total}", bpr, 2)


RULES = (
    Rule(
        "balance.remittance_total",
        remittance_total,
        frozenset({"RMR"}),
        frozenset({"BPR", "RMR", "ADX"}),
        frozenset({"820"}),
    ),
)
