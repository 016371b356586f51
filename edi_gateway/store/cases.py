"""Cases of cash application: what a remittance leaves to a person, until somebody has decided."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal

import msgspec
import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.errors import WrongInput
from edi_gateway.order_to_cash.cash import Application
from edi_gateway.store.connection import Connection
from edi_gateway.store.known import check_partner
from edi_gateway.store.prepared import new_rows, rows_by
from edi_gateway.store.rows import as_row
from edi_gateway.store.tables import cash_case

OPEN = "open"
UNDECIDED = (OPEN, "disputed")
"""States in which a case is still to be closed: of a disputed one the partner was told, and has not answered yet."""


class CaseRow(msgspec.Struct, frozen=True):
    """One case. ``state`` is open, accepted, disputed, recovered, written off or assigned."""

    id: int
    partner: str
    document_id: str
    trace: str
    place: int
    kind: str
    item: int | None
    invoice: str
    reason: str
    amount: Decimal
    message: str
    suggestions: str
    state: str
    because: str
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str

    @property
    def may_be_for(self) -> list[str]:
        """Invoices the money may be for, the likeliest first."""
        found: list[str] = json.loads(self.suggestions)
        return found


class Cases:
    """The cases of one unit of work."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def open(self, partner: str, document_id: str, application: Application) -> None:
        """One case for each of its questions; those that are open or closed already stay as they are."""
        known = sa.select(cash_case.c.place).where(cash_case.c.document_id == document_id)
        there = set(self._connection.execute(known).scalars())
        for place, question in enumerate(application.questions, start=1):
            if place in there:
                continue
            values = {
                "partner": partner,
                "document_id": document_id,
                "trace": application.trace,
                "place": place,
                "kind": question.kind,
                "item": question.item,
                "invoice": question.invoice,
                "reason": question.reason,
                "amount": question.amount,
                "message": question.message,
                "suggestions": json.dumps(question.suggestions),
                "state": OPEN,
                "opened_at": self._clock.now(),
            }
            self._connection.execute(new_rows(cash_case), values)

    def get(self, id: int) -> CaseRow:
        """Raises WrongInput where there is no such case."""
        row = self._connection.execute(rows_by(cash_case, "id"), {"id": id}).first()
        if row is None:
            raise WrongInput(f"there is no case {id}", do="see edi-gateway case list")
        return as_row(CaseRow, row)

    def close(self, id: int, state: str, because: str, by: str) -> bool:
        """Whether it was still open, or disputed, and is closed now."""
        here = sa.and_(cash_case.c.id == id, cash_case.c.state.in_(UNDECIDED))
        values = {"state": state, "because": because, "closed_at": self._clock.now(), "closed_by": by}
        return bool(self._connection.execute(cash_case.update().where(here).values(values)).rowcount)

    def undecided_of(self, document_id: str) -> set[int]:
        """The places of the questions of a remittance whose cases are still to be closed."""
        here = sa.and_(cash_case.c.document_id == document_id, cash_case.c.state.in_(UNDECIDED))
        return set(self._connection.execute(sa.select(cash_case.c.place).where(here)).scalars())

    def rows(self, *, partner: str = "", undecided: bool = False) -> list[CaseRow]:
        """The newest first; only those that are ``undecided``. Raises WrongInput for a partner there is not."""
        check_partner(self._connection, partner)
        query = sa.select(cash_case).order_by(cash_case.c.id.desc())
        if partner:
            query = query.where(cash_case.c.partner == partner)
        if undecided:
            query = query.where(cash_case.c.state.in_(UNDECIDED))
        return [as_row(CaseRow, row) for row in self._connection.execute(query)]
