"""Which order is meant: by whatever number is at hand, and by its own id where a number stands twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from edi_gateway.errors import WrongInput
from edi_gateway.order_to_cash.cash import Application
from edi_gateway.store.among import Among
from edi_gateway.store.database import Database
from edi_gateway.store.known import check_partner
from edi_gateway.store.tables import (
    descent,
    document,
    document_thread,
    event,
    interchange,
    order_thread,
    receivable,
    remittance,
    transaction,
)
from edi_gateway.trading.usage import PRODUCTION

_MOST = 10  # of the orders of an interchange, that a message names
_IDS = re.compile(r"order:([0-9]{1,18})", re.IGNORECASE)
_DOCUMENTS = re.compile(r"document:([0-9a-f]{8,32})|([0-9a-f]{32})", re.IGNORECASE)
_MEANT_AS_ID = re.compile(r"(?:order|document):", re.IGNORECASE)


class Which(NamedTuple):
    """An order by its id; ``repeats`` are those of its number that were refused because it was there."""

    id: int
    repeats: tuple[int, ...] = ()


class _Candidate(NamedTuple):
    id: int
    number: str
    partner: str
    usage: str
    state: str
    document_id: str
    opened_at: datetime


_CANDIDATES = Among(
    sa.select(*(order_thread.c[name] for name in _Candidate._fields)).order_by(order_thread.c.id), order_thread.c.id
)
_REFUSED = Among(sa.select(event.c.subject).where(event.c.kind == sa.literal_column("'order.refused'")), event.c.subject)


def name_of_order(id: int) -> str:
    """What an order is named by where its number does not do: its id, under which the console and the API have it."""
    return f"order:{id}"


def which_order(store: Database, name: str, partner: str = "") -> Which:
    """The one order of a PO, ASN, invoice, ISA13 or payment number, of ``partner`` where that is given.

    Or it is named itself, ``order:182``, or by a document of it, ``document:0199…``, which may be the beginning of an id.
    Production's is meant, where a test has that number too; and the one that stands, where all others of its number were
    refused as repeats. Raises WrongInput for none, and for several: it says what names each of them.
    """
    with store.reading() as connection:
        check_partner(connection, partner)
        found = [one for one in _named(connection, name.strip()) if partner in ("", one.partner)]
        if not found:
            of = f" of {partner}" if partner else ""
            raise WrongInput(f"no order, shipment, invoice, interchange or payment{of} has number {name}", do=_advice(name))
        real = [one for one in found if one.usage == PRODUCTION] or found
        refused = _refused(connection, real)
    standing = [one for one in real if one.id not in refused]
    if len(real) == 1:
        return Which(real[0].id)
    if len(standing) == 1 and len({(one.partner, one.usage, one.number) for one in real}) == 1:
        return Which(standing[0].id, tuple(sorted(refused)))
    raise _several(name, real, refused)


def number_for_others(store: Database, name: str, partner: str = "") -> str:
    """``name`` where others know it, too, and the number of the order where it is an id of ours.

    Raises WrongInput as ``which_order`` does.
    """
    if not _is_id(name.strip()):
        return name
    with store.read() as unit:
        return unit.threads.get(which_order(store, name, partner).id).thread.order_number


def _is_id(name: str) -> bool:
    return bool(_IDS.fullmatch(name) or _DOCUMENTS.fullmatch(name))


def _several(name: str, found: list[_Candidate], refused: set[int]) -> WrongInput:
    told = [_said(one, is_repeat=one.id in refused) for one in found[:_MOST]]
    more = [f"{len(found) - _MOST:,} more"] if len(found) > _MOST else []
    by_partner = ", or its --partner" if len({one.partner for one in found}) == len(found) else ""
    do = f"name the one that is meant, such as {name_of_order(found[0].id)}{by_partner}"
    return WrongInput(f"{name} has to do with {len(found)} orders: {'; '.join([*told, *more])}", do=do)


def _said(one: _Candidate, *, is_repeat: bool) -> str:
    came = "refused as a repeat" if is_repeat else one.state
    return f"{name_of_order(one.id)} {one.number} of {one.partner}, of {one.opened_at:%Y-%m-%d %H:%M}, {came}"


def _advice(name: str) -> str:
    """What to do where nothing is named so; of what looks like an id, how ids are written."""
    if not _MEANT_AS_ID.match(name.strip()):
        return "see 'edi-gateway order list'"
    return "an id is written like order:182, or like document:0199a3f7: eight digits of a document's id at least"


def _refused(connection: sa.Connection, found: list[_Candidate]) -> set[int]:
    """Those that were refused because another one of their number was there."""
    by_subject = {f"document:{one.document_id}": one.id for one in found}
    return {by_subject[row[0]] for row in _REFUSED.rows(connection, by_subject)}


def _named(connection: sa.Connection, name: str) -> list[_Candidate]:
    if by_id := _IDS.fullmatch(name):
        ids = [int(by_id[1])]
    elif by_document := _DOCUMENTS.fullmatch(name):
        ids = [*_of_documents(connection, (by_document[1] or by_document[2]).lower())]
    else:
        ids = [*_found(connection, name)]
    return [_Candidate(*row) for row in _CANDIDATES.rows(connection, sorted({*ids}))]


def _of_documents(connection: sa.Connection, beginning: str) -> Iterator[int]:
    """The orders of the documents whose ids, which are hex digits, begin so."""
    here = sa.and_(document.c.id >= beginning, document.c.id < beginning + "g")
    yield from connection.execute(sa.select(document.c.thread_id).where(here, document.c.thread_id.is_not(None))).scalars()
    beside = sa.select(document_thread.c.thread_id).join(document, document.c.id == document_thread.c.document_id)
    yield from connection.execute(beside.where(here)).scalars()


def _found(connection: sa.Connection, number: str) -> Iterator[int]:
    interchanges = sa.select(interchange.c.id).where(interchange.c.control_number.in_((number, number.zfill(9))))
    moved = sa.select(transaction.c.document_id).where(transaction.c.interchange_id.in_(interchanges))
    here = sa.or_(document.c.number == number, document.c.id.in_(moved))
    yield from connection.execute(sa.select(order_thread.c.id).where(order_thread.c.number == number)).scalars()
    yield from connection.execute(sa.select(document.c.thread_id).where(here, document.c.thread_id.is_not(None))).scalars()
    beside = sa.select(document_thread.c.thread_id).join(document, document.c.id == document_thread.c.document_id)
    yield from connection.execute(beside.where(here)).scalars()
    yield from _billed_together(connection, number)
    yield from connection.execute(sa.select(receivable.c.thread_id).where(receivable.c.invoice == number)).scalars()
    paid = sa.select(remittance).where(sa.or_(remittance.c.trace == number, remittance.c.document_id.in_(moved)))
    for row in connection.execute(paid).all():
        whose = (receivable.c.partner == row.partner, receivable.c.usage == row.usage)
        here = sa.and_(*whose, receivable.c.invoice.in_(_invoices(row.body)))
        yield from connection.execute(sa.select(receivable.c.thread_id).where(here)).scalars()


def _billed_together(connection: sa.Connection, number: str) -> Iterator[int]:
    """The orders of invoices into which a draft of this number went."""
    drafts = sa.select("document:" + document.c.id).where(document.c.number == number, document.c.thread_id.is_(None))
    into = sa.select(descent.c.child).where(descent.c.parent.in_(drafts), descent.c.how == "consolidate")
    made = [child.partition(":")[2] for child in connection.execute(into).scalars()]
    yield from connection.execute(sa.select(document.c.thread_id).where(document.c.id.in_(made))).scalars()


def _invoices(body: str) -> list[str]:
    return [item.invoice for item in msgspec.json.decode(body, type=Application).applied]
