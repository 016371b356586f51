"""Labels: SSCC-18 numbers for cartons and pallets, from a counter of ours that is never set back.

A number is taken in the transaction that records what it is for, so that no two shipments get the same one. When all serial
references under one extension digit are used up, the next extension digit is; after the last one the count begins again, and a
label that went with a shipment within the last year is passed over (GS1 General Specifications §2.2.1: not reused within one
year of the shipment; R14).
"""

from __future__ import annotations

from datetime import timedelta

from edi_gateway.errors import NeedsPerson
from edi_gateway.order_to_cash.sscc import capacity, sscc_of_count
from edi_gateway.store.unit import Unit

A_YEAR = timedelta(days=366)
MOST_PASSED_OVER = 100_000
LABELS = "sscc|"
"""How the counters of labels begin; a company prefix follows."""


LEAST_LABELS = 100_000
"""So many are passed over after a restore, for one shipment takes hundreds; see ``least_labels``."""


def counter_of_labels(company_prefix: str) -> str:
    """The counter that the labels behind a company prefix are counted by."""
    return f"{LABELS}{company_prefix}"


def least_labels(company_prefix: str) -> int:
    """How many are passed over at least after a restore: of a prefix with room for few no more than a hundredth."""
    return min(LEAST_LABELS, capacity(company_prefix) // 100)


def next_labels(unit: Unit, company_prefix: str, count: int) -> list[str]:
    """So many labels nobody saw within a year. Raises WrongInput for no company prefix, NeedsPerson where none are left."""
    given: list[str] = []
    passed_over = 0
    while len(given) < count:
        drawn = [_next(unit, company_prefix) for _ in range(count - len(given))]
        used = unit.label_uses.used(drawn, unit.clock.now() - A_YEAR)
        given += [label for label in drawn if label not in used]
        passed_over += len(used)
        if passed_over >= min(MOST_PASSED_OVER, capacity(company_prefix)):
            raise NeedsPerson(
                f"every SSCC behind company prefix {company_prefix} went with a shipment within the last year",
                do="get another company prefix from GS1 and put it into partners/_ourselves.yaml",
            )
    return given


def _next(unit: Unit, company_prefix: str) -> str:
    def behind() -> int:
        return least_labels(company_prefix) if unit.control_numbers.jumped() else 0

    most = capacity(company_prefix) - 1
    return sscc_of_count(company_prefix, unit.control_numbers.next(counter_of_labels(company_prefix), most=most, behind=behind))
