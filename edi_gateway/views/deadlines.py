"""Deadlines: what we owe partners and what they owe us, by when; the most urgent first."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any, Literal, NamedTuple

import msgspec
import sqlalchemy as sa

from edi_gateway.store.database import Database
from edi_gateway.store.known import check_partner
from edi_gateway.store.outstanding import still_awaited, still_owed
from edi_gateway.store.tables import functional_group, interchange, owed, transaction
from edi_gateway.store.types import Instant

Who = Literal["we", "they"]


class DeadlineRow(msgspec.Struct, frozen=True):
    """One answer that has not come or left. ``number`` is of what it answers: a group, an order, a shipment, a set of ours."""

    who: Who
    partner: str
    answer: str
    about: str
    number: str
    due_at: datetime


class Urgent(NamedTuple):
    """The most urgent of one side's answers, and how many there are in all."""

    rows: list[DeadlineRow]
    all: int


def deadlines(store: Database, partner: str = "", *, before: datetime | None = None) -> list[DeadlineRow]:
    """Everything outstanding, of one partner or of all, and due ``before`` a moment where one is given."""
    given = _given(partner, before)
    with store.asking() as connection:
        check_partner(connection, partner)
        found = [
            DeadlineRow(kind.who, of or "", *told)
            for kind in _KINDS
            for of, *told in connection.execute(_narrowed(kind, *sorted(given)), given)
        ]
    return sorted(found, key=attrgetter("due_at"))


def most_urgent(store: Database, partner: str = "", *, before: datetime | None = None, limit: int) -> dict[Who, Urgent]:
    """The same by whose answer it is, of each side no more than ``limit``, along the indexes of when they are due."""
    given = _given(partner, before)
    found: dict[Who, Urgent] = {"they": Urgent([], 0), "we": Urgent([], 0)}
    with store.asking() as connection:
        check_partner(connection, partner)
        for kind in _KINDS:
            rows = list(connection.execute(_first(kind, *sorted(given)), {**given, "limit": limit}))
            told = [DeadlineRow(kind.who, of or "", *told) for of, *told, _ in rows]
            before_it = found[kind.who]
            together = sorted([*before_it.rows, *told], key=attrgetter("due_at"))[:limit]
            found[kind.who] = Urgent(together, before_it.all + (rows[0][-1] if rows else 0))
    return found


def _given(partner: str, before: datetime | None) -> dict[str, object]:
    return {name: value for name, value in (("partner", partner), ("before", before)) if value}


class _Kind(NamedTuple):
    """One kind of answers: its query has the columns of a ``DeadlineRow`` behind ``who``, in its order."""

    who: Who
    query: sa.Select[Any]
    partner: sa.Column[Any]
    due: sa.Column[Any]


@cache
def _narrowed(kind: _Kind, *given: str) -> sa.Select[Any]:
    """Those of the partner, or due before the moment, that is given when it is asked."""
    query = kind.query
    if "partner" in given:
        query = query.where(kind.partner == sa.bindparam("partner", type_=sa.String))
    if "before" in given:
        query = query.where(kind.due < sa.bindparam("before", type_=Instant))
    return query


@cache
def _first(kind: _Kind, *given: str) -> sa.Select[Any]:
    """As many as the ``limit`` given, and behind each how many there are in all."""
    query = _narrowed(kind, *given)
    count = query.with_only_columns(sa.func.count(), maintain_column_froms=True).correlate(None).scalar_subquery().label("all")
    return query.add_columns(count).order_by(kind.due).limit(sa.bindparam("limit", type_=sa.Integer))


def _kinds() -> tuple[_Kind, ...]:
    groups = (
        sa.select(
            interchange.c.partner,
            sa.literal("997").label("answer"),
            (sa.literal("group ") + functional_group.c.code).label("about"),
            functional_group.c.control_number.label("number"),
            functional_group.c.due_at,
        )
        .join(interchange, interchange.c.id == functional_group.c.interchange_id)
        .where(still_owed(), functional_group.c.due_at.is_not(None))
    )
    answers = sa.select(
        owed.c.partner,
        owed.c.code.label("answer"),
        owed.c.answers.label("about"),
        owed.c.number,
        owed.c.due_at,
    ).where(owed.c.given_at.is_(None), owed.c.waived == sa.literal_column("''"))
    theirs = sa.select(
        transaction.c.partner,
        sa.literal("997").label("answer"),
        transaction.c.code.label("about"),
        transaction.c.business_number.label("number"),
        transaction.c.acknowledgment_due_at.label("due_at"),
    ).where(still_awaited(), transaction.c.acknowledgment_due_at.is_not(None))
    return (
        _Kind("we", groups, interchange.c.partner, functional_group.c.due_at),
        _Kind("we", answers, owed.c.partner, owed.c.due_at),
        _Kind("they", theirs, transaction.c.partner, transaction.c.acknowledgment_due_at),
    )


_KINDS = _kinds()
