"""A second pair of eyes: where a partner's profile says so, what one person asks for waits until another one agrees."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import NamedTuple, TypeAlias

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.operations.correct import check_correct, correct
from edi_gateway.operations.keys import who
from edi_gateway.operations.post_again import asks_second_after, check_post_again, post_again
from edi_gateway.operations.re_envelope import check_re_envelope, re_envelope
from edi_gateway.operations.request import Answer, Request, name_of, reasoned
from edi_gateway.operations.retransmit import check_retransmit, retransmit
from edi_gateway.operations.send_anew import check_send_anew, send_anew
from edi_gateway.pipeline.outbound.again import asks_second
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.approvals import ApprovalRow
from edi_gateway.store.rows import TransactionRow
from edi_gateway.store.unit import Unit

Asks: TypeAlias = Callable[[Unit, Tools, TransactionRow], bool]
Check: TypeAlias = Callable[[Unit, Tools, Request], None]
Do: TypeAlias = Callable[[Unit, Tools, Request], Answer]


class Operation(NamedTuple):
    """What can be asked for: ``check`` says at once what speaks against it, ``do`` does it in the transaction it is given.

    ``asks_second`` says whether a second person has to agree, for this set.
    """

    check: Check
    do: Do
    asks_second: Asks


def _goes_again(unit: Unit, tools: Tools, row: TransactionRow) -> bool:
    """Whether a set, or another one in its interchange, goes to the partner again only when a second person agrees."""
    if row.direction != "out":
        return False
    beside = unit.transactions.in_interchange(row.interchange_id) if row.interchange_id else [row]
    return asks_second(tools.directory, beside)


def _answers_follow(_unit: Unit, tools: Tools, row: TransactionRow) -> bool:
    return asks_second_after(tools, row)


OPERATIONS: Mapping[str, Operation] = {
    "retransmit": Operation(check_retransmit, retransmit, _goes_again),
    "re-envelope": Operation(check_re_envelope, re_envelope, _goes_again),
    "correct": Operation(check_correct, correct, _goes_again),
    "send anew": Operation(check_send_anew, send_anew, _goes_again),
    "post again": Operation(check_post_again, post_again, _answers_follow),
}


def ask(tools: Tools, request: Request) -> Answer:
    """Does what is asked, or records that it waits for a second person. Raises WrongInput where it cannot be done."""
    with tools.store.write() as unit:
        return ask_within(unit, tools, request)


def ask_within(unit: Unit, tools: Tools, request: Request) -> Answer:
    """``ask`` in a transaction that goes on."""
    reasoned(request.because)
    operation = OPERATIONS[request.operation]
    row = unit.transactions.find(request.transaction)
    if row is None or not operation.asks_second(unit, tools, row):
        return operation.do(unit, tools, request)
    operation.check(unit, tools, request)
    return _wait(unit, request)


def give(tools: Tools, approval: int, *, by: str) -> Answer:
    """A second person agrees, and it is done. Raises WrongInput for the one who asked, and where things changed since."""
    with tools.store.write() as unit:
        asked = _open(unit, approval)
        if (person := who(unit, by)) == who(unit, asked.asked_by):
            raise WrongInput(f"{person} asked for this; another person has to agree", do="let somebody else look at it")
        request = msgspec.json.decode(asked.arguments, type=Request)
        stale = fingerprint(unit, request) != asked.fingerprint
        _close(unit, asked, "stale" if stale else "given", by)
        if not stale:
            return OPERATIONS[request.operation].do(unit, tools, request)
    raise WrongInput(
        f"things changed since approval {approval} was asked for; it holds no longer", do="look again, and ask again"
    )


def refuse(tools: Tools, approval: int, *, because: str, by: str) -> None:
    """A second person does not agree; nothing is done."""
    reasoned(because)
    with tools.store.write() as unit:
        _close(unit, _open(unit, approval), "refused", by, because)


def fingerprint(unit: Unit, request: Request) -> str:
    """What a request is about, as it is now: the set's statuses, its document, and every time it went."""
    row = unit.transactions.get(request.transaction)
    document = unit.documents.get(row.document_id).body if row.document_id else ""
    return sha256(msgspec.json.encode([_statuses(row), document, _went(unit, row)])).hexdigest()


def _statuses(row: TransactionRow) -> list[object]:
    return [row.id, row.validation, row.delivery, row.acknowledgment, row.interchange_id, row.document_id]


def _went(unit: Unit, row: TransactionRow) -> list[list[object]]:
    """The transmissions of the set's bytes, and the other sets of its document."""
    moved = unit.interchanges.get(row.interchange_id).transmission_id if row.interchange_id else None
    payload = unit.transmissions.get(moved).payload if moved else ""
    times: list[list[object]] = [[one.id, one.state == "to send"] for one in unit.transmissions.of_payload("out", payload)]
    sets = unit.transactions.all_of_document(row.document_id) if row.document_id else []
    return [*times, *(_statuses(one) for one in sets)]


def _wait(unit: Unit, request: Request) -> Answer:
    row = unit.transactions.get(request.transaction)
    for asked in unit.approvals.open(request.subject):
        raise WrongInput(f"approval {asked.id} about this waits already, {asked.asked_by} asked for it", do="give or refuse that")
    id = unit.approvals.ask(
        request.operation,
        request.subject,
        partner=row.partner,
        arguments=msgspec.json.encode(request).decode(),
        fingerprint=fingerprint(unit, request),
        because=request.because,
        by=request.by,
    )
    text = f"{request.operation} of {name_of(row)} waits for a second person (approval {id})"
    unit.events.tell("approval.asked", request.subject, f"{text}: {request.because}", partner=row.partner, actor=request.by)
    return Answer(text, approval=id)


def _open(unit: Unit, id: int) -> ApprovalRow:
    asked = unit.approvals.find(id)
    if asked is None or asked.operation not in OPERATIONS:
        raise WrongInput(f"there is no approval {id}", do="see 'edi-gateway approval list'")
    if asked.state != "asked":
        raise WrongInput(f"approval {id} is {asked.state} already, by {asked.answered_by}")
    return asked


def _close(unit: Unit, asked: ApprovalRow, state: str, by: str, because: str = "") -> None:
    if not unit.approvals.answer(asked.id, state, by=by):
        raise WrongInput(f"approval {asked.id} was answered just now by somebody else")
    text = f"approval {asked.id} ({asked.operation}) is {state}" + (f": {because}" if because else "")
    unit.events.tell(f"approval.{state}", asked.subject, text, partner=asked.partner, actor=by)
