"""What a scenario orders: the partner's own samples, or orders that nobody placed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec

from edi_gateway.documents.order import Order
from edi_gateway.errors import WrongInput
from edi_gateway.mapping.library import Library
from edi_gateway.simulated_partner.buyer import Buyer
from edi_gateway.simulated_partner.terms import agreed
from edi_gateway.trading.profile import TradingPartner, Usage
from edi_gateway.trading.usage import USAGES
from edi_gateway.x12.envelope import Interchange, TransactionSet
from edi_gateway.x12.reader import read


class OrderSource(Protocol):
    """Where orders come from."""

    @property
    def told(self) -> str:
        """What the report calls it."""
        ...

    def place_all(self, buyer: Buyer) -> list[Order]:
        """Sends the orders as the partner does: its files as they are, or what was invented."""
        ...

    def place(self, buyer: Buyer, number: str) -> Order:
        """Sends one order under a number of its own."""
        ...


class SampleFile(NamedTuple):
    """A sample with 850s in it: when it was written by its own clock, and for which usage."""

    name: str
    body: bytes
    sets: tuple[TransactionSet, ...]
    written_at: datetime
    usage: Usage


@dataclass(frozen=True)
class Sampled:
    """Orders as they stand in the partner's samples."""

    samples: Sequence[SampleFile]

    @property
    def told(self) -> str:
        return "samples " + ", ".join(sample.name for sample in self.samples)

    def place_all(self, buyer: Buyer) -> list[Order]:
        return [order for sample in self.samples for order in buyer.send_file(sample.name, sample.body)]

    def place(self, buyer: Buyer, number: str) -> Order:
        return buyer.order_like(self.samples[0].sets[0], number)

    def orders(self, partner: TradingPartner, maps: Library, usage: Usage) -> list[Order]:
        """The orders in the samples, by the map of the agreement. Raises WrongInput and MapProblem."""
        reading = maps.reading(agreed(partner, "850", "in", usage).map)
        found = [reading.read(one) for sample in self.samples for one in sample.sets]
        return [order for order in found if isinstance(order, Order)]


@dataclass(frozen=True)
class Invented:
    """Orders invented for the partner, written by its maps turned round."""

    orders: Sequence[Order]
    told: str = "invented, written by the partner's maps turned round"

    def place_all(self, buyer: Buyer) -> list[Order]:
        for order in self.orders:
            buyer.order(order)
        return list(self.orders)

    def place(self, buyer: Buyer, number: str) -> Order:
        order = msgspec.structs.replace(self.orders[0], number=number)
        buyer.order(order)
        return order


def kept_samples(folder: Path) -> list[Path]:
    """The files in a folder that hold an 850; what else a partner gave is kept there too."""
    files = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
    return [path for path in files if _orders_in(path.read_bytes())]


def read_sample(path: Path) -> SampleFile:
    """A sample from a file. Raises WrongInput if it cannot be read or holds no 850."""
    try:
        body = path.read_bytes()
    except OSError as error:
        raise WrongInput(f"cannot be read: {error.strerror}", where=str(path)) from error
    return sample_of(path.name, body, where=str(path))


def sample_of(name: str, body: bytes, where: str = "") -> SampleFile:
    """A sample from its bytes. Raises WrongInput if it holds no 850."""
    header = next((event for event in read(body) if isinstance(event, Interchange)), None)
    sets = _orders_in(body)
    if header is None or not sets:
        raise WrongInput("holds no 850 in an interchange", where=where or name, do="give files with the partner's orders")
    try:
        at = datetime.strptime(header.isa[9] + header.isa[10], "%y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError:
        raise WrongInput("ISA09 and ISA10 are no date and time", where=where or name, do="mend the sample") from None
    return SampleFile(name, body, sets, at, USAGES.get(header.usage, "production"))


def _orders_in(body: bytes) -> tuple[TransactionSet, ...]:
    return tuple(event for event in read(body) if isinstance(event, TransactionSet) and event.code == "850")
