"""One scenario being played: the buyer and the gateway take turns, and what is expected is noted with what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from edi_gateway.simulated_partner.buyer import Buyer
from edi_gateway.simulated_partner.certification.gateway import GatewayInPlay
from edi_gateway.simulated_partner.certification.orders import OrderSource
from edi_gateway.simulated_partner.certification.report import Step
from edi_gateway.simulated_partner.checks.lateness import in_words
from edi_gateway.simulated_partner.events import AcknowledgmentSent, BuyerEvent, SetAcknowledged
from edi_gateway.trading.profile import Usage

_LOOKS_EVERY = timedelta(minutes=30)
_NEVER_LONGER_THAN = timedelta(days=30)

E = TypeVar("E", bound=BuyerEvent)


class Seen(NamedTuple):
    """Something the buyer met with, and when."""

    at: datetime
    event: BuyerEvent


class Play:
    """Plays and takes notes. ``steps`` is what came of it, ``since`` when the buyer last did what is to be answered."""

    def __init__(self, buyer: Buyer, gateway: GatewayInPlay, orders: OrderSource, usage: Usage) -> None:
        self.buyer, self.gateway, self.orders, self.usage = buyer, gateway, orders, usage
        self.began = self.since = gateway.now()
        self.seen: list[Seen] = []
        self.steps: list[Step] = []

    def settle(self) -> None:
        """Both sides do what they can do now."""
        self.gateway.settle()
        self.seen += (Seen(self.gateway.now(), event) for event in self.buyer.look())
        self.gateway.settle()

    def later(self, by: timedelta, until: Callable[[], bool] = lambda: False) -> None:
        """Lets time pass, both sides looking every half hour; ends early when ``until`` comes true."""
        end = self.gateway.now() + min(by, _NEVER_LONGER_THAN)
        while (left := end - self.gateway.now()) > timedelta() and not until():
            self.gateway.advance(min(left, _LOOKS_EVERY))
            self.settle()

    def expect(self, what: str, expected: str, passed: bool, happened: str, look: str = "") -> None:
        """Notes a step."""
        self.steps.append(Step(what=what, expected=expected, happened=happened, passed=passed, look="" if passed else look))

    # What was seen

    def events(self, kind: type[E]) -> list[E]:
        """What the buyer met with of a kind, in order."""
        return [seen.event for seen in self.seen if isinstance(seen.event, kind)]

    def answers_to(self, code: str, number: str) -> list[SetAcknowledged]:
        """The 997s about one of the buyer's sets."""
        return [event for event in self.events(SetAcknowledged) if (event.code, event.number) == (code, number)]

    def after(self, event: BuyerEvent) -> str:
        """How long it took, from what the buyer did last (``since``)."""
        at = next(seen.at for seen in self.seen if seen.event is event)
        return span(at - self.since)

    def other_complaints(self, *told: type[BuyerEvent]) -> list[str]:
        """What the buyer complains of in what came that is of none of these kinds."""
        rest = [seen.event for seen in self.seen if not isinstance(seen.event, (*told, AcknowledgmentSent))]
        return [str(complaint) for event in rest for complaint in event.complaints]

    def ours(self, *codes: str) -> list[tuple[str, str, str]]:
        """What the gateway sent of these sets: code, number, and what it shows of their acknowledgment."""
        return [
            (one.code, one.number, one.acknowledgment)
            for one in self.gateway.sets()
            if one.direction == "out" and one.code in codes
        ]

    def state_of(self, number: str) -> str:
        """How far an order is; nothing where there is none."""
        return next((order.state for order in self.gateway.orders() if order.number == number), "")

    def held(self) -> str:
        """Why anything waits for a person; nothing where nothing does."""
        return shown(flow.because for flow in self.gateway.held())


def span(time: timedelta) -> str:
    """A span of time as people say it: ``24 h``, ``1 h 30 min``."""
    return in_words(time).replace(" h 0 min", " h")


def shown(sentences: Iterable[str], most: int = 3) -> str:
    """Sentences in one line, each once, the first few of them."""
    all_ = list(dict.fromkeys(sentences))
    more = f" (and {len(all_) - most} more)" if len(all_) > most else ""
    return "; ".join(all_[:most]) + more
