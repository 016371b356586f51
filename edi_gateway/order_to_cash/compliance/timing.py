"""R04, R09 and R20: a document goes in its time. Late is not held back: it would only be later; what is too early may be."""

from __future__ import annotations

from datetime import datetime

from edi_gateway.order_to_cash.compliance.breach import Around, Breach, Breaches
from edi_gateway.trading.compliance.clock import RULE_OF, earliest
from edi_gateway.trading.compliance.pack import CompliancePack


def check_timing(code: str, pack: CompliancePack, around: Around) -> Breaches:
    """Whether an 855, 856 or 810 leaves in its time: now, or when it first left where it only goes once more."""
    yield from by_the_deadline(RULE_OF[code], around)
    if code == "856":
        yield from r09_not_too_early(pack, around)


def by_the_deadline(rule: str, around: Around) -> Breaches:
    """It is not past its deadline; exactly at the deadline is in time."""
    goes_at, due_at = around.goes_at, around.due_at
    if goes_at is not None and due_at is not None and goes_at > due_at:
        message = f"it was due at {_said(due_at)}, and {_when(around, goes_at)}"
        yield Breach(rule=rule, severity="warn", message=message, place="deadline")


def r09_not_too_early(pack: CompliancePack, around: Around) -> Breaches:
    """It does not go longer before the goods than they take it; exactly that long is not too early."""
    goes_at = around.goes_at
    if goes_at is None or around.leaves_at is None:
        return
    begins = earliest(pack, around.leaves_at)
    if begins is not None and goes_at < begins:
        early = f"before {_said(begins)} it is too early, and {_when(around, goes_at)}"
        message = f"the goods leave at {_said(around.leaves_at)}; {early}"
        yield Breach(rule="R09", severity="stop" if around.may_wait else "warn", message=message, place="departure")


def _when(around: Around, goes_at: datetime) -> str:
    return f"it {'is' if around.left_at is None else 'left at'} {_said(goes_at)}"


def _said(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
