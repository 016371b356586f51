"""The list of documents as an operator searches it: any business number, any control number, filters, page by page."""

from __future__ import annotations

from datetime import datetime
from itertools import product
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from edi_gateway.store.database import Database
from edi_gateway.store.known import check_partner, check_selection, check_word
from edi_gateway.store.outstanding import flows_in
from edi_gateway.store.selection import Selection, aside, findings_counted, has_finding, of_findings
from edi_gateway.store.tables import document, flow, functional_group, interchange, order_thread, transaction
from edi_gateway.views.newest import begins, in_order, newest
from edi_gateway.views.traffic import SetRow, rows_of

PAGE = 50
FEW = 5000  # sets whose number begins so are simply sorted; of more the newest are looked through first
ANSWERS = ("997", "999", "TA1")
STOPPED = ("held", "dead", "rejected")


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for. ``text`` is the beginning of a business number, or an interchange or group control number."""

    text: str = ""
    meant: Selection = Selection()
    answers: bool = False  # whether acknowledgments are shown as well
    before: int | None = None  # the set above which the page ends


def find(store: Database, sought: Sought, *, limit: int = PAGE) -> list[SetRow]:
    """The newest first, up to ``limit``."""
    with store.reading() as connection:
        check_selection(connection, sought.meant)
        ids: set[int] = set()
        for way in _ways(connection, sought):
            ids.update(way.ids(connection, limit, sought.before))
        return rows_of(connection, sorted(ids, reverse=True)[:limit])


class _Way(NamedTuple):
    """One way to be what is sought, which one index serves; ``is_rare`` where that leads to few sets.

    ``near`` says the same so that no index serves it; ``is_listed``: what is sought has an index in the order of the ids.
    """

    where: list[sa.ColumnElement[bool]]
    near: list[sa.ColumnElement[bool]]
    is_rare: bool
    is_listed: bool = False

    def ids(self, connection: sa.Connection, limit: int, before: int | None) -> list[int]:
        """The newest sets found so."""
        id = transaction.c.id
        if self.is_listed and not self.is_rare:
            return in_order(connection, id, self.near, limit=limit, before=before)
        return newest(connection, id, self.where, limit=limit, before=before, is_rare=self.is_rare, near=self.near)


_ANY = _Way([], [], False)


def _ways(connection: sa.Connection, sought: Sought) -> list[_Way]:
    """Every way a set may be found; what is found is all of them together."""
    meant = sought.meant
    no_answers = meant == Selection() and not sought.answers and not sought.text
    texts = _named(connection, sought.text) if sought.text else [_ANY]
    states = [_Way([one], [one], meant.state != "done") for one in meant.in_state()] if meant.state else [_ANY]
    apart = [transaction.c.code.not_in(ANSWERS)] if no_answers else meant.conditions(indexed=False)
    found = [_with(connection, meant.finding)] if meant.finding else [_ANY]
    ways = []
    for three in product(texts, states, found):
        is_rare = any(one.is_rare for one in three) or meant.is_rare
        common = apart if no_answers or is_rare else meant.conditions()
        where, near = [part for one in three for part in one.where], [part for one in three for part in one.near]
        ways.append(_Way([*where, *common], [*near, *apart], is_rare, is_listed=bool(meant.finding)))
    return ways


def _with(connection: sa.Connection, finding: str) -> _Way:
    """Sets with such a finding: as their list leads to them where there are few, else looked for among all that have any."""
    is_rare = int(connection.execute(findings_counted(finding, FEW + 1)).scalar_one()) <= FEW
    near = has_finding(finding)
    return _Way([of_findings(finding)] if is_rare else near, near, is_rare)


def _named(connection: sa.Connection, text: str) -> list[_Way]:
    """Numbers that begin like it; all sets of an order's thread, where it is an order; ISA13 and GS06 with or without zeros."""
    number = transaction.c.business_number
    begin, near = begins(connection, number, text), begins(connection, aside(number), text)
    some = sa.select(transaction.c.id).where(begin).limit(FEW + 1).subquery()
    is_rare = int(connection.execute(sa.select(sa.func.count()).select_from(some)).scalar_one()) <= FEW
    threads = sa.select(order_thread.c.id).where(order_thread.c.number == text)
    of_thread = transaction.c.document_id.in_(sa.select(document.c.id).where(document.c.thread_id.in_(threads)))
    found = [_Way([begin], [near], is_rare), _Way([of_thread], [of_thread], True)]
    if text.isdecimal() and len(text) <= 9:
        numbers = {text, text.lstrip("0") or "0", text.zfill(9)}
        isa = sa.select(interchange.c.id).where(interchange.c.control_number.in_(numbers))
        gs = sa.select(functional_group.c.id).where(functional_group.c.control_number.in_(numbers))
        inside = [transaction.c.interchange_id.in_(isa), transaction.c.group_id.in_(gs)]
        found += [_Way([one], [one], True) for one in inside]
    return found


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


def held(store: Database, partner: str = "", *states: str) -> list[HeldRow]:
    """Flows in these states, newest first; held and dead ones when none is named."""
    named = ("id", "state", "stage", "subject", "partner", "because", "changed_at")
    query = sa.select(*(flow.c[name] for name in named)).where(flows_in(states or ("held", "dead")))
    if partner:
        query = query.where(flow.c.partner == partner)
    for state in states:
        check_word("state of what waits for a person", state, STOPPED)
    with store.reading() as connection:
        check_partner(connection, partner)
        rows = list(connection.execute(query.order_by((flow.c.id + 0).desc()).limit(500)))  # by the index of states, then sorted
        subjects = [row.subject for row in rows]
        sets, documents = _carried(connection, subjects), _documents(connection, subjects)
    return [HeldRow(*row, *(sets.get(row.subject) or (None, *documents.get(row.subject, ("", ""))))) for row in rows]


def _carried(connection: sa.Connection, subjects: list[str]) -> dict[str, tuple[int, str, str]]:
    """The set that is each subject, or that carries it where it is a document: id, code, business number."""
    columns = (transaction.c.id, transaction.c.code, transaction.c.business_number)
    ids = [int(id) for id in _of(subjects, "transaction")]
    mine = sa.select(*columns).where(transaction.c.id.in_(ids))
    theirs = sa.select(*columns, transaction.c.document_id).where(transaction.c.document_id.in_(_of(subjects, "document")))
    found = {f"transaction:{row.id}": (row.id, row.code, row.business_number) for row in connection.execute(mine)}
    carrying = connection.execute(theirs.order_by(transaction.c.id))
    return found | {f"document:{row.document_id}": (row.id, row.code, row.business_number) for row in carrying}


def _of(subjects: list[str], kind: str) -> list[str]:
    return [id for each, _, id in (subject.partition(":") for subject in subjects) if each == kind]


def _documents(connection: sa.Connection, subjects: list[str]) -> dict[str, tuple[str, str]]:
    """Kind and number of documents that no set carries yet: what is drafted and held before it is composed."""
    ids = _of(subjects, "document")
    query = sa.select(document.c.id, document.c.kind, document.c.number).where(document.c.id.in_(ids))
    return {f"document:{row.id}": (row.kind, row.number) for row in connection.execute(query)} if ids else {}


def by_number(store: Database, ids: list[int]) -> dict[int, SetRow]:
    """Sets by their numbers."""
    with store.reading() as connection:
        return {row.id: row for row in rows_of(connection, ids)}
