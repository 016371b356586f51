"""What a person has to approve of an order or its change, and whether what was approved is still what it would be.

An approval is of one order as it stood and of one ruling over it, reasons and quantities. If the buyer changes the order, or the
ERP says something else when it is asked again, that approval holds no longer and another one is asked for. What else a person
let go on — an order number that came before, a change with doubts — is answered by its own words, and answers no ruling.

Where no one person may approve all of the reasons, one of each rule's people has to: there is an approval for each of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.documents.order import Order
from edi_gateway.errors import WrongInput
from edi_gateway.order_to_cash.rules import Reason, Ruling
from edi_gateway.pipeline.tools import APPROVED
from edi_gateway.store.approvals import ApprovalRow
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.profile import OrderTerms

OPERATION = "order"  # what the store calls such an approval
BY_RULES = "rules"  # who asks for it
_OF = "|"
_MOST = 20  # answers a flow carries, the newest ones


class Asked(Value, frozen=True, kw_only=True):
    """What is asked for: the reasons, the flow that waits, and who may approve; nobody named: anybody."""

    flow: int
    reasons: tuple[Reason, ...]
    approvers: tuple[str, ...] = ()

    def check_may_answer(self, by: str) -> None:
        """Raises WrongInput for who may neither approve nor refuse this."""
        if self.approvers and by not in self.approvers:
            whom = " or ".join(self.approvers)
            anew = f"'edi-gateway hold resume {self.flow}' asks anew"
            raise WrongInput(f"{by} may not approve this", do=f"ask {whom}; where the profile names others by now, {anew}")

    def is_of_others(self, by: str, terms: OrderTerms) -> bool:
        """Whether it was asked of others than ``by``, some of whom the profile does not name any more."""
        named = {name for each in self.reasons for name in _named(each, terms)}
        return bool(self.approvers) and by not in self.approvers and not named.issuperset(self.approvers)


def fingerprint(order: Order, ruling: Ruling, reasons: Iterable[Reason] = ()) -> str:
    """Of an order and what the rules say of it, in 64 hex digits."""
    return sha256(msgspec.json.encode([order, ruling, list(reasons)])).hexdigest()


def ask(unit: Unit, flow: FlowRow, reasons: tuple[Reason, ...], terms: OrderTerms, of: str) -> None:
    """Asks for an approval, or one of each who has to agree; earlier ones of the same order hold no longer."""
    for earlier in unit.approvals.open(flow.subject):
        unit.approvals.answer(earlier.id, "stale", by=BY_RULES)
    for asked in _each_asked(flow, reasons, terms):
        id = unit.approvals.ask(
            OPERATION,
            flow.subject,
            partner=flow.partner,
            arguments=msgspec.json.encode(asked).decode(),
            fingerprint=of,
            because=said(asked.reasons),
            by=BY_RULES,
        )
        whom = ", ".join(asked.approvers) or "a person"
        text = f"approval {id}, of {whom}: {said(asked.reasons)}"
        unit.events.tell("approval.asked", flow.subject, text, partner=flow.partner)


def asked_of(waits: Iterable[ApprovalRow]) -> list[Asked]:
    """What these approvals ask for, those of orders."""
    return [msgspec.json.decode(each.arguments, type=Asked) for each in waits if each.operation == OPERATION]


def any_one_of(waits: Iterable[ApprovalRow]) -> Asked | None:
    """What one person of all who are asked may answer for all of them, as a refusal; None where anybody may."""
    asked = asked_of(waits)
    if not asked or not all(each.approvers for each in asked):
        return None
    people = tuple(sorted({name for each in asked for name in each.approvers}))
    return msgspec.structs.replace(asked[0], approvers=people)


def in_place_of(asked: Iterable[Asked], by: str) -> str:
    """What is told of somebody who answers and is not named: in whose place."""
    people = sorted({name for each in asked if by not in each.approvers for name in each.approvers})
    return f", in place of {' or '.join(people)}" if people else ""


def said(reasons: Iterable[Reason]) -> str:
    """The reasons in one line."""
    return "; ".join(f"{each.place}: {each.message}".removeprefix(": ") for each in reasons)


def words_of(because: str) -> str:
    """What a person answers who lets go on what was held because of these words, in 64 hex digits."""
    return sha256(because.encode()).hexdigest()


def position_with(flow: FlowRow, by: str, of: str) -> str:
    """What a flow carries of what people answered: ``of`` now, and whatever was answered before."""
    return _OF.join((f"{APPROVED}{by}", *[*dict.fromkeys((*_answered(flow), of))][-_MOST:]))


def is_approved(flow: FlowRow, of: str) -> bool:
    """Whether a ruling of this fingerprint was approved."""
    return of in _answered(flow)


def is_let_go(flow: FlowRow, because: str) -> bool:
    """Whether a person let it go on in spite of these words."""
    return words_of(because) in _answered(flow)


def _answered(flow: FlowRow) -> list[str]:
    return flow.position.split(_OF)[1:] if flow.position.startswith(APPROVED) else []


def _each_asked(flow: FlowRow, reasons: tuple[Reason, ...], terms: OrderTerms) -> list[Asked]:
    """One, of who may approve all of the reasons; where there is nobody, one for each set of people that rules name."""
    of_people: dict[tuple[str, ...], list[Reason]] = {}
    for each in reasons:
        of_people.setdefault(_named(each, terms), []).append(each)
    of_anybody = of_people.pop((), [])
    common = set.intersection(*map(set, of_people)) if of_people else set()
    if common or not of_people:
        return [Asked(flow=flow.id, reasons=reasons, approvers=tuple(sorted(common)))]
    found = [Asked(flow=flow.id, reasons=tuple(of), approvers=people) for people, of in of_people.items()]
    return [msgspec.structs.replace(found[0], reasons=(*found[0].reasons, *of_anybody)), *found[1:]]


def _named(reason: Reason, terms: OrderTerms) -> tuple[str, ...]:
    """Who may approve one of them, as the profile says; empty: anybody."""
    return tuple(sorted(set(terms.approvers.get(reason.rule) or terms.approvers.get("any", ()))))
