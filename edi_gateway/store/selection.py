"""Which sets are meant: by their numbers, or by partner, set, window, state and finding."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from edi_gateway.errors import WrongInput
from edi_gateway.store.outstanding import flows_in
from edi_gateway.store.tables import flow, set_finding, transaction
from edi_gateway.store.tables.traffic import SOME_FINDING, USUAL


class Selection(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is given has to hold, all of it. ``state`` is a flow's (held, dead, rejected, done) or one of the three statuses.

    ``finding`` is a finding's kind (``element.too_long``), the beginning of one (``element.``), or an X12 code (``7``).
    """

    ids: tuple[int, ...] = ()
    partner: str = ""
    code: str = ""
    direction: str = ""
    number: str = ""
    since: datetime | None = None
    until: datetime | None = None
    state: str = ""
    finding: str = ""
    validation: str = ""
    delivery: str = ""
    acknowledgment: str = ""

    def query(self) -> sa.Select[tuple[int]]:
        """The ids of the sets meant. Raises WrongInput where nothing is given: everything is never meant by accident."""
        if self == Selection():
            raise WrongInput("nothing says which sets are meant", do="give numbers, a partner, a set, a window, a state …")
        in_state = [sa.or_(*self.in_state())] if self.state else []
        found = [of_findings(self.finding)] if self.finding else []
        return sa.select(transaction.c.id).where(*self.conditions(), *in_state, *found)

    @property
    def is_rare(self) -> bool:
        """Whether an index leads to few sets, as far as that can be known without asking."""
        return bool(self.ids or self.number)

    @property
    def lead(self) -> str:
        """What an index leads along, in the order of the sets: an unusual status, the partner or the code; empty for none."""
        if any(value and value not in USUAL[name] for name, value in self._statuses().items()):
            return "status"
        return next((name for name in ("partner", "code") if getattr(self, name)), "")

    @property
    def is_one(self) -> bool:
        """Whether it says but one thing."""
        return len(self.values()) + sum(map(bool, (self.state, *self._statuses().values()))) == 1

    def conditions(self, *, indexed: bool = True, lead: str = "") -> list[sa.ColumnElement[bool]]:
        """What has to hold, but for state and finding: see ``in_state``, ``of_findings``.

        With ``indexed`` false partner, code, direction and time are asked for so that no index serves them, but for the ``lead``.
        """
        c = transaction.c
        columns = {name: c[name] if indexed or name == lead else aside(c[name]) for name in ("partner", "code", "direction")}
        conditions = [column == self._value(name) for name, column in columns.items() if getattr(self, name)]
        if self.number:
            conditions.append(c.business_number == self._value("number"))
        conditions += [_is(name, value) for name, value in self._statuses().items() if value]
        if self.ids:
            conditions.append(c.id.in_(sa.bindparam(_named("ids"), self.ids, expanding=True)))
        at = c.at if indexed else sa.func.coalesce(c.at, c.at)
        if self.since:
            conditions.append(at >= self._value("since", c.at.type))
        if self.until:
            conditions.append(at < self._value("until", c.at.type))
        return conditions

    def values(self) -> dict[str, Any]:
        """What ``conditions`` and ``of_findings`` compare with, by the names of their parameters; the words stand in them."""
        given = {_named(name): value for name in _PLAIN if (value := getattr(self, name))}
        return given | _end_of(self.finding)

    def shape(self) -> Selection:
        """One for all that have the same conditions, but for their values."""
        same = {"ids": (0,), "since": _SOME_TIME, "until": _SOME_TIME, "finding": "." if self.finding.endswith(".") else "7"}
        return msgspec.structs.replace(self, **{name: same.get(name, "some") for name in _PLAIN if getattr(self, name)})

    def _value(self, name: str, type_: sa.types.TypeEngine[Any] | None = None) -> sa.BindParameter[Any]:
        return sa.bindparam(_named(name), getattr(self, name), type_=type_ or sa.String())

    def in_state(self) -> list[sa.ColumnElement[bool]]:
        """The ways in which a set is in the state, one of which has to hold; each is served by an index of its own."""
        return [*_by_flow(self.state), *(_is(name, self.state) for name in USUAL)]

    def _statuses(self) -> dict[str, str]:
        return {"validation": self.validation, "delivery": self.delivery, "acknowledgment": self.acknowledgment}


