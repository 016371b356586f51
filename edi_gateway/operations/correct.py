"""Correct: a document of ours is edited and sent again: as a replacement, or as an original where the first was rejected."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec

from edi_gateway.documents import catalog
from edi_gateway.documents.base import Value
from edi_gateway.documents.fields import set_field, unknown_fields
from edi_gateway.documents.given import read_given
from edi_gateway.errors import Collected, WrongInput
from edi_gateway.mapping.difference import CHANGED, between_documents
from edi_gateway.operations.request import Answer, Request, name_of, sent_set
from edi_gateway.pipeline.outbound.mend import in_the_way, replaces
from edi_gateway.pipeline.outbound.originals import AGAIN, ORIGINAL, REPLACEMENT, close_waiting, is_given_up, unrejected
from edi_gateway.pipeline.tools import Tools, start
from edi_gateway.store.descent import DescentRow
from edi_gateway.store.rows import DocumentRow, TransactionRow
from edi_gateway.store.unit import Unit
from edi_gateway.x12.acknowledgment import Verdict


def text_of(tools: Tools, transaction: int) -> str:
    """The document of a set as JSON for people."""
    with tools.store.read() as unit:
        body = _body(unit, _document(unit, sent_set(unit, transaction)))
    return msgspec.json.format(body.encode()).decode()


def corrected(tools: Tools, transaction: int, text: str, changes: list[str]) -> str:
    """The JSON of a document with ``changes`` (``lines.0.quantity=12``, ``lines.0.pack=``) made to ``text``, or to what was sent.

    Raises WrongInput for a field that is not there, and for what is no document of that kind any more.
    """
    with tools.store.read() as unit:
        row = _document(unit, sent_set(unit, transaction))
        body = text or _body(unit, row)
    body = edited(row.kind, body, changes)
    read_given(row.kind, body.encode())
    return body


def edited(kind: str, text: str, changes: list[str]) -> str:
    """JSON with ``changes`` (``lines.0.quantity=12``) made to it.

    Raises WrongInput for no JSON object, and for every name that is no field of that kind of document.
    """
    try:
        body = json.loads(text)
    except ValueError as error:
        raise WrongInput(f"is no JSON: {error}", where="the document") from error
    except RecursionError:
        raise WrongInput("is nested too deep", where="the document") from None
    if not isinstance(body, dict):
        raise WrongInput(f"is {_named(body)}, and no JSON object", where="the document", do='write it like {"number": "4711", …}')
    wrong = [*unknown_fields(kind, body), *_set(kind, body, changes)]
    if wrong:
        raise Collected.of(wrong)
    return json.dumps(body)


def _named(body: Any) -> str:
    """What JSON is that is no object, in words."""
    return {list: "a list", str: "a text", bool: "true or false", type(None): "null"}.get(type(body), "a number")


def _set(kind: str, body: Any, changes: list[str]) -> Iterator[WrongInput]:
    """Makes the changes; what keeps one from being made."""
    for change in changes:
        path, is_one, value = change.partition("=")
        if not is_one:
            yield WrongInput(f"'{change}' names no field of the document and a value", do="write it like lines.0.quantity=12")
            continue
        try:
            set_field(kind, body, path, value)
        except WrongInput as mistake:
            yield mistake


def _body(unit: Unit, row: DocumentRow) -> str:
    """What was sent, with the fields that documents have now."""
    return catalog.to_json(unit.documents.read(row.id)).decode()


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
    told = "; ".join(between_documents(unit.documents.read(before.id), document, CHANGED))
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
    if not between_documents(_with_purpose(first, purpose, row), document, CHANGED):
        raise WrongInput(
            "nothing is changed by that", do=f"say what is to differ; 'edi-gateway document show {row.id}' shows what it says"
        )
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
