"""Changes of an order (860): whether it is their turn, what they make of the order, and what our rules say of them. All pure."""

from edi_gateway.order_to_cash.changes.revise import LineChange, Revision, revise
from edi_gateway.order_to_cash.changes.rule import new_in, rule
from edi_gateway.order_to_cash.changes.turn import Turn, digest, turn

__all__ = ["LineChange", "Revision", "Turn", "digest", "new_in", "revise", "rule", "turn"]
