"""When goods leave, as the ERP told it: a ship notice names the day alone, and rules on the clock ask for the moment."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from edi_gateway.store.tables import departure


class Departures:
    """The departures of one unit of work, by the shipment as its partner knows it."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def tell(self, partner: str, shipment: str, at: datetime) -> None:
        """The goods of a shipment leave then; what was told of it last counts."""
        here = _here(partner, shipment)
        if not self._connection.execute(departure.update().where(here).values(at=at)).rowcount:
            self._connection.execute(departure.insert().values(partner=partner, shipment=shipment, at=at))

    def of(self, partner: str, shipment: str) -> datetime | None:
        """When they leave; None where nobody said."""
        return self._connection.execute(sa.select(departure.c.at).where(_here(partner, shipment))).scalar()


def _here(partner: str, shipment: str) -> sa.ColumnElement[bool]:
    return sa.and_(departure.c.partner == partner, departure.c.shipment == shipment)
