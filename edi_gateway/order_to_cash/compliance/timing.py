"""R04, R09 and R20: a document goes in its time. Late is not held back: it would only be later; somebody is told."""

from __future__ import annotations

from datetime import datetime

from edi_gateway.order_to_cash.compliance.breach import Around, Breach, Breaches
from edi_gateway.trading.compliance.clock import RULE_OF, earliest
from edi_gateway.trading.compliance.pack import CompliancePack


def check_timing(code: str, pack: CompliancePack, around: Around) -> Breaches:
    """Whether an 855, 856 or 810 that is looked at now leaves in its time."""
    yield from by_the_deadline(RULE_OF[code], around)
    if code == "856":
        yield from r09_not_too_early(pack, around)


def by_the_deadline(rule: str, around: Around) -> Breaches:
    """It is not past its deadline; exactly at the deadline is in time."""
    if around.now is not None and around.due_at is not None and around.now > around.due_at:
        message = f"it was due at {_said(around.due_at)}, and it is {_said(around.now)}"
        yield Breach(rule=rule, severity="warn", message=message, place="deadline")


def r09_not_too_early(pack: CompliancePack, around: Around) -> Breaches:
    """It does not go longer before the goods than they take it; exactly that long is not too early."""
    if around.now is None or around.leaves_at is None:
        return
    begins = earliest(pack, around.leaves_at)
    if begins is not None and around.now < begins:
        message = (
            f"the goods leave at {_said(around.leaves_at)}; before {_said(begins)} it is too early, and it is {_said(around.now)}"
        )
        yield Breach(rule="R09", severity="warn", message=message, place="departure")


def _said(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