_PLAIN = ("ids", "partner", "code", "direction", "number", "since", "until", "finding")
_SOME_TIME = datetime(1970, 1, 1, tzinfo=UTC)


def _named(name: str) -> str:
    return f"meant_{name}"


def _end_of(finding: str) -> dict[str, str]:
    """Behind all kinds that begin so, since ``/`` follows the dot."""
    return {_named("end"): f"{finding[:-1]}/"} if finding.endswith(".") else {}


def _is(status: str, value: str) -> sa.ColumnElement[bool]:
    """A status is ``value``; where that is unusual, said so that the index of the unusual ones serves it."""
    here = transaction.c[status] == value
    return here if value in USUAL[status] else sa.and_(here, unusual(status))


def aside(column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """A column's text as an expression that no index knows."""
    return column.concat(sa.literal_column("''"))


def unusual(status: str) -> sa.ColumnElement[bool]:
    """The condition of that status's partial index, word for word, since a database uses it only where it finds it again."""
    words = ", ".join(f"'{word}'" for word in USUAL[status])
    return sa.literal_column(f"transaction_set.{status} NOT IN ({words})")


def _by_flow(state: str) -> list[sa.ColumnElement[bool]]:
    """The set itself is carried by a flow in that state, or its document is."""
    if state == "done":  # nearly all are: to ask of each set is cheaper than to gather them
        of_set = flow.c.subject == sa.literal("transaction:") + sa.cast(transaction.c.id, sa.String)
        of_document = flow.c.subject == sa.literal("document:") + transaction.c.document_id
        return [sa.exists().where(flow.c.state == state, one) for one in (of_set, of_document)]
    return carried_in((state,))


def carried_in(states: Collection[str]) -> list[sa.ColumnElement[bool]]:
    """A set is carried by a flow in one of these states (none of which is done), or its document is; an index serves each."""
    number = sa.cast(sa.func.substr(flow.c.subject, len("transaction:") + 1), transaction.c.id.type)
    sets = sa.case((flow.c.subject.startswith("transaction:"), number))
    documents = sa.case((flow.c.subject.startswith("document:"), sa.func.substr(flow.c.subject, len("document:") + 1)))
    stopped = flows_in(states)
    return [
        transaction.c.id.in_(sa.select(sets).where(stopped)),
        transaction.c.document_id.in_(sa.select(documents).where(stopped)),
    ]


def findings_counted(finding: str, most: int) -> sa.Select[int]:
    """How many sets have such a finding, counted up to ``most``."""
    found = sa.union_all(*(sa.select(set_finding.c.set_id).where(each) for each in _meant(finding))).limit(most).subquery()
    return sa.select(sa.func.count()).select_from(found)


def of_findings(finding: str) -> sa.ColumnElement[bool]:
    """Sets with such a finding, as their list by kind and by code leads to them."""
    return transaction.c.id.in_(sa.union_all(*(sa.select(set_finding.c.set_id).where(each) for each in _meant(finding))))


def has_finding(finding: str) -> list[sa.ColumnElement[bool]]:
    """The same, to be asked of one set after the other; those with any finding have an index, whose words the first are."""
    has = sa.exists().where(set_finding.c.set_id == transaction.c.id, sa.or_(*_meant(finding)))
    return [sa.literal_column(SOME_FINDING), has]


def _meant(finding: str) -> list[sa.ColumnElement[bool]]:
    """By kind or the beginning of one, and by code; each has an index of its own."""
    given = {_named("finding"): finding} | _end_of(finding)
    kind, (is_, *end) = set_finding.c.kind, [sa.bindparam(name, value, type_=sa.Text) for name, value in given.items()]
    return [sa.and_(kind >= is_, kind < end[0]) if end else kind == is_, set_finding.c.code == is_]
