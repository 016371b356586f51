"""Answer an approval, whatever it is of: an order our rules held, or something to be sent again that needs a second person."""

from __future__ import annotations

from edi_gateway.operations import second_pair
from edi_gateway.operations.approve import approve_order, is_of_order, refuse_order
from edi_gateway.operations.request import Answer
from edi_gateway.pipeline.tools import Tools


def give_approval(tools: Tools, approval: int, *, because: str = "", by: str) -> Answer:
    """Agrees. Raises WrongInput where things changed since it was asked, for who may not, and for an order without a reason."""
    if is_of_order(tools.store, approval):
        return approve_order(tools.store, approval, because=because, by=by)
    return second_pair.give(tools, approval, by=by)


def refuse_approval(tools: Tools, approval: int, *, because: str, by: str) -> str:
    """Does not agree: an order is refused by an 855, a change of one by an 865, anything else is not done."""
    if is_of_order(tools.store, approval):
        return refuse_order(tools, approval, because=because, by=by)
    second_pair.refuse(tools, approval, because=because, by=by)
    return f"approval {approval} is refused"
