"""Alerts as people look at them: what is open, what each is about, whom it was told."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
import sqlalchemy as sa

from edi_gateway.store.alerts import AlertRow, SubjectRow
from edi_gateway.store.database import Database
from edi_gateway.store.notices import NoticeRow
from edi_gateway.store.rows import as_row
from edi_gateway.store.tables import alert, alert_subject, notice

_GRAVITY = ("urgent", "warning", "notice")
UNTOLD = ("failed", "unknown")


class AlertDetail(msgspec.Struct, frozen=True):
    """One alert with everything it is or was about, and every telling of it."""

    alert: AlertRow
    subjects: list[SubjectRow]
    notices: list[NoticeRow]


def alerts(
    store: Database,
    *,
    all: bool = False,
    partner: str | None = None,
    limit: int = 500,
    behind: tuple[int, ...] | None = None,
) -> list[AlertRow]:
    """Those that are not over, the gravest and then the newest first; ``all``: the newest, over or not.

    ``partner`` None: of everybody. ``behind`` is the place of the last one that was shown (``place_of``).
    """
    given: dict[str, object] = {"limit": limit}
    if partner is not None:
        given["partner"] = partner
    if behind is not None:
        given["grave"], given["id"] = behind
    query = _listed(all, is_of_one=partner is not None, is_behind=behind is not None)
    with store.asking() as connection:
        return [as_row(AlertRow, row) for row in connection.execute(query, given)]


@cache
def _listed(all: bool, *, is_of_one: bool, is_behind: bool) -> sa.Select[Any]:
    gravity = sa.literal(0) if all else sa.case({level: at for at, level in enumerate(_GRAVITY)}, value=alert.c.level)
    query = sa.select(alert) if all else sa.select(alert).where(alert.c.state != "resolved").order_by(gravity)
    if is_of_one:
        query = query.where(alert.c.partner == sa.bindparam("partner"))
    if is_behind:
        grave, id = sa.bindparam("grave", type_=sa.BigInteger), sa.bindparam("id", type_=sa.BigInteger)
        query = query.where(sa.or_(gravity > grave, sa.and_(gravity == grave, alert.c.id < id)))
    return query.order_by(alert.c.id.desc()).limit(sa.bindparam("limit", type_=sa.Integer))


def place_of(row: AlertRow, *, all: bool = False) -> tuple[int, int]:
    """Where an alert stands in the list: by its gravity, then by its number."""
    return (0 if all else _GRAVITY.index(row.level), row.id)


def every_alert(store: Database, *, all: bool = False) -> Iterator[AlertRow]:
    """The same, all of them."""
    page = alerts(store, all=all)
    while page:
        yield from page
        page = alerts(store, all=all, behind=place_of(page[-1], all=all))


def alert_detail(store: Database, id: int) -> AlertDetail | None:
    """The alert of that number; None where there is none."""
    with store.reading() as connection:
        row = connection.execute(sa.select(alert).where(alert.c.id == id)).first()
        about = sa.select(alert_subject).where(alert_subject.c.alert_id == id).order_by(alert_subject.c.event_id)
        told = sa.select(notice).where(notice.c.alert_id == id).order_by(notice.c.id)
        if row is None:
            return None
        return AlertDetail(
            as_row(AlertRow, row),
            [as_row(SubjectRow, one) for one in connection.execute(about)],
            [as_row(NoticeRow, one) for one in connection.execute(told)],
        )


def untold(store: Database) -> list[NoticeRow]:
    """Tellings of alerts not over yet that did not arrive, or nobody knows whether they did."""
    here = sa.and_(alert.c.state != "resolved", notice.c.state.in_(UNTOLD))
    query = sa.select(notice).join(alert, alert.c.id == notice.c.alert_id).where(here).order_by(notice.c.id)
    with store.reading() as connection:
        return [as_row(NoticeRow, row) for row in connection.execute(query)]
