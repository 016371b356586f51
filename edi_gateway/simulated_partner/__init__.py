"""The other side: a buyer that orders, acknowledges, receives, pays and complains, and has bad habits where asked to.

It speaks only through a transport, X12 and the maps, as a real partner does, and never looks into the gateway's store.
Used by the demo, by onboarding and by tests. Start with ``Buyer``.
"""

from edi_gateway.simulated_partner.buyer import Buyer
from edi_gateway.simulated_partner.complaint import Complaint, Kind
from edi_gateway.simulated_partner.events import BuyerEvent
from edi_gateway.simulated_partner.habits import ODD_DELIMITERS, Habits, ShortPayment
from edi_gateway.simulated_partner.invent import OfferedItem, invent_orders
from edi_gateway.simulated_partner.keys import KeyPair, make_keys
from edi_gateway.simulated_partner.ledger import Ledger, OrderAccount, Payment

__all__ = [
    "ODD_DELIMITERS",
    "Buyer",
    "BuyerEvent",
    "Complaint",
    "Habits",
    "KeyPair",
    "Kind",
    "Ledger",
    "OfferedItem",
    "OrderAccount",
    "Payment",
    "ShortPayment",
    "invent_orders",
    "make_keys",
]
