"""A desk whose alerts are told to a carrier that keeps, refuses or loses what it is given."""

from __future__ import annotations

from datetime import timedelta

from desk import Desk

from edi_gateway.operations.alert_notify import notify
from edi_gateway.operations.alert_watch import watch_alerts
from edi_gateway.store.alerts import AlertRow
from edi_gateway.trading.alerts import Alerts, Channel
from edi_gateway.transports.notify.base import Message
from edi_gateway.views.alerts import alerts

TWO_STEPS = {
    "channels": [
        {"name": "desk", "kind": "webhook", "url": "https://desk.example"},
        {"name": "boss", "kind": "webhook", "url": "https://boss.example"},
    ],
    "escalations": [{"name": "usual", "steps": [{"tell": ["desk"]}, {"tell": ["boss"], "after": "2h"}]}],
}


def terms(**more: object) -> Alerts:
    """The desk is told first, its boss two hours later; with changes."""
    return Alerts.model_validate({**TWO_STEPS, **more})


class Watched:
    """A desk, its alerts, and what was told: ``(channel, subject)``. ``fails`` is raised instead while it is set."""

    def __init__(self, desk: Desk, about: Alerts | None = None) -> None:
        self.desk, self.terms = desk, about or terms()
        self.told: list[tuple[str, Message]] = []
        self.fails: BaseException | None = None

    def carry(self, channel: Channel, message: Message) -> None:
        if self.fails is not None:
            raise self.fails
        self.told.append((channel.name, message))

    def look(self) -> int:
        """What the job does; how many alerts are new."""
        new = watch_alerts(self.desk.store, self.terms)
        notify(self.desk.store, self.terms, self.carry)
        return new

    def later(self, **by: float) -> None:
        """Lets time pass without anything else happening, and looks every hour."""
        until = self.desk.clock.now() + timedelta(**by)
        while self.desk.clock.now() < until:
            self.desk.clock.advance(min(timedelta(hours=1), until - self.desk.clock.now()))
            self.look()

    def happens(self, kind: str, subject: str, text: str = "it happened", partner: str | None = "northwind") -> None:
        """An event is told."""
        with self.desk.store.write() as unit:
            unit.events.tell(kind, subject, text, partner=partner)

    def alerts(self) -> list[AlertRow]:
        """Those that are not over."""
        return alerts(self.desk.store)

    def alert(self) -> AlertRow:
        """The only one that is not over."""
        (only,) = self.alerts()
        return only

    def channels(self) -> list[str]:
        """Who was told, in order."""
        return [channel for channel, _ in self.told]
