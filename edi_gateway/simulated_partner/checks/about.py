"""Which document a complaint is about."""

from __future__ import annotations

from typing import NamedTuple

from edi_gateway.simulated_partner.complaint import Complaint, Kind
from edi_gateway.simulated_partner.places import number_of
from edi_gateway.x12.envelope import TransactionSet

_NAMES = {"855": "order acknowledgment", "856": "ship notice", "810": "invoice"}


class About(NamedTuple):
    """A document, as people name it, and the order it speaks of."""

    document: str
    order_number: str = ""

    @classmethod
    def of(cls, transaction_set: TransactionSet) -> About:
        """A set that came, before anything is known of it but its number."""
        name = _NAMES.get(transaction_set.code, transaction_set.code)
        return cls(f"{name} {number_of(transaction_set)}")

    def complain(self, kind: Kind, text: str) -> Complaint:
        """A complaint about this document."""
        return Complaint(kind=kind, document=self.document, order_number=self.order_number, text=text)
