"""Correct: a document of ours is edited and sent again: as a replacement, or as an original where the first was rejected."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from edi_gateway.documents import catalog
from edi_gateway.documents.base import Value
from edi_gateway.documents.given import read_given
from edi_gateway.errors import WrongInput
from edi_gateway.mapping.difference import between_documents
from edi_gateway.operations.re_envelope import REPLACEMENT, in_the_way, replaces
from edi_gateway.operations.request import Answer, Request, name_of, sent_set
from edi_gateway.pipeline.outbound.originals import AGAIN, ORIGINAL, close_waiting, is_given_up, unrejected
from edi_gateway.pipeline.tools import Tools, start
from edi_gateway.store.descent import DescentRow
from edi_gateway.store.rows import DocumentRow, TransactionRow
from edi_gateway.store.unit import Unit
from edi_gateway.x12.acknowledgment import Verdict


def text_of(tools: Tools, transaction: int) -> str:
    """The document of a set as JSON for people."""
    with tools.store.read() as unit:
        document = _document(unit, sent_set(unit, transaction))
    return msgspec.json.format(document.body.encode()).decode()


def corrected(tools: Tools, transaction: int, text: str, changes: list[str]) -> str:
    """The JSON of a document with ``changes`` (``lines.0.quantity=12``) made to ``text``, or to what was sent.

    Raises WrongInput for a field that is not there, and for what is no document of that kind any more.
    """
    with tools.store.read() as unit:
        row = _document(unit, sent_set(unit, transaction))
    body = edited(text or row.body, changes)
    read_given(row.kind, body.encode())
    return body


def edited(text: str, changes: list[str]) -> str:
    """JSON with ``changes`` (``lines.0.quantity=12``) made to it. Raises WrongInput for no JSON and for no such field."""
    try:
        body = json.loads(text)
    except ValueError as error:
        raise WrongInput(f"is no JSON: {error}", where="the document") from error
    except RecursionError:
        raise WrongInput("is nested too deep", where="the document") from None
    for change in changes:
        _set(body, change)
    return json.dumps(body)


def _set(body: Any, change: str) -> None:
    path, is_one, value = change.partition("=")
    *inner, last = path.split(".")
    at = body
    try:
        for step in inner:
            at = at[int(step)] if isinstance(at, list) else at[step]
        if isinstance(at, list):
            at[int(last)] = value
        elif is_one:
            at[last] = value
        else:
            raise KeyError(last)
    except (KeyError, IndexError, ValueError, TypeError):
        raise WrongInput(f"'{change}' names no field of the document", do="write it like lines.0.quantity=12") from None


def check_correct(unit: Unit, tools: Tools, request: Request) -> None:
    """Raises WrongInput for what has not left, and for a correction that changes nothing or what it may not change."""
    _prepare(unit, tools, request)


def correct(unit: Unit, tools: Tools, request: Request) -> Answer:
    """Puts the corrected document on its way from ``check``, which judges it anew; it takes the place of the one it corrects.

    There its order counts it instead of that one, where it says otherwise of a quantity, price or amount; what cannot be (billed
    beyond shipped) holds it.
    """
    row, before, document = _prepare(unit, tools, request)
    child = unit.documents.add(
        document,
        number=before.number,
        partner=before.partner,
        direction="out",
        thread_id=before.thread_id,
        usage=before.usage,
    )
    unit.documents.change(before.id, thread_id=None)
    subject = f"document:{child}"
    unit.descent.add(subject, f"document:{before.id}", "correct", because=request.because, by=request.by)
    close_waiting(unit, row, f"corrected by {request.by} as {subject}")
    start(unit, "check", subject, partner=before.partner)
    how = "an original" if _purpose(unit, row) == ORIGINAL else "a replacement"
    text = f"{name_of(row)} goes again, corrected, as {how}"
    told = "; ".join(between_documents(unit.documents.read(before.id), document))
    unit.events.tell("document.corrected", subject, f"{text}: {request.because} ({told})", partner=row.partner, actor=request.by)
    return Answer(text, subject)


def _prepare(unit: Unit, _tools: Tools, request: Request) -> tuple[TransactionRow, DocumentRow, Value]:
    row = sent_set(unit, request.transaction)
    before = _document(unit, row)
    purpose = _purpose(unit, row)
    document = _with_purpose(read_given(before.kind, request.arguments["document"].encode()), purpose, row)
    if newer := _newer(unit, before.id):
        raise WrongInput(f"{name_of(row)} was corrected already, by {newer[-1].actor}", do="correct that one")
    if purpose == ORIGINAL and (other := in_the_way(unit, row)) is not None:
        raise WrongInput(f"{name_of(row)} went again already, as set {other.id}", do="correct that one")
    if catalog.number_of(document) != before.number:
        raise WrongInput(f"its number is {before.number}: another number is another document", do="leave the number as it is")
    first = unit.documents.read(before.id)
    if not between_documents(_with_purpose(first, purpose, row), document):
        raise WrongInput("nothing is changed by that", do="re-envelope it, if it was rejected; else retransmit it")
    return row, before, document


def _newer(unit: Unit, document: str) -> list[DescentRow]:
    """What has taken the place of a document; a correction that was given up before it could leave has given that back."""
    made = unit.descent.children(f"document:{document}")
    corrections = [one for one in made if one.how == "correct" and not is_given_up(unit, one.child.partition(":")[2])]
    return corrections + [one for one in made if one.how == AGAIN]


def _purpose(unit: Unit, row: TransactionRow) -> str:
    """Original where nothing of it exists for the partner: it was rejected, and is no replacement of what they did not reject."""
    if row.acknowledgment != Verdict.REJECTED:
        return REPLACEMENT
    earlier = any(one.id < row.id for one in unrejected(unit, row))
    return REPLACEMENT if replaces(unit, row) and earlier else ORIGINAL


def _with_purpose(document: Value, purpose: str, row: TransactionRow) -> Value:
    """Raises WrongInput for the replacement of a kind that knows none (810)."""
    if hasattr(document, "purpose"):
        return msgspec.structs.replace(document, purpose=purpose)
    if purpose == REPLACEMENT:
        raise WrongInput(f"a {row.code} that was not rejected is not replaced", do="have the ERP send a credit and a new invoice")
    return document


def _document(unit: Unit, row: TransactionRow) -> DocumentRow:
    found = unit.documents.find(row.document_id or "")
    if found is None or found.kind not in catalog.ORDER_ANSWERS:
        raise WrongInput(f"a {row.code} is made from no document of ours", do="retransmit it, if it did not arrive")
    return found
