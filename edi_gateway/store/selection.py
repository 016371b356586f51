"""Which sets are meant: by their numbers, or by partner, set, window, state and finding."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa

from edi_gateway.errors import WrongInput
from edi_gateway.store.tables import flow, transaction


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
        return sa.select(transaction.c.id).where(*self._conditions())

    def _conditions(self) -> list[sa.ColumnElement[bool]]:
        columns = {"partner": self.partner, "code": self.code, "direction": self.direction, "business_number": self.number}
        columns |= {"validation": self.validation, "delivery": self.delivery, "acknowledgment": self.acknowledgment}
        conditions = [transaction.c[name] == value for name, value in columns.items() if value]
        if self.ids:
            conditions.append(transaction.c.id.in_(self.ids))
        if self.since:
            conditions.append(transaction.c.at >= self.since)
        if self.until:
            conditions.append(transaction.c.at < self.until)
        if self.state:
            conditions.append(_in_state(self.state))
        if self.finding:
            conditions.append(_has_finding(self.finding))
        return conditions


def _in_state(state: str) -> sa.ColumnElement[bool]:
    statuses = (transaction.c.validation, transaction.c.delivery, transaction.c.acknowledgment)
    of_set = flow.c.subject == sa.literal("transaction:") + sa.cast(transaction.c.id, sa.String)
    of_document = flow.c.subject == sa.literal("document:") + transaction.c.document_id
    has_flow = sa.exists().where(flow.c.state == state, sa.or_(of_set, of_document))
    return sa.or_(has_flow, *(status == state for status in statuses))


def _has_finding(finding: str) -> sa.ColumnElement[bool]:
    ours, theirs = transaction.c.findings, transaction.c.partner_findings
    whole = "" if finding.endswith(".") else '"'
    told = [f'"kind":"{finding}{whole}', f'"code":"{finding}"']
    return sa.or_(*(column.contains(each, autoescape=True) for column in (ours, theirs) for each in told))
