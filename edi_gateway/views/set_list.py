"""The list of documents as an operator searches it: any business number, any control number, filters, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache, lru_cache
from itertools import product
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from edi_gateway.pipeline.way import LaneKind
from edi_gateway.store.among import Among
from edi_gateway.store.connection import Connection
from edi_gateway.store.database import Database
from edi_gateway.store.known import check_partner, check_selection, check_word
from edi_gateway.store.outstanding import flows_in
from edi_gateway.store.prepared import words
from edi_gateway.store.selection import Selection, aside, findings_counted, has_finding, of_findings
from edi_gateway.store.tables import document, flow, functional_group, interchange, order_thread, transaction
from edi_gateway.views.newest import Newest, Values, beginning, begins, from_the_end
from edi_gateway.views.traffic import SetRow, rows_of
from edi_gateway.views.waits_behind import behind_what_is_stopped, waits_behind

PAGE = 50
FEW = 5000  # sets whose number begins so are simply sorted; of more the newest are looked through first
FEW_HAVE_IT = 1000  # a finding: of more those with any are looked through, which are at hand in their order
ANSWERS = ("997", "999", "TA1")
_NUMBER, _WORD = "7", "some"
STOPPED = ("held", "dead", "rejected")
RETRIED = "retried"  # no state of a flow: it waits for its next try on the wire or at the ERP, and so does what is behind it
BEHIND = "behind"  # nor is this: it is ready, and waits behind one of its order that is held or dead


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for. ``text`` is the beginning of a business number, or an interchange or group control number."""

    text: str = ""
    meant: Selection = Selection()
    answers: bool = False  # whether acknowledgments are shown as well
    before: int | None = None  # the set above which the page ends

    def values(self) -> dict[str, Any]:
        """What the statements that find it are run with."""
        named = (beginning(self.text) | _as_numbers(self.text)) if self.text else {}
        return self.meant.values() | named

    def shape(self) -> Sought:
        """One for all that are found by the same statements."""
        text = self.text and (_NUMBER if self.text.isdecimal() and len(self.text) <= 9 else _WORD)
        return Sought(text=text, meant=self.meant.shape(), answers=self.answers)


def find(store: Database, sought: Sought, *, limit: int = PAGE) -> list[SetRow]:
    """The newest first, up to ``limit``."""
    with store.asking() as connection:
        check_selection(connection, sought.meant)
        values, ids = sought.values(), set[int]()
        for way in _ways(_asked(connection, sought, values)):
            ids.update(way.ids(connection, values, limit=limit, before=sought.before))
        return rows_of(connection, sorted(ids, reverse=True)[:limit])


class _Asked(NamedTuple):
    """What decides by which statements sets are found, whatever the values they are run with."""

    dialect: str
    shape: Sought
    few_begin_so: bool
    few_have_it: bool


def _asked(connection: Connection, sought: Sought, values: Values) -> _Asked:
    """Few is what one index leads to and may be sorted."""
    shape = sought.shape()
    few_begin_so = bool(sought.text) and _are_few(connection, _begin_so(connection.dialect.name), values, FEW)
    few_have_it = bool(sought.meant.finding) and _are_few(connection, _have_it(shape.meant.finding), values, FEW_HAVE_IT)
    return _Asked(connection.dialect.name, shape, few_begin_so, few_have_it)


def _are_few(connection: Connection, counted: sa.Select[int], values: Values, few: int) -> bool:
    return int(connection.execute(counted, values).scalar_one()) <= few


@cache
def _begin_so(dialect: str) -> sa.Select[int]:
    some = sa.select(transaction.c.id).where(begins(dialect, transaction.c.business_number)).limit(FEW + 1).subquery()
    return sa.select(sa.func.count()).select_from(some)


@cache
def _have_it(finding: str) -> sa.Select[int]:
    return findings_counted(finding, FEW_HAVE_IT + 1)


