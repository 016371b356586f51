"""What came of each rule that a document was held against, as the partner's pack wants it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from edi_gateway.documents.base import Value
from edi_gateway.order_to_cash.compliance.breach import Breach
from edi_gateway.trading.compliance.catalog import CATALOG
from edi_gateway.trading.compliance.pack import CompliancePack


class Verdict(Value, frozen=True, kw_only=True):
    """A rule and how it ended: kept; off, for it was not looked at; warned, and the document goes; stopped, and it is held.

    ``source`` is where the partner says so, with its date; ``stake`` what it charges; ``do`` what a person may do about it.
    """

    rule: str
    result: Literal["kept", "off", "warned", "stopped"]
    message: str = ""
    place: str = ""
    source: str = ""
    stake: str = ""
    do: str = ""

    def __str__(self) -> str:
        """``R13 weight: it weighs 12 LB, its packs 10 (Vendor Standards §4.2, 2026-02-01; 50 per carton) — weigh again``."""
        known = "; ".join(filter(None, (self.source, self.stake)))
        head = f"{self.rule} {self.place}".rstrip()
        return f"{head}: {self.message} ({known})" + (f" — {self.do}" if self.do else "")


def judge(rules: Iterable[str], breaches: Iterable[Breach], pack: CompliancePack) -> tuple[Verdict, ...]:
    """A verdict for each rule that was looked at; one for each place where it is broken."""
    broken: dict[str, list[Breach]] = {}
    for breach in breaches:
        broken.setdefault(breach.rule, []).append(breach)
    return tuple(verdict for rule in dict.fromkeys((*rules, *broken)) for verdict in _verdicts(rule, broken.get(rule, []), pack))


def _verdicts(rule: str, breaches: list[Breach], pack: CompliancePack) -> Iterable[Verdict]:
    terms, source = pack.terms(rule), pack.source_of(rule)
    if terms.does == "off":
        yield Verdict(rule=rule, result="off", source=source)
        return
    if not breaches:
        yield Verdict(rule=rule, result="kept", source=source)
    for breach in breaches:
        yield Verdict(
            rule=rule,
            result="stopped" if (terms.does, breach.severity) == ("block", "stop") else "warned",
            message=breach.message,
            place=breach.place,
            source=source,
            stake=terms.stake,
            do=CATALOG[rule].do,
        )
