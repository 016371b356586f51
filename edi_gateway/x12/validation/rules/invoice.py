"""810: TDS01 is what the lines come to, with charges, allowances and tax (rules §11)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from edi_gateway.x12.validation.rules.numbers import cents, decimal
from edi_gateway.x12.validation.rules.rule import Rule
from edi_gateway.x12.validation.scene import Found, Scene, Trouble

_COVERED = {10: "PN", 12: "LD PD TD WD", 100: "HP LC QH TC WC", 1_000: "LM QS TM TP WM", 10_000: "TT", 100_000: "HT"}
PER = {basis: units for units, each in _COVERED.items() for basis in each.split()}
"""IT105 → how many of the unit one price covers, where that is not one; a test holds it equal to ``documents.price``."""

_SIGN = {"A": -1, "C": 1}  # SAC01: allowance, charge
_CENT = Decimal("0.01")


def invoice_total(scene: Scene) -> Iterator[Trouble]:
    """Silent where an amount is not given (a SAC with a rate only, a line without price). Half a cent a line is rounding.

    Guides differ in whether charges and taxes of the summary repeat those of the lines, and taxes those of a SAC: a total that
    agrees with any of these readings is right.
    """
    lines = scene.all("IT1")
    for tds in scene.all("TDS"):
        said = cents(tds.at(1))
        amounts = [_line(line) for line in lines]
        charges, taxes = _readings(scene.all("SAC"), _allowance, tds), _readings(scene.all("TXI"), _tax, tds)
        if said is None or None in amounts or charges is None or taxes is None:
            continue
        total = sum((amount for amount in amounts if amount is not None), Decimal(0))
        totals = [total + charge + tax for charge in charges for tax in (*taxes, *([Decimal(0)] if any(charges) else []))]
        if all(abs(said - one) > _CENT * (len(lines) + 1) / 2 for one in totals):
            yield Trouble(f"TDS01 says {said:.2f}, lines, charges, allowances and tax come to {totals[0]:.2f}", tds, 1)


def _readings(segments: list[Found], amount: Callable[[Found], Decimal | None], tds: Found) -> list[Decimal] | None:
    """What amounts at the lines and in the summary come to: together, or the summary alone; None where one is not given."""
    known = [(segment.place, value) for segment in segments if (value := amount(segment)) is not None]
    if len(known) < len(segments):
        return None
    everything = sum((value for _, value in known), Decimal(0))
    summary = [value for place, value in known if place > tds.place]
    return [everything, sum(summary, Decimal(0))] if summary else [everything]


def discounted_total(scene: Scene) -> Iterator[Trouble]:
    for tds in scene.all("TDS"):
        total, after, discount = (cents(tds.at(element)) if tds.at(element) else None for element in (1, 3, 4))
        if total is not None and after is not None and discount is not None and after != total - discount:
            yield Trouble(f"TDS03 says {after:.2f}, TDS01 less TDS04 is {total - discount:.2f}", tds, 3)


def _line(line: Found) -> Decimal | None:
    quantity, price = decimal(line.at(2)), decimal(line.at(4))
    if quantity is None or price is None:
        return None
    return quantity * price / PER.get(line.at(5), 1)


def _allowance(sac: Found) -> Decimal | None:
    if sac.at(1) not in _SIGN:
        return Decimal(0)
    amount = cents(sac.at(5)) if sac.at(5) else None
    return None if amount is None else amount * _SIGN[sac.at(1)]


def _tax(txi: Found) -> Decimal | None:
    return decimal(txi.at(2)) if txi.at(2) else None


_SETS = frozenset({"810"})
RULES = (
    Rule("balance.invoice_total", invoice_total, frozenset({"TDS"}), frozenset({"IT1", "SAC", "TXI", "TDS"}), _SETS),
    Rule("balance.discounted_total", discounted_total, frozenset({"TDS"}), frozenset({"TDS"}), _SETS),
)