class _Way(NamedTuple):
    """One way to be what is sought, which one index serves; ``is_rare`` where that leads to few sets.

    ``near`` says the same so that no index serves it; ``behind`` is that index's order from its end.
    """

    where: list[sa.ColumnElement[bool]]
    near: list[sa.ColumnElement[bool]]
    is_rare: bool
    behind: sa.ColumnElement[Any] | None = None


_ANY = _Way([], [], False)


@lru_cache(maxsize=512)  # of words and filters there are more; of those that people and programs use there are not
def _ways(asked: _Asked) -> list[Newest]:
    """Every way a set may be found; what is found is all of them together. Sets with findings are listed by their ids."""
    sought, meant = asked.shape, asked.shape.meant
    no_answers = meant == Selection() and not sought.answers and not sought.text
    texts = list(_named(asked)) if sought.text else [_ANY]
    states = [_Way([one], [one], meant.state != "done") for one in meant.in_state()] if meant.state else [_ANY]
    found = [_with(meant.finding, is_rare=asked.few_have_it)] if meant.finding else [_ANY]
    apart = [transaction.c.code.not_in(words(*ANSWERS))] if no_answers else meant.conditions(indexed=False)
    beside = apart if no_answers or meant.finding else meant.conditions(indexed=False, lead=meant.lead)
    is_listed = bool(meant.finding) or (bool(meant.lead) and meant.is_one and not sought.text)
    ways = []
    for three in product(texts, states, found):
        is_rare = any(one.is_rare for one in three) or meant.is_rare
        common = apart if no_answers or is_rare else meant.conditions()
        where, near = [part for one in three for part in one.where], [part for one in three for part in one.near]
        ways.append(
            Newest(
                transaction.c.id,
                [*where, *common],
                near=[*near, *beside],
                is_rare=is_rare,
                is_listed=is_listed,
                behind=[one.behind for one in three if one.behind is not None],
            )
        )
    return ways


def _with(finding: str, *, is_rare: bool) -> _Way:
    """Sets with such a finding: as their list leads to them where there are few, else looked for among all that have any."""
    near = has_finding(finding)
    return _Way([of_findings(finding)] if is_rare else near, near, is_rare)


def _named(asked: _Asked) -> Iterator[_Way]:
    """Numbers that begin like it; all sets of an order's thread, where it is an order; ISA13 and GS06 with or without zeros."""
    number = transaction.c.business_number
    behind = from_the_end(asked.dialect, number)
    yield _Way([begins(asked.dialect, number)], [begins(asked.dialect, aside(number))], asked.few_begin_so, behind)
    threads = sa.select(order_thread.c.id).where(order_thread.c.number == sa.bindparam("begin"))
    of_thread = transaction.c.document_id.in_(sa.select(document.c.id).where(document.c.thread_id.in_(threads)))
    yield _Way([of_thread], [of_thread], True)
    if asked.shape.text == _NUMBER:
        numbers = [sa.bindparam(name, type_=sa.String) for name in _as_numbers("")]
        isa = sa.select(interchange.c.id).where(interchange.c.control_number.in_(numbers))
        gs = sa.select(functional_group.c.id).where(functional_group.c.control_number.in_(numbers))
        for inside in (transaction.c.interchange_id.in_(isa), transaction.c.group_id.in_(gs)):
            yield _Way([inside], [inside], True)


def _as_numbers(text: str) -> dict[str, str]:
    """A control number as it is given, without zeros, and with all of them."""
    return {"given": text, "bare": text.lstrip("0") or "0", "filled": text.zfill(9)}


class HeldRow(msgspec.Struct, frozen=True):
    """Something that waits for a person: the flow, and the set it is about where there is one."""

    id: int
    state: str
    stage: str
    subject: str
    partner: str | None
    because: str
    changed_at: datetime
    set: int | None = None
    code: str = ""
    number: str = ""


