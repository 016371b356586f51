"""Charges of a payer that lie on no invoice: a debit we do not know, money taken back, an adjustment outside the items.

They came off the money, so that as much of the remittance's invoices did not come: it is held back of those the charge names, by
their size; else of the largest, so that few invoices stay open for it. There it is a claim, until a person has decided.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

from edi_gateway.order_to_cash.cash.outcome import Application, AppliedItem, Question, is_charge
from edi_gateway.order_to_cash.money import shares, total
from edi_gateway.order_to_cash.receivable import Claim


class Moved(NamedTuple):
    """The application without the claims of a question, and how much of them is not claimed, but deducted or paid now."""

    application: Application
    amount: Decimal


def with_charges(application: Application) -> Application:
    """The application with every charge of it held back; its question says of which invoices."""
    for place, question in enumerate(application.questions, start=1):
        if is_charge(question):
            application = _said(_held_back(application, place, -question.amount), place)
    return application


def claimed_by(application: Application, place: int) -> dict[str, Decimal]:
    """What the question at a place (from 1) claims, by invoice."""
    found: dict[str, Decimal] = {}
    for item in application.applied:
        if mine := _claims(item, place):
            found[item.invoice] = found.get(item.invoice, Decimal(0)) + mine
    return found


def decided(application: Application, place: int, to: Literal["deducted", "net", ""], left: Mapping[str, Decimal]) -> Moved:
    """The claims of a question as ``deducted`` now that they were accepted, as paid (``net``), or as nothing.

    ``left`` is what is left of each invoice: what a later payment or a credit note answered is not closed once more.
    """
    rooms, moved, items = dict(left), Decimal(0), []
    for item in application.applied:
        part = min(_claims(item, place), max(rooms.get(item.invoice, Decimal(0)), Decimal(0))) if to else Decimal(0)
        rooms[item.invoice] = rooms.get(item.invoice, Decimal(0)) - part
        moved += part
        payment = item.payment
        claims = tuple(claim for claim in payment.claims if claim.question != place)
        more = {to: getattr(payment, to) + part} if part else {}
        items.append(msgspec.structs.replace(item, payment=msgspec.structs.replace(payment, claims=claims, **more)))
    return Moved(msgspec.structs.replace(application, applied=tuple(items)), moved)


def balanced(application: Application, undecided: Collection[int]) -> Application:
    """The application with no more on its invoices than came: a charge that found none of them takes off what is assigned later.

    ``undecided`` are the places of questions nobody has decided; what was accepted before is deducted at once.
    """
    for place in sorted(undecided):
        if is_charge(question := application.questions[place - 1]):
            rest = -question.amount - total(list(claimed_by(application, place).values()))
            application = _held_back(application, place, min(rest, _too_much(application)))
    over = _too_much(application)
    parts = _parts(application.applied, over, ())
    items = tuple(_deducted(item, part) for item, part in zip(application.applied, parts, strict=True))
    return msgspec.structs.replace(application, applied=items, unapplied=application.unapplied + total(parts))


def _too_much(application: Application) -> Decimal:
    return max(application.applied_amount - application.amount, Decimal(0))


def _held_back(application: Application, place: int, amount: Decimal) -> Application:
    question = application.questions[place - 1]
    parts = _parts(application.applied, amount, question.suggestions)
    items = tuple(_claimed(item, place, part) for item, part in zip(application.applied, parts, strict=True))
    lies = "adjusted" if question.kind == "adjustment" else "unapplied"
    return msgspec.structs.replace(application, applied=items, **{lies: getattr(application, lies) + total(parts)})


def _parts(items: Collection[AppliedItem], amount: Decimal, named: Collection[str]) -> list[Decimal]:
    """``amount`` over the items, of none more than it pays."""
    nets = [max(item.payment.net, Decimal(0)) for item in items]
    of_named = [net if item.invoice in named else Decimal(0) for item, net in zip(items, nets, strict=True)]
    parts = list(shares(min(amount, total(of_named)), of_named))
    rest = amount - total(parts)
    for place in sorted(range(len(nets)), key=lambda place: -nets[place]):
        more = min(nets[place] - parts[place], rest)
        parts[place] += more
        rest -= more
    return parts


def _claims(item: AppliedItem, place: int) -> Decimal:
    return total([claim.amount for claim in item.payment.claims if claim.question == place])


def _claimed(item: AppliedItem, place: int, part: Decimal) -> AppliedItem:
    payment = item.payment
    claims = (*payment.claims, Claim(question=place, amount=part))
    return _paying(item, net=payment.net - part, claims=claims) if part else item


def _deducted(item: AppliedItem, part: Decimal) -> AppliedItem:
    return _paying(item, net=item.payment.net - part, deducted=item.payment.deducted + part) if part else item


def _paying(item: AppliedItem, **changed: object) -> AppliedItem:
    return msgspec.structs.replace(item, payment=msgspec.structs.replace(item.payment, **changed))


def _said(application: Application, place: int) -> Application:
    """Its question with the invoices it is held back of."""
    borne = claimed_by(application, place)
    if not borne:
        return application
    said = f"open until it is decided: {_listed(f'{amount} of invoice {invoice}' for invoice, amount in borne.items())}"
    questions = list(application.questions)
    questions[place - 1] = _also(questions[place - 1], said)
    return msgspec.structs.replace(application, questions=tuple(questions))


def _also(question: Question, said: str) -> Question:
    return msgspec.structs.replace(question, message=f"{question.message}; {said}")


def _listed(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
