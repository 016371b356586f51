"""Terms of the business itself: how we decide on a partner's orders, and which answers they want, by when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Literal, Self, TypeAlias

from pydantic import Field

from edi_gateway.trading.base import Terms
from edi_gateway.trading.scalars import Duration, Number
from edi_gateway.trading.terms import CountedIn


class PaymentTerms(Terms):
    """The terms of payment of the contract, which those of an order (ITD) are held against."""

    discount_percent: Number = Field(Decimal(0), ge=0, description="Cash discount, in percent.")
    discount_days: int = Field(0, ge=0, description="Days within which it may be taken.")
    net_days: int = Field(ge=0, description="Days within which all is due.")
    days_from: Literal["invoice", "end of month"] = Field(
        "invoice", description="What both count from: the day of the invoice, or the last day of its month (ITD01 02, 09, 15)."
    )


PriceDifference: TypeAlias = Literal["hold", "reject", "accept", "our price"]


class ItemTerms(Terms):
    """What differs for one item; what is not said here is as for the partner's other items."""

    price_tolerance_percent: Number | None = Field(
        None, ge=0, description="Accepted difference to the ERP's list price, in percent."
    )
    price_difference: PriceDifference | None = Field(None, description="What a greater difference leads to.")
    pack_differs: Literal["hold", "reject", "accept"] | None = Field(None, description="What a case of another size leads to.")
    blocked_item: Literal["hold", "reject"] | None = Field(
        None, description="What it leads to that the item is blocked for sale."
    )
    short_stock: Literal["backorder", "reject", "hold"] | None = Field(
        None, description="What becomes of a quantity that is not in stock."
    )


class OrderTerms(Terms):
    """How we decide on this partner's orders before the ERP does."""

    price_tolerance_percent: Number = Field(
        Decimal(0), ge=0, description="Accepted difference to the ERP's list price, in percent."
    )
    price_difference: PriceDifference = Field(
        "hold",
        description="What a greater difference leads to; our price: the line is accepted at the ERP's list price, the 855 "
        "says so (IP), and the ERP and the invoice have that price. In a change of an order it is held.",
    )
    unknown_item: Literal["hold", "reject"] = Field("reject", description="What an item the ERP does not know leads to.")
    credit_exceeded: Literal["hold", "accept"] = Field("hold", description="What an order above the credit limit leads to.")
    minimum_order: Number | None = Field(None, ge=0, description="Least total of an order, in its currency; none: any total.")
    credit_limit: Number | None = Field(
        None, ge=0, description="Our own limit, where the ERP names none: what is open with us of all orders counts against it."
    )
    payment: PaymentTerms | None = Field(None, description="The contract's terms of payment; none: an order's are not looked at.")
    payment_differs: Literal["hold", "accept"] = Field(
        "hold", description="What terms of an order that are better for the buyer than the contract's lead to."
    )
    pack_differs: Literal["hold", "reject", "accept"] = Field(
        "hold", description="What a case of another size (PO401) than the ERP's item has leads to."
    )
    stock_no_older_than: Duration | None = Field(
        None,
        description="The age from which what the ERP says of stock and price is for a person to look at; none: any age will do.",
    )
    blocked_item: Literal["hold", "reject"] = Field("hold", description="What an item blocked for sale leads to.")
    short_stock: Literal["backorder", "reject", "hold"] = Field(
        "backorder", description="What becomes of a quantity that is not in stock."
    )
    stores_differ: Literal["hold", "accept"] = Field(
        "hold", description="What a line leads to whose quantity is not the sum of what its stores are to get (SDQ)."
    )
    ship_window_missed: Literal["hold", "accept"] = Field("hold", description="What an order past its last day to ship leads to.")
    partly_refused: Literal["accept", "hold", "reject"] = Field(
        "accept", description="What an order leads to of which only some lines are refused; accept: the rest of it goes on."
    )
    approvers: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="Rule → who may approve what it holds, by login: {credit: [anna], any: [ben]}; none: anybody.",
    )
    over_shipment_percent: Number = Field(Decimal(0), ge=0, description="How much more than ordered they take, in percent.")
    items: dict[str, ItemTerms] = Field(
        default_factory=dict,
        description='Item, by any id the buyer names it by → what differs for it: {"000044013": {price_difference: hold}}.',
    )

    def of_item(self, ids: Iterable[str]) -> Self:
        """The terms for a line whose item has these ids; the first of them that is among ``items`` counts."""
        found = next((self.items[id] for id in ids if id in self.items), None)
        return self.model_copy(update=found.model_dump(exclude_none=True)) if found else self

    def asking_of_prices(self) -> Self:
        """The same where nothing may be answered at our own price: a person is asked."""
        if self.price_difference != "our price" and not any(one.price_difference == "our price" for one in self.items.values()):
            return self
        held = {"price_difference": "hold"}
        items = {
            id: one.model_copy(update=held) if one.price_difference == "our price" else one for id, one in self.items.items()
        }
        return self.model_copy(update={"items": items} | (held if self.price_difference == "our price" else {}))


