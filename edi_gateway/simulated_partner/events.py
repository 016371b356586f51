"""What a look into the mailbox brought: one value for each thing that came or was answered, each with a plain sentence."""

from __future__ import annotations

import msgspec

from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order_acknowledgment import OrderAcknowledgment
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.simulated_partner.complaint import Complaint
from edi_gateway.wording import count
from edi_gateway.x12.acknowledgment import Verdict


class BuyerEvent(msgspec.Struct, frozen=True, kw_only=True):
    """Something came in ``file``. ``complaints`` are those it gave rise to."""

    file: str
    complaints: tuple[Complaint, ...] = ()

    @property
    def said(self) -> str:
        """What happened, in one sentence."""
        return f"{self.file} came"


class SetAcknowledged(BuyerEvent, frozen=True, kw_only=True):
    """A 997 said what became of one set we sent; ``number`` is that of the order or the payment's trace."""

    code: str
    number: str
    verdict: Verdict

    @property
    def said(self) -> str:
        return f"997: our {self.code} {self.number} is {self.verdict}"


class InterchangeAcknowledged(BuyerEvent, frozen=True, kw_only=True):
    """A TA1 said what became of one interchange we sent."""

    control_number: str
    verdict: Verdict

    @property
    def said(self) -> str:
        return f"TA1: our interchange {self.control_number} is {self.verdict}"


class Confirmed(BuyerEvent, frozen=True, kw_only=True):
    """An 855 came."""

    confirmation: OrderAcknowledgment

    @property
    def said(self) -> str:
        return f"855: order {self.confirmation.number} is {self.confirmation.decision}"


class Announced(BuyerEvent, frozen=True, kw_only=True):
    """An 856 came."""

    notice: ShipNotice

    @property
    def said(self) -> str:
        orders = ", ".join(shipped.order_number for shipped in self.notice.orders)
        packs = count(self.notice.pack_count, "pack")
        return f"856: shipment {self.notice.shipment} brings {packs} for order {orders}"


class Billed(BuyerEvent, frozen=True, kw_only=True):
    """An 810 came."""

    invoice: Invoice

    @property
    def said(self) -> str:
        return f"810: invoice {self.invoice.number} for order {self.invoice.order_number} asks for {self.invoice.total:,.2f}"


class OtherCame(BuyerEvent, frozen=True, kw_only=True):
    """A set came that this buyer only acknowledges: 824, 864, 865 …"""

    code: str

    @property
    def said(self) -> str:
        return f"a {self.code} came"


class Refused(BuyerEvent, frozen=True, kw_only=True):
    """A set came that we reject: for us its document does not exist."""

    code: str
    number: str
    because: str

    @property
    def said(self) -> str:
        return f"{self.code} {self.number} is rejected: {self.because}"


class AcknowledgmentSent(BuyerEvent, frozen=True, kw_only=True):
    """Our 997 for one group of theirs went out, in ``file``."""

    group: str
    control_number: str
    verdict: Verdict

    @property
    def said(self) -> str:
        return f"997 sent: their group {self.group} {self.control_number} is {self.verdict}"


class Repeated(BuyerEvent, frozen=True, kw_only=True):
    """An interchange came again, byte for byte; nothing in it counts twice, and its answer was given."""

    control_number: str

    @property
    def said(self) -> str:
        return f"interchange {self.control_number} came again"


class NotTaken(BuyerEvent, frozen=True, kw_only=True):
    """Something came that is nobody's document: unreadable bytes, or an interchange that is not between us two."""

    because: str

    @property
    def said(self) -> str:
        return f"{self.file} was not taken: {self.because}"


class EnvelopeDoubted(BuyerEvent, frozen=True, kw_only=True):
    """What holds the sets of a file together is not as it should be; the complaints say what."""

    @property
    def said(self) -> str:
        return f"the envelope of {self.file} is not right"
