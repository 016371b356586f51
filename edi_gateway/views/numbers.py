"""Numbers: the counters of what goes out, and in which order the numbers of what comes in came."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa

from edi_gateway.store.arrivals import Gap, Sender
from edi_gateway.store.control_numbers import NEW
from edi_gateway.store.database import Database
from edi_gateway.store.known import check_partner
from edi_gateway.store.tables import arrival, control_counter


class CounterRow(msgspec.Struct, frozen=True):
    """A counter of ours: what it counts and for whom, and the last number given."""

    scope: str
    last: int


class ArrivalRow(msgspec.Struct, frozen=True):
    """What came from a sender: the highest and the last number, those missing, and how many came out of order.

    ``again`` counts the same once more, ``reused`` another interchange under a number that came before.
    """

    partner: str
    sender: str
    receiver: str
    usage: str
    highest: int
    last: int
    last_at: datetime
    late: int
    again: int
    reused: int
    missing: tuple[Gap, ...] = ()


def counters(store: Database) -> list[CounterRow]:
    """All counters there are, by what they count."""
    with store.reading() as connection:
        query = sa.select(control_counter.c.scope, control_counter.c.n).where(control_counter.c.scope != NEW)
        rows = connection.execute(query.order_by(control_counter.c.scope))
        return [CounterRow(row.scope, row.n) for row in rows]


def arrivals(store: Database, partner: str = "") -> list[ArrivalRow]:
    """What came from whom, of one partner or of all."""
    query = sa.select(arrival).order_by(arrival.c.partner, arrival.c.sender, arrival.c.receiver, arrival.c.usage)
    if partner:
        query = query.where(arrival.c.partner == partner)
    with store.reading() as connection:
        check_partner(connection, partner)
        rows = [ArrivalRow(**row._mapping) for row in connection.execute(query)]
    with store.read() as unit:
        gaps = {row: unit.arrivals.gaps(Sender(row.sender, row.receiver, row.usage)) for row in rows}
    return [msgspec.structs.replace(row, missing=tuple(gaps[row])) for row in rows]
