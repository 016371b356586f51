"""A payer who knows what it pays: remittances with the truth behind each item, written without a look at how they are matched.

Each remittance is one of the things payers do. ``truth`` says for every item which invoice the money really is for; None where
it is for none of ours. What a payer writes about it may be wrong, short, doubled or silent; the truth never is.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from edi_gateway.documents.base import Terms
from edi_gateway.documents.party import Party
from edi_gateway.documents.remittance import Remittance, RemittanceAdjustment, RemittanceItem

CENT = Decimal("0.01")
START = date(2026, 1, 5)
HABITS = {
    "by invoice": 30,
    "by invoice, with its gross": 12,
    "discount in time": 10,
    "discount too late": 5,
    "by order, one invoice": 7,
    "by order, several invoices": 5,
    "by order, another invoice's amount short": 4,
    "deduction": 8,
    "short": 5,
    "too much": 3,
    "number mistyped into nothing": 4,
    "number mistyped into another of ours": 4,
    "leading zeros dropped": 3,
    "somebody else's invoice": 3,
    "money taken back": 3,
    "the same again": 4,
    "off by a cent": 4,
    "no trace": 2,
    "a debit": 2,
    "another currency": 2,
    "prenotification": 2,
    "effective next month": 3,
    "credit note taken": 6,
    "credit note without a sign": 4,
    "credit note by its invoice's number": 4,
    "credit note in an ADX of its invoice": 3,
    "credit note in an ADX of another invoice": 3,
    "credit note in an ADX outside": 3,
    "credit note taken with another invoice": 4,
    "credit note of an invoice paid before": 4,
    "credit note taken silently": 4,
    "credit note with another amount": 4,
    "another credit note's number": 3,
    "credit note added to the payment": 2,
    "credit note taken silently, and again": 3,
    "credit note taken twice": 3,
    "credit note left alone": 3,
}


@dataclass(frozen=True)
class Billed:
    """An invoice as the payer has it in its books."""

    number: str
    order: str
    amount: Decimal
    on: date
    terms: Terms | None
    credited: tuple[str, Decimal] | None = None
    paid_before: Decimal = Decimal(0)


@dataclass
class Told:
    """A remittance, what the payer was about, and the invoice each of its items is really for."""

    remittance: Remittance
    habit: str
    truth: list[str | None]
    aside: str = ""  # the invoice whose credit note is taken under an item of another one


@dataclass
class Payer:
    """Pays invoices one habit after the other; ``billed`` is everything it was ever billed."""

    seed: int
    billed: list[Billed] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._serial = 0
        self._earlier: list[Told] = []

    def remits(self, count: int) -> list[Told]:
        """So many remittances, each about invoices of its own."""
        habits = self._random.choices(list(HABITS), weights=list(HABITS.values()), k=count)
        for number, habit in enumerate(HABITS):  # each at least once
            habits[number] = habit
        told = []
        for habit in habits:
            told.append(self._tells(habit))
            if habit not in ("the same again", "prenotification"):
                self._earlier.append(told[-1])
        return told

    # -- what it was billed ----------------------------------------------------------------------

    def _credited(self, paid_before: str = "") -> Billed:
        """An invoice with a credit note; paid before in full as it was billed, or without what the credit note takes off."""
        one = self._invoice()
        self.billed.remove(one)
        off = (one.amount * self._random.randrange(5, 60) / 100).quantize(CENT)
        before = {"": Decimal(0), "as billed": one.amount, "less": one.amount - off}[paid_before]
        made = replace(one, terms=None, credited=(f"K{one.number}", off), paid_before=before)
        self.billed.append(made)
        return made

    def _invoice(self, order: str = "", amount: Decimal | None = None) -> Billed:
        self._serial += 1
        cents = self._random.randrange(2_000, 900_000)
        terms = Terms(discount_percent=Decimal(2), discount_days=10, net_days=30) if self._random.random() < 0.5 else None
        made = Billed(
            number=f"000{700_000 + self._serial * 7}",
            order=order or f"PO{4000 + self._serial}",
            amount=amount or Decimal(cents) / 100,
            on=START + timedelta(days=self._random.randrange(5)),
            terms=terms,
        )
        self.billed.append(made)
        return made

    # -- what it tells ---------------------------------------------------------------------------

    def _tells(self, habit: str) -> Told:
        if habit == "the same again":
            if not self._earlier:
                return self._tells("by invoice")
            again = self._random.choice(self._earlier)
            return Told(again.remittance, habit, again.truth)
        self._serial += 1
        items, truth, more = self._credits(habit) if "credit note" in habit else self._items(habit)
        outside = more.pop("outside", ())
        amount = sum((item.paid for item in items), sum((each.amount for each in outside), Decimal(0)))
        fields: dict[str, object] = {
            "amount": amount + (CENT if habit == "off by a cent" else 0),
            "trace": "" if habit == "no trace" else f"TRN{90_000 + self._serial}",
            "currency": "USD",
            "effective_on": START + timedelta(days=9),
            "payer": Party(role="PR", name="Northwind", id="NWB"),
            "items": tuple(items),
            "adjustments": outside,
            **more,
        }
        aside = str(fields.pop("aside", ""))
        return Told(Remittance(**fields), habit, truth, aside)  # type: ignore[arg-type]

    def _items(self, habit: str) -> tuple[list[RemittanceItem], list[str | None], dict[str, object]]:
        one = self._invoice()
        match habit:
            case "by invoice":
                many = [one, *(self._invoice() for _ in range(self._random.randrange(5)))]
                return [_item(each, each.amount) for each in many], [each.number for each in many], {}
            case "by invoice, with its gross":
                return [_item(one, one.amount, gross=one.amount, order_number=one.order)], [one.number], {}
            case "discount in time" | "discount too late":
                off = (one.amount * 2 / 100).quantize(CENT)
                days = 9 if habit == "discount in time" else 60
                more: dict[str, object] = {"effective_on": START + timedelta(days=days)}
                return [_item(one, one.amount - off, gross=one.amount, discount=off)], [one.number], more
            case "by order, one invoice":
                return [_of_order(one, one.amount)], [one.number], {}
            case "by order, several invoices":
                self._invoice(order=one.order)
                return [_of_order(one, one.amount)], [one.number], {}
            case "by order, another invoice's amount short":
                smaller = self._invoice(order=one.order, amount=one.amount - Decimal(5))
                return [_of_order(one, smaller.amount)], [one.number], {}
            case "deduction":
                held = Decimal(self._random.randrange(100, 1500)) / 100
                taken = RemittanceAdjustment(amount=-held, reason=self._random.choice(["01", "07", "59", "TD"]))
                paid = one.amount - held
                return [_item(one, paid, gross=one.amount, adjustments=(taken,))], [one.number], {}
            case "short":
                return [_item(one, one.amount - Decimal("7.77"))], [one.number], {}
            case "too much":
                return [_item(one, one.amount + Decimal("3.33"))], [one.number], {}
            case "number mistyped into nothing":
                return [_item(one, one.amount, reference=f"9{one.number[1:]}")], [one.number], {}
            case "number mistyped into another of ours":
                other = self._invoice()
                wrong = _item(one, one.amount, reference=other.number, gross=one.amount, order_number=one.order)
                return [wrong], [one.number], {}
            case "leading zeros dropped":
                return [_item(one, one.amount, reference=one.number.lstrip("0"))], [one.number], {}
            case "somebody else's invoice":
                return [RemittanceItem(qualifier="IV", reference=f"ZX-{self._serial}", paid=Decimal("55.00"))], [None], {}
            case "money taken back":
                kept = self._invoice()
                back = _item(kept, Decimal("-12.00"))
                return [_item(one, one.amount), back], [one.number, None], {}
            case "another currency":
                return [_item(one, one.amount)], [None], {"currency": "CAD"}
            case "a debit":
                return [_item(one, one.amount)], [None], {"credit_or_debit": "D"}
            case "prenotification":
                return [], [], {"handling": "prenotification"}
            case "effective next month":
                return [_item(one, one.amount)], [one.number], {"effective_on": START + timedelta(days=40)}
        return [_item(one, one.amount)], [one.number], {}  # off by a cent, no trace: what is wrong stands around the item

    def _credits(self, habit: str) -> tuple[list[RemittanceItem], list[str | None], dict[str, object]]:
        """What it does with credit notes: the truth of what one takes off is the invoice that it was given for."""
        before = {"credit note of an invoice paid before": "as billed", "credit note taken silently, and again": "less"}
        one = self._credited(before.get(habit, ""))
        number, off = one.credited or ("", Decimal(0))
        paid, taken = _item(one, one.amount), _item(one, -off, reference=number, qualifier="CL")
        other = self._invoice()
        match habit:
            case "credit note taken":
                items = [paid, taken] if self._random.random() < 0.5 else [taken, paid]
                return items, [one.number, one.number], {}
            case "credit note without a sign":
                return [paid, _item(one, off, reference=number)], [one.number] * 2, {"amount": one.amount - off}
            case "credit note by its invoice's number":
                return [_item(one, one.amount, gross=one.amount), _item(one, -off)], [one.number] * 2, {}
            case "credit note in an ADX of its invoice":
                inside = RemittanceAdjustment(amount=-off, reason="CS", qualifier="CM", reference=number)
                return [_item(one, one.amount - off, gross=one.amount, adjustments=(inside,))], [one.number], {}
            case "credit note in an ADX of another invoice":
                larger = self._invoice(amount=one.amount)
                inside = RemittanceAdjustment(amount=-off, reason="CS", qualifier="CM", reference=number)
                return [_item(larger, larger.amount - off, adjustments=(inside,))], [larger.number], {"aside": one.number}
            case "credit note in an ADX outside":
                outside = (RemittanceAdjustment(amount=-off, reason="CS", qualifier="CM", reference=number),)
                return [paid], [one.number, one.number], {"outside": outside}
            case "credit note taken with another invoice" | "credit note of an invoice paid before":
                return [_item(other, other.amount), taken], [other.number, one.number], {}
            case "credit note taken silently":
                return [_item(one, one.amount - off)], [one.number], {}
            case "credit note with another amount":
                return [paid, _item(one, -off - CENT, reference=number)], [one.number, one.number], {}
            case "another credit note's number":
                wrong = self._credited()
                return [paid, _item(one, -off, reference=(wrong.credited or ("",))[0])], [one.number, one.number], {}
            case "credit note added to the payment":
                return [paid, _item(one, off, reference=number)], [one.number, None], {}
            case "credit note taken silently, and again":
                return [_item(other, other.amount), taken], [other.number, None], {}
            case "credit note taken twice":
                return [paid, taken, taken], [one.number, one.number, None], {}
        return [paid], [one.number], {}  # left alone: it pays what was billed, as if there were no credit note


def _item(billed: Billed, paid: Decimal, reference: str = "", **more: object) -> RemittanceItem:
    fields: dict[str, object] = {"qualifier": "IV", "reference": reference or billed.number, "paid": paid, **more}
    return RemittanceItem(**fields)  # type: ignore[arg-type]


def _of_order(billed: Billed, paid: Decimal) -> RemittanceItem:
    return RemittanceItem(qualifier="PO", reference=billed.order, paid=paid)
