"""What the bank says, read from BAI2 and CSV."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from edi_gateway.errors import Collected, WrongInput
from edi_gateway.order_to_cash.cash.bank import read_any, read_bai2, read_csv
from edi_gateway.order_to_cash.cash.outcome import Application, Deposit
from edi_gateway.order_to_cash.cash.settlement import settle

BAI2 = """\
01,BANK01,LARCH,260112,0600,1,80,,2/
02,LARCH,BANK01,1,260112,,USD,2/
03,4711,USD,010,500000,,,100,1500125,2,/
16,142,1250075,0,BREF1,TRACE77,NORTHWIND PAYMENT/
16,165,250050,S,250050,0,0,BREF2,,TRN*1*TRACE78*1234567890
88,SECOND LINE OF TEXT, WITH A COMMA
16,475,100,0,,CHECK99,A CHECK PAID/
49,3500350,6/
98,3500350,1,8/
99,3500350,1,10/
"""


def test_credits_are_read_with_every_number_they_carry() -> None:
    first, second = read_bai2(BAI2.encode())
    assert first[:4] == (date(2026, 1, 12), Decimal("12500.75"), "ACH", ("TRACE77", "BREF1"))
    assert second[:4] == (date(2026, 1, 12), Decimal("2500.50"), "ACH", ("TRACE78", "BREF2"))
    assert second.text.endswith("SECOND LINE OF TEXT, WITH A COMMA")
    assert second.where == "line 5"


def test_a_currency_without_cents_has_none() -> None:
    yen = BAI2.replace("03,4711,USD", "03,4711,JPY")
    assert read_bai2(yen.encode())[0].amount == Decimal(1250075)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("49,3500350,6/", "49,3500351,6/", "line 8: the account (49) says a total of 3500351, its records come to 3500350"),
        ("49,3500350,6/", "49,3500350,7/", "line 8: the account (49) says 7 records, there are 6"),
        ("98,3500350,1,8/", "98,3500350,1,9/", "line 9: the group (98) says 9 records, there are 8"),
        ("99,3500350,1,10/\n", "", "no file trailer (99)"),
        ("16,142,1250075", "16,142,12500.75", "line 4: '12500.75' is no amount or count"),
        ("260112,,USD", "261312,,USD", "line 2: '261312' is no date"),
        ("1,260112,,USD", "3,260112,,USD", "group status 3"),
        ("01,BANK01", "77,BANK01", "line 1: '77' is no record of BAI2"),
        ("NORTHWIND", "N\u00d6RTHWIND", "is not ASCII"),
    ],
)
def test_a_file_that_does_not_hold_together_is_refused_whole(old: str, new: str, said: str) -> None:
    assert old in BAI2
    with pytest.raises(WrongInput) as refused:
        read_bai2(BAI2.replace(old, new).encode())
    assert said in str(refused.value)


def test_an_entry_is_in_the_currency_of_its_account_or_else_of_its_group() -> None:
    assert {entry.currency for entry in read_bai2(BAI2.replace("03,4711,USD", "03,4711,CAD").encode())} == {"CAD"}
    assert {entry.currency for entry in read_bai2(BAI2.replace("03,4711,USD", "03,4711,").encode())} == {"USD"}


def test_an_entry_of_a_bai2_file_that_names_no_currency_is_in_american_dollars() -> None:
    silent = BAI2.replace("03,4711,USD", "03,4711,").replace("260112,,USD", "260112,,")
    first = read_bai2(silent.encode())[0]
    assert (first.currency, first.amount) == ("USD", Decimal("12500.75"))
    came = Deposit(trace="TRACE77", amount=first.amount, on=first.on, currency=first.currency)
    for currency, is_it in (("USD", True), ("CAD", False), ("", True)):
        remitted = Application(remittance="R1", trace="TRACE77", amount=first.amount, currency=currency)
        assert settle(remitted, came).agreed == is_it


def test_a_csv_may_name_the_currency() -> None:
    first, second = read_csv(b"on,trace,amount,currency\n2026-01-12,T1,5,CAD\n2026-01-12,T2,5,\n", "bank.csv")
    assert (first.currency, second.currency) == ("CAD", "")


def test_a_csv_names_trace_amount_and_day() -> None:
    (entry,) = read_csv(b"on,trace,amount\n2026-01-12,TRACE77,12500.75\n", "bank.csv")
    assert entry[:4] == (date(2026, 1, 12), Decimal("12500.75"), "ACH", ("TRACE77",))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"trace,amount\nT,1\n", "bank.csv:1: the column 'on' is missing"),
        (b"trace,amount,on\nT,much,2026-01-12\n", "bank.csv:2, column amount: 'much' is no number"),
        (b"trace,amount,on\nT,-5,2026-01-12\n", "bank.csv:2, column amount: '-5' is not above nothing"),
        (b"trace,amount,on\nT,5,12.1.2026\n", "bank.csv:2, column on: '12.1.2026' is no date"),
        (b"trace,amount,on,currency\nT,5,2026-01-12,US$\n", "bank.csv:2, column currency: 'US$' is no currency"),
        (b"trace,amount,on\n,5,2026-01-12\n", "bank.csv:2, column trace: is empty"),
    ],
)
def test_a_csv_says_where_it_is_wrong(body: bytes, said: str) -> None:
    with pytest.raises(WrongInput) as refused:
        read_csv(body, "bank.csv")
    assert said in str(refused.value)


@pytest.mark.parametrize("amount", ["0", "-5", "888.004", "NaN", "1e30", "much"])
def test_what_no_bank_books_is_no_amount(amount: str) -> None:
    with pytest.raises(Collected, match=re.escape(f"'{amount}'")):
        read_any(f"trace,amount,on\nT1,{amount},2026-11-18\n".encode())
