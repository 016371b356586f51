"""Which sets are meant: by their numbers, or by partner, set, window, state and finding."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec
import sqlalchemy as sa

from edi_gateway.errors import WrongInput
from edi_gateway.store.outstanding import flows_in
from edi_gateway.store.tables import flow, transaction
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
        return sa.select(transaction.c.id).where(*self.conditions(), *in_state)

    @property
    def is_rare(self) -> bool:
        """Whether an index leads to few sets, as far as that can be known without asking."""
        return bool(self.ids or self.number)

    def conditions(self, *, indexed: bool = True) -> list[sa.ColumnElement[bool]]:
        """What has to hold, but for the state: see ``in_state``.

        With ``indexed`` false partner and set are asked for so that no index serves them: something rarer leads the way.
        """
        columns = {"partner": self.partner, "code": self.code, "direction": self.direction}
        conditions = [
            (transaction.c[name] if indexed else aside(transaction.c[name])) == value for name, value in columns.items() if value
        ]
        if self.number:
            conditions.append(transaction.c.business_number == self.number)
        conditions += [_is(name, value) for name, value in self._statuses().items() if value]
        if self.ids:
            conditions.append(transaction.c.id.in_(self.ids))
        if self.since:
            conditions.append(transaction.c.at >= self.since)
        if self.until:
            conditions.append(transaction.c.at < self.until)
        if self.finding:
            conditions += _has_finding(self.finding)
        return conditions

    def in_state(self) -> list[sa.ColumnElement[bool]]:
        """The ways in which a set is in the state, one of which has to hold; each is served by an index of its own."""
        return [*_by_flow(self.state), *(_is(name, self.state) for name in USUAL)]

    def _statuses(self) -> dict[str, str]:
        return {"validation": self.validation, "delivery": self.delivery, "acknowledgment": self.acknowledgment}


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


def _has_finding(finding: str) -> list[sa.ColumnElement[bool]]:
    ours, theirs = transaction.c.findings, transaction.c.partner_findings
    whole = "" if finding.endswith(".") else '"'
    told = [f'"kind":"{finding}{whole}', f'"code":"{finding}"']
    has = sa.or_(*(column.contains(each, autoescape=True) for column in (ours, theirs) for each in told))
    some: sa.ColumnElement[bool] = sa.literal_column(SOME_FINDING)  # as their index has it
    return [some, has]
