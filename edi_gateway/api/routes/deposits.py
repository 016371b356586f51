"""Deposits: what came to the bank, entered one by one or by the bank's file. Only that makes an invoice paid."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel, Field

from edi_gateway.api import models
from edi_gateway.api.caller import Caller, Overseer, does
from edi_gateway.api.office import Here
from edi_gateway.api.once import Once
from edi_gateway.api.page import Cursor, Limit, Page, part_of
from edi_gateway.operations.deposit import record_deposit, record_entries, return_deposit
from edi_gateway.order_to_cash.cash.bank import LARGEST, read_any

routes = APIRouter(prefix="/deposits", tags=["deposits"], route_class=Once)

LONGEST = 20 << 20  # bytes of a bank's file


class DepositOut(models.Out):
    """An entry of the bank; ``matched`` is the id of the remittance it is the money of."""

    id: int
    trace: str = Field(examples=["NW-20261117"])
    amount: Decimal = Field(examples=["888.00"])
    on: date
    method: str = Field(examples=["ACH"])
    currency: str = Field(description="Empty where nobody said which.", examples=["USD"])
    matched: str | None


class NewDeposit(BaseModel):
    """``trace`` is what the bank calls it, TRN02 of the remittance; ``on`` the day of the entry.

    ``currency`` is that of the account; without one, the deposit is taken to be in that of its remittance.
    """

    trace: str = Field(min_length=1, max_length=80, examples=["NW-20261117"])
    amount: Decimal = Field(gt=0, le=LARGEST, decimal_places=2, examples=["888.00"])
    on: date
    method: str = Field("ACH", min_length=1, max_length=10, examples=["ACH"])
    currency: str = Field("", pattern="^([A-Z]{3})?$", examples=["USD"])
    partner: str = Field("", max_length=80, description="Whose money it is, where two remitted that amount under one trace.")


class ReturnedDeposit(BaseModel):
    """``trace`` and ``amount`` are those of the deposit, all of it; ``on`` the day it went back: not before it came, nor a day to
    come."""

    trace: str = Field(min_length=1, max_length=80, examples=["NW-20261117"])
    amount: Decimal = Field(gt=0, le=LARGEST, decimal_places=2, examples=["888.00"])
    on: date
    because: str = Field(min_length=1, max_length=1000, description="What the bank says; it is kept.", examples=["R01, no funds"])
    partner: str = Field("", max_length=80, description="Whose money it was, where two remitted that amount under one trace.")


class TakenOut(BaseModel):
    """What came of one entry of a bank's file; an empty trace: it carries no number, and a person has to enter it."""

    trace: str
    amount: Decimal
    on: date
    text: str


@routes.get("", response_model=Page[DepositOut])
def deposits(
    office: Here,
    caller: Overseer,
    unmatched: Annotated[bool, Query(description="Only those no remittance was found for yet.")] = False,
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Any:
    """The bank's entries, the newest first."""
    with office.store.read() as unit:
        return part_of(unit.threads.deposits(unmatched=unmatched), limit, cursor, lambda row: (-row.id,))


@routes.post("", response_model=models.AnswerOut)
def enter(office: Here, caller: Annotated[Caller, does("deposit.enter", whole=True)], new: NewDeposit) -> Any:
    """Enters a deposit: what a remittance promised becomes paid. The same entry twice counts once."""
    said = record_deposit(office.store, **new.model_dump(), by=caller.name)
    return models.AnswerOut(text=said)


@routes.post("/return", response_model=models.AnswerOut)
def take_back(office: Here, caller: Annotated[Caller, does("deposit.enter", whole=True)], back: ReturnedDeposit) -> Any:
    """Enters that the bank took a deposit back (a return, a check that bounced): what it paid is open again."""
    said = return_deposit(office.store, **back.model_dump(), by=caller.name)
    return models.AnswerOut(text=said)


@routes.post("/import", response_model=list[TakenOut])
def import_(
    office: Here,
    caller: Annotated[Caller, does("deposit.enter", whole=True)],
    body: Annotated[bytes, Body(media_type="text/plain", max_length=LONGEST, examples=["trace,amount,on,method"])],
) -> Any:
    """Takes up a bank's file, BAI2 or CSV (trace, amount, on, method, currency): all of it or nothing.

    The same again changes nothing. Where the file names no currency, an entry is in USD (BAI2), or in that of its remittance
    (CSV).
    """
    taken = record_entries(office.store, read_any(body, "the table"), by=caller.name)
    return [TakenOut(trace=each.trace, amount=each.entry.amount, on=each.entry.on, text=each.said) for each in taken]
