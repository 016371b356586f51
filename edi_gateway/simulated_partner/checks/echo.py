"""What an answer must repeat of the order to the letter: its number, its places, its line ids, item ids and units."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from edi_gateway.documents.base import ItemId
from edi_gateway.documents.order import OrderLine
from edi_gateway.documents.party import Party
from edi_gateway.simulated_partner.checks.about import About
from edi_gateway.simulated_partner.complaint import Complaint, Kind
from edi_gateway.simulated_partner.ledger import Ledger, OrderAccount


class Header(Protocol):
    """What 855, 856 and 810 carry over from the order."""

    @property
    def department(self) -> str: ...
    @property
    def vendor_number(self) -> str: ...


def account_of(ledger: Ledger, about: About) -> OrderAccount | Complaint:
    """The order an answer names, by exactly its number, or the complaint that there is none."""
    account = ledger.orders.get(about.order_number)
    if account is not None:
        return account
    near = next((number for number in ledger.orders if number.lstrip("0") == about.order_number.strip().lstrip("0")), None)
    hint = f"; we wrote {near}" if near else ""
    return about.complain(Kind.ORDER_UNKNOWN, f"we never ordered under '{about.order_number}'{hint}")


def check_header(account: OrderAccount, about: About, answer: Header, ship_to: Party | None) -> Iterator[Complaint]:
    """Where ship-to, department and vendor number are said, they are said as the order said them."""
    order = account.order
    for name, ours, theirs in (
        ("department", order.department, answer.department),
        ("vendor number", order.vendor_number, answer.vendor_number),
    ):
        if theirs and ours != theirs:
            yield about.complain(Kind.ORDER_NOT_ECHOED, f"{name} is '{theirs}', the order says '{ours}'")
    if order.ship_to and ship_to and (order.ship_to.id_qualifier, order.ship_to.id) != (ship_to.id_qualifier, ship_to.id):
        ours, theirs = _place(order.ship_to), _place(ship_to)
        yield about.complain(Kind.ORDER_NOT_ECHOED, f"ship-to is {theirs}, the order says {ours}")


def check_line(about: About, line: OrderLine, item_ids: tuple[ItemId, ...], unit: str) -> Iterator[Complaint]:
    """Item ids and unit of a line are those of the order, in its spelling."""
    if set(item_ids) != set(line.item_ids):
        yield about.complain(Kind.LINE_ITEM_IDS, f"line {line.number} is {_ids(item_ids)}, the order says {_ids(line.item_ids)}")
    if unit != line.unit:
        yield about.complain(Kind.LINE_UNIT, f"line {line.number} is in {unit or 'no unit'}, the order says {line.unit}")


def unknown_line(about: About, account: OrderAccount, number: str) -> Complaint:
    """The complaint about a line id the order does not have."""
    known = ", ".join(line.number for line in account.order.lines)
    return about.complain(Kind.LINE_UNKNOWN, f"there is no line '{number}' on the order; it has {known}")


def _place(party: Party) -> str:
    return f"{party.id_qualifier or '-'} {party.id or '-'}"


def _ids(item_ids: tuple[ItemId, ...]) -> str:
    return ", ".join(f"{item.qualifier} {item.id}" for item in item_ids) or "without item ids"