def held(store: Database, partner: str = "", *states: str, limit: int = 500, before: int | None = None) -> list[HeldRow]:
    """Flows in these states, newest first, up to ``limit``, those before the flow ``before``; held and dead ones by default.

    ``retried``, among the states, are those that wait for their next try; ``behind`` those that are ready and wait behind one of
    their order that is held or dead: ``because`` says behind which.
    """
    for state in states:
        check_word("state of what waits for a person", state, (*STOPPED, RETRIED, BEHIND))
    given = {"limit": limit, "partner": partner, "before": before}
    values = {name: value for name, value in given.items() if value not in ("", None)}
    with store.asking() as connection:
        check_partner(connection, partner)
        rows = connection.execute(_stopped(frozenset(states or ("held", "dead")), *sorted(values)), values).all()
        behind = waits_behind(connection, [row.id for row in rows if row.state == "ready"])
        subjects = [row.subject for row in rows]
        sets, documents = _carried(connection, subjects), _documents(connection, subjects)
    found = [HeldRow(*row, *(sets.get(row.subject) or (None, *documents.get(row.subject, ("", ""))))) for row in rows]
    return [msgspec.structs.replace(row, because=behind[row.id]) if row.id in behind else row for row in found]


@lru_cache(maxsize=128)
def _stopped(states: frozenset[str], *given: str) -> sa.Select[Any]:
    """By the index of states, then sorted."""
    named = ("id", "state", "stage", "subject", "partner", "because", "changed_at")
    query = sa.select(*(flow.c[name] for name in named)).where(_in_one_of(states))
    if "partner" in given:
        query = query.where(flow.c.partner == sa.bindparam("partner"))
    if "before" in given:
        query = query.where(flow.c.id + 0 < sa.bindparam("before", type_=sa.BigInteger))
    return query.order_by((flow.c.id + 0).desc()).limit(sa.bindparam("limit", type_=sa.Integer))


def _in_one_of(states: frozenset[str]) -> sa.ColumnElement[bool]:
    found = [flows_in(sorted(states - {RETRIED, BEHIND}))]
    if RETRIED in states:
        at_the_world = sa.or_(*(flow.c.lane.startswith(f"{kind}:") for kind in LaneKind if kind.touches_the_world))
        found.append(sa.and_(flows_in(("ready", "attempting")), flow.c.tries > 0, at_the_world))
    if BEHIND in states:
        found.append(behind_what_is_stopped())
    return sa.or_(*found)


def every_held(store: Database, partner: str = "", *states: str) -> Iterator[HeldRow]:
    """The same, all of them."""
    page = held(store, partner, *states)
    while page:
        yield from page
        page = held(store, partner, *states, before=page[-1].id)


_ABOUT = sa.select(transaction.c.id, transaction.c.code, transaction.c.business_number)
_MINE = Among(_ABOUT, transaction.c.id)
_THEIRS = Among(_ABOUT.add_columns(transaction.c.document_id).order_by(transaction.c.id), transaction.c.document_id)
_UNCARRIED = Among(sa.select(document.c.id, document.c.kind, document.c.number), document.c.id)


def _carried(connection: Connection, subjects: list[str]) -> dict[str, tuple[int, str, str]]:
    """The set that is each subject, or that carries it where it is a document: id, code, business number."""
    mine = _MINE.rows(connection, [int(id) for id in _of(subjects, "transaction")])
    theirs = _THEIRS.rows(connection, _of(subjects, "document"))
    found = {f"transaction:{row.id}": (row.id, row.code, row.business_number) for row in mine}
    return found | {f"document:{row.document_id}": (row.id, row.code, row.business_number) for row in theirs}


def _of(subjects: list[str], kind: str) -> list[str]:
    return [id for each, _, id in (subject.partition(":") for subject in subjects) if each == kind]


def _documents(connection: Connection, subjects: list[str]) -> dict[str, tuple[str, str]]:
    """Kind and number of documents that no set carries yet: what is drafted and held before it is composed."""
    rows = _UNCARRIED.rows(connection, _of(subjects, "document"))
    return {f"document:{row.id}": (row.kind, row.number) for row in rows}


def by_number(store: Database, ids: list[int]) -> dict[int, SetRow]:
    """Sets by their numbers."""
    with store.reading() as connection:
        return {row.id: row for row in rows_of(connection, ids)}
