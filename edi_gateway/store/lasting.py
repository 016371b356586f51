"""Whether what an event told of still goes on: asked of the rows themselves, so that nothing outlives its cause."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from edi_gateway.store.arrivals import FAR
from edi_gateway.store.connection import Connection
from edi_gateway.store.control_numbers import ROLLOVER
from edi_gateway.store.quiet import LIES_THERE
from edi_gateway.store.rejections import Rejections
from edi_gateway.store.tables import (
    approval,
    breaker,
    certificate,
    flow,
    functional_group,
    interchange,
    missing_arrival,
    owed,
    transaction,
    transmission,
)
from edi_gateway.store.unpaid import Unpaid

_GROWS_INTO = {
    "acknowledgment.half_time": "acknowledgment.overdue",
    "acknowledgment.owed_half_time": "acknowledgment.owed_overdue",
    "answer.owed_half_time": "answer.owed_overdue",
}


class Lasting:
    """Questions about causes, in one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._rejections, self._unpaid = connection, Rejections(connection), Unpaid(connection)
        self._asked: dict[str, Callable[[str, datetime], bool]] = {
            "flow.held": self._is_stopped,
            "flow.dead": self._is_stopped,
            "lane.down": self._is_down,
            "acknowledgment.half_time": lambda id, _: self._is_transaction(id, ("awaited",)),
            "acknowledgment.overdue": lambda id, _: self._is_transaction(id, ("awaited", "overdue")),
            "acknowledgment.owed_half_time": lambda id, _: self._is_group(id, ("owed",)),
            "acknowledgment.owed_overdue": lambda id, _: self._is_group(id, ("owed", "overdue")),
            "answer.owed_half_time": lambda id, _: self._is_owed(id, owed.c.told_at.is_(None)),
            "answer.owed_overdue": lambda id, _: self._is_owed(id, owed.c.told_at.is_not(None)),
            "rejection.unanswered": lambda id, _: self._rejections.is_unanswered(_number(id)),
            "partner.silent": self._is_silent,
            "interchange.gap": lambda subject, _: self._leaves_out(subject),
            "transmission.unfetched": self._is_unfetched,
            "certificate.expiring": self._is_in_use,
            "approval.asked": self._is_asked,
            "invoice.overdue": lambda subject, _: self._unpaid.is_unpaid(subject),
        }

    def goes_on(self, kind: str, subject: str, since: datetime) -> bool | None:
        """Whether what an event of this kind told of a subject is still so; None for what is over once it happened."""
        ask = self._asked.get(kind)
        return ask(subject, since) if ask else None

    def has_grown(self, kind: str, subject: str, since: datetime) -> bool:
        """Whether what an event told of is so no more only because it is worse now: half the time was over, now all of it is."""
        worse = _GROWS_INTO.get(kind)
        return worse is not None and not self.goes_on(kind, subject, since) and bool(self.goes_on(worse, subject, since))

    def _is_stopped(self, subject: str, _since: datetime) -> bool:
        return self._there(sa.select(flow.c.id).where(flow.c.subject == subject, flow.c.state.in_(("held", "dead"))))

    def _is_down(self, subject: str, _since: datetime) -> bool:
        return self._there(sa.select(breaker.c.lane).where(breaker.c.lane == subject.partition(":")[2]))

    def _is_transaction(self, subject: str, states: tuple[str, ...]) -> bool:
        here = sa.and_(transaction.c.id == _number(subject), transaction.c.acknowledgment.in_(states))
        return self._there(sa.select(transaction.c.id).where(here))

    def _is_group(self, subject: str, states: tuple[str, ...]) -> bool:
        here = sa.and_(functional_group.c.id == _number(subject), functional_group.c.acknowledgment.in_(states))
        return self._there(sa.select(functional_group.c.id).where(here))

    def _is_owed(self, subject: str, told: sa.ColumnElement[bool]) -> bool:
        about = sa.or_(owed.c.about == subject, owed.c.about.startswith(f"{subject}|", autoescape=True))
        return self._there(sa.select(owed.c.id).where(about, told, owed.c.given_at.is_(None), owed.c.waived == ""))

    def _is_silent(self, subject: str, since: datetime) -> bool:
        here = sa.and_(interchange.c.partner == subject.partition(":")[2], interchange.c.direction == "in")
        return not self._there(sa.select(interchange.c.id).where(here, interchange.c.at > since))

    def _leaves_out(self, subject: str) -> bool:
        """Whether one of the numbers that were missing when an interchange came is missing still."""
        came = self._connection.execute(sa.select(interchange).where(interchange.c.id == _number(subject))).first()
        if came is None:
            return False
        whose = (missing_arrival.c[name] == getattr(came, name) for name in ("sender", "receiver", "usage"))
        number, last = int(came.control_number), missing_arrival.c.last
        before = sa.or_(last.between(number - FAR, number - 1), last > ROLLOVER + number - FAR)  # round the rollover, too
        left_out = (before, missing_arrival.c.since >= came.at)
        return self._there(sa.select(missing_arrival.c.sender).where(*whose, *left_out))

    def _is_unfetched(self, subject: str, _since: datetime) -> bool:
        return self._there(sa.select(transmission.c.id).where(transmission.c.id == _number(subject), LIES_THERE))

    def _is_in_use(self, subject: str, _since: datetime) -> bool:
        """Whether a certificate is neither taken out of use nor followed by a longer one of the same owner."""
        mine, next_ = certificate.alias(), certificate.alias()
        follows = sa.select(next_.c.id).where(
            next_.c.owner == mine.c.owner, next_.c.retired_at.is_(None), next_.c.valid_until > mine.c.valid_until
        )
        here = sa.and_(mine.c.id == _number(subject), mine.c.retired_at.is_(None), ~follows.exists())
        return self._there(sa.select(mine.c.id).where(here))

    def _is_asked(self, subject: str, _since: datetime) -> bool:
        return self._there(sa.select(approval.c.id).where(approval.c.subject == subject, approval.c.state == "asked"))

    def _there(self, query: sa.Select[tuple[int]] | sa.Select[tuple[str]]) -> bool:
        return self._connection.execute(query.limit(1)).first() is not None


def _number(subject: str) -> int:
    return int(subject.partition(":")[2])
