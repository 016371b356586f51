"""What a person has to approve of an order or its change, and whether what was approved is still what it would be.

An approval is of one order as it stood and of one ruling over it, reasons and quantities. If the buyer changes the order, or the
ERP says something else when it is asked again, that approval holds no longer and another one is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.documents.order import Order
from edi_gateway.order_to_cash.rules import Outcome as Ruling
from edi_gateway.order_to_cash.rules import Reason
from edi_gateway.pipeline.tools import APPROVED
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.profile import OrderTerms

OPERATION = "order"  # what the store calls such an approval
BY_RULES = "rules"  # who asks for it
_OF = "|"


class Asked(Value, frozen=True, kw_only=True):
    """What is asked for: the reasons, the flow that waits, and who may approve; nobody named: anybody."""

    flow: int
    reasons: tuple[Reason, ...]
    approvers: tuple[str, ...] = ()


def fingerprint(order: Order, ruling: Ruling, reasons: Iterable[Reason] = ()) -> str:
    """Of an order and what the rules say of it, in 64 hex digits."""
    return sha256(msgspec.json.encode([order, ruling, list(reasons)])).hexdigest()


def ask(unit: Unit, flow: FlowRow, reasons: tuple[Reason, ...], terms: OrderTerms, of: str) -> None:
    """Asks for an approval; an earlier one of the same order holds no longer."""
    for earlier in unit.approvals.open(flow.subject):
        unit.approvals.answer(earlier.id, "stale", by=BY_RULES)
    asked = Asked(flow=flow.id, reasons=reasons, approvers=_approvers(reasons, terms))
    id = unit.approvals.ask(
        OPERATION,
        flow.subject,
        partner=flow.partner,
        arguments=msgspec.json.encode(asked).decode(),
        fingerprint=of,
        because=said(reasons),
        by=BY_RULES,
    )
    whom = ", ".join(asked.approvers) or "a person"
    unit.events.tell("approval.asked", flow.subject, f"approval {id}, of {whom}: {said(reasons)}", partner=flow.partner)


def said(reasons: Iterable[Reason]) -> str:
    """The reasons in one line."""
    return "; ".join(f"{each.place}: {each.message}".removeprefix(": ") for each in reasons)


def position_of(by: str, of: str) -> str:
    """What a flow carries that was approved."""
    return f"{APPROVED}{by}{_OF}{of}"


def is_stale(flow: FlowRow, of: str) -> bool:
    """Whether what was approved is something else by now. Where a person just let it go on, whatever it says, it is not."""
    _, marked, approved = flow.position.partition(_OF)
    return bool(marked) and approved != of


def is_of_ruling(flow: FlowRow) -> bool:
    """Whether a flow goes on because its ruling was approved; that says nothing of whether it may be a second order."""
    return flow.position.startswith(APPROVED) and _OF in flow.position


def _approvers(reasons: tuple[Reason, ...], terms: OrderTerms) -> tuple[str, ...]:
    """Who may approve all of them."""
    named = [set(found) for each in reasons if (found := terms.approvers.get(each.rule) or terms.approvers.get("any", ()))]
    return tuple(sorted(set.intersection(*named))) if named else ()