class ChangeTerms(Terms):
    """How we take changes of this partner's orders (860)."""

    answered_by: Literal["855", "865", "none"] = Field(
        "855", description="What answers a change: an 855 that says the whole order anew, an 865, or nothing."
    )
    quantities: Literal["total", "difference"] = Field(
        "total", description="What POC03 says of more or fewer: how many are wanted from now on, or by how many it differs."
    )
    answered_within: Duration | None = Field(
        timedelta(hours=24), description="Deadline of that answer, from bytes on record; none: there is none."
    )
    answered_counted_in: CountedIn = Field("hours", description="What that deadline counts.")
    wait: Duration = Field(
        timedelta(hours=24),
        description="How long a change waits for its order, or for the change before it, before a person looks.",
    )


LineWord: TypeAlias = Literal[
    "accepted", "backordered", "rejected", "quantity changed", "price changed", "date changed", "substituted"
]


class AnswerWords(Terms):
    """How an 855 says what was decided, where a partner takes other codes than the usual ones."""

    accepted: Literal["AD", "AT", "AK", "AC"] = Field("AD", description="BAK02 of an order accepted as sent, with its lines.")
    accepted_in_short: Literal["AD", "AT", "AK"] = Field("AD", description="BAK02 of the same without its lines.")
    changed: Literal["AC", "AE"] = Field("AC", description="BAK02 of an order accepted with changes.")
    rejected: Literal["RD", "RJ"] = Field("RD", description="BAK02 of an order rejected.")
    partly: Literal["accepted", "quantity changed"] = Field(
        "accepted", description="What is said of the part of a line that comes when the rest does not: accepted (IA), or IQ."
    )
    rest: Literal["said", "left out"] = Field(
        "said", description="Whether the rejected rest of such a line is said beside its IQ, or left out."
    )
    instead: dict[LineWord, LineWord] = Field(
        default_factory=dict,
        description="What is decided of a line where they do not take a code, word by word: {backordered: rejected}. "
        "Words: accepted (IA), backordered (IB), rejected (IR), quantity changed (IQ), price changed (IP), date changed (DR), "
        "substituted (IS).",
    )


class Answers(Terms):
    """Which answers the partner wants, and how."""

    order_acknowledgment: bool = Field(True, description="Whether an 855 is sent.")
    order_acknowledgment_within: Duration = Field(timedelta(hours=24), description="Deadline of the 855, from bytes on record.")
    order_acknowledgment_counted_in: CountedIn = Field("hours", description="What that deadline counts.")
    lines: Literal["always", "changes"] = Field("always", description="855 with every line, or only when something differs.")
    acknowledgment: AnswerWords = Field(AnswerWords(), description="The codes of the 855.")
    ship_notice: bool = Field(True, description="Whether an 856 is sent.")
    ship_notice_within: Duration | None = Field(
        None, description="Deadline of the 856, from when the ERP says that the goods left; none: there is none."
    )
    ship_notice_counted_in: CountedIn = Field("hours", description="What that deadline counts.")
    ship_notice_structure: Literal[
        "shipment, order, pack, item",
        "shipment, order, tare, pack, item",
        "shipment, order, item, pack",
        "shipment, order, item",
    ] = Field(
        "shipment, order, pack, item",
        description="Levels of the 856: with packs and their SSCC-18, on pallets with labels of their own (tare), each item with "
        "the packs it is in (standard carton), or without packs. The agreement's map writes them.",
    )
    ship_notice_stores: Literal["together", "apart"] = Field(
        "together", description="For an order of many stores (SDQ): one 856 for all, cartons marked for their store; or one each."
    )
    invoice: bool = Field(True, description="Whether an 810 is sent.")
    invoice_within: Duration | None = Field(
        None, description="Deadline of the 810, from when the ERP says that the goods left; none: there is none."
    )
    invoice_counted_in: CountedIn = Field("hours", description="What that deadline counts.")
    invoice_after_ship_notice: bool = Field(True, description="R20: no 810 before its 856.")
    invoice_charges: Literal["none", "in proportion"] = Field(
        "none",
        description="Whether invoices take over the order's allowances and charges (SAC), by the share of the order billed.",
    )
