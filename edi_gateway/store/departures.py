"""When goods leave, as the ERP told it: a ship notice names the day alone, and rules on the clock ask for the moment."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import new_rows, rows_by
from edi_gateway.store.tables import departure

_TOLD_ANEW = departure.update().where(
    departure.c.partner == sa.bindparam("whose"),
    departure.c.shipment == sa.bindparam("which"),
    departure.c.usage == sa.bindparam("world"),
)


class Departures:
    """The departures of one unit of work, by the shipment as its partner knows it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tell(self, partner: str, shipment: str, at: datetime, *, usage: str) -> None:
        """The goods of a shipment leave then; what was told of it last counts."""
        told = {"whose": partner, "which": shipment, "world": usage, "at": at}
        if not self._connection.execute(_TOLD_ANEW, told).rowcount:
            values = {"partner": partner, "shipment": shipment, "usage": usage, "at": at}
            self._connection.execute(new_rows(departure), values)

    def of(self, partner: str, shipment: str, *, usage: str) -> datetime | None:
        """When they leave; None where nobody said."""
        which = {"partner": partner, "shipment": shipment, "usage": usage}
        row = self._connection.execute(rows_by(departure, *which), which).first()
        return row.at if row else None
