"""What the bank says: deposits from a BAI2 file (ANSI X9.121, formerly the BAI's Cash Management Balance Reporting) or a CSV.

A bank entry carries several numbers that may be the remittance's trace: the customer's and the bank's reference, and what stands
in its text (``TRN*1*TRACE``, as an ACH addendum has it). Which it is, is known only beside the remittances.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from edi_gateway.errors import WrongInput
from edi_gateway.order_to_cash.money import CENT
from edi_gateway.plaincsv import Row, a_day, a_number_above_nothing, read_table

LARGEST = Decimal("9999999999.99")  # of one entry

_METHODS = {"142": "ACH", "165": "ACH", "166": "ACH", "167": "ACH", "169": "ACH", "195": "FWT", "206": "FWT", "208": "FWT"}
_CHECKS = {"115", "116", "171", "172", "173", "174", "175", "301", "306"}
_DEFAULT_CURRENCY = "USD"
_NO_DECIMALS = {"JPY", "KRW", "CLP", "ISK", "XAF", "XOF"}
_TRACE_IN_TEXT = re.compile(r"\bTRN\*\d\*([^*~\\/\s]+)")
_FUNDS_WITH_MORE = {"S": 3, "V": 2}  # fields behind a funds type: availability in days, or a value date and time


class BankEntry(NamedTuple):
    """Money that came: the day, how much, how, and every number it carries, the likeliest first; ``where`` is its line.

    ``currency`` is that of the account; empty where a CSV does not say.
    """

    on: date
    amount: Decimal
    method: str
    references: tuple[str, ...]
    text: str = ""
    where: str = ""
    currency: str = ""


def read_any(body: bytes, file: str = "the file") -> list[BankEntry]:
    """The entries of a bank's file, BAI2 or CSV, by how it begins; ``file`` is what mistakes call it."""
    if not body.lstrip().startswith(b"01,"):
        return read_csv(body, file)
    try:
        return read_bai2(body)
    except WrongInput as error:
        raise WrongInput(error.what, where=f"{file}, {error.where}" if error.where else file, do=error.do) from None


def read_csv(body: bytes, file: str) -> list[BankEntry]:
    """Entries of a CSV with columns trace, amount, on and, if wanted, method and currency. Raises Collected with all mistakes."""
    rows, mistakes = read_table(body, file, needed=("trace", "amount", "on"))
    found = [_of_row(row) for row in rows]
    mistakes.raise_if_any()
    return found


def _of_row(row: Row) -> BankEntry:
    """The entry of a row; what is wrong with it is noted there."""
    for column in ("amount", "on"):
        row.needed(column)
    amount, day = row.take("amount", an_amount), row.take("on", a_day)
    trace, currency = row.needed("trace"), row.take("currency", a_currency) or ""
    return BankEntry(day or date.min, amount or Decimal(0), row["method"] or "ACH", (trace,), "", f"line {row.line}", currency)


def an_amount(text: str) -> Decimal:
    """Money that came: above nothing, to the cent, and no more than ``LARGEST``. Raises WrongInput."""
    amount = a_number_above_nothing(text)
    if amount > LARGEST or amount != amount.quantize(CENT):
        raise WrongInput(f"'{text}' is no amount to the cent", do="write it like 1234.50")
    return amount


def a_currency(text: str) -> str:
    """A currency by its three letters (ISO 4217). Raises WrongInput."""
    if not re.fullmatch("[A-Z]{3}", text):
        raise WrongInput(f"'{text}' is no currency", do="write it like USD")
    return text


def read_bai2(body: bytes) -> list[BankEntry]:
    """The credits of a BAI2 file, each in the currency of its account, or else of its group, or else in American dollars.

    Both fields are optional: that of the account identifier (03) defaults to that of the group header (02), and that to USD (Cash
    Management Balance Reporting Specifications, Version 2, BAI 2005). The currency says where an amount has its decimal point.
    Raises WrongInput naming the line, also where totals and counts disagree with the records.
    """
    try:
        text = body.decode("ascii")
    except UnicodeDecodeError as error:
        raise WrongInput(f"is no BAI2 file: byte {error.start} is not ASCII") from None
    reading = _Reading()
    for record in _records(text):
        reading.take(record)
    reading.end()
    return reading.entries


class _Record(NamedTuple):
    """One logical record with its continuations: fields, how many physical lines it took, and the first one's number."""

    code: str
    fields: list[str]
    lines: int
    line: int


def _records(text: str) -> Iterator[_Record]:
    held: _Record | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        code, _, rest = line.rstrip().partition(",")
        if code == "88":
            if held is None:
                raise WrongInput("continues nothing (88)", where=f"line {number}")
            held = held._replace(fields=_joined(held.fields, rest), lines=held.lines + 1)
            continue
        if held:
            yield held
        held = _Record(code, rest.split(","), 1, number)
    if held:
        yield held


def _joined(fields: list[str], rest: str) -> list[str]:
    """A continuation goes on after the slash that ended the line; where text had begun, it goes on with the text."""
    last = fields[-1]
    return (
        [*fields[:-1], *f"{last[:-1]},{rest}".split(",")] if last.endswith("/") else [*fields[:-1], *f"{last} {rest}".split(",")]
    )


class _Reading:
    """What was read so far, and the control totals as they come about."""

    def __init__(self) -> None:
        self.entries: list[BankEntry] = []
        self._day: date | None = None
        self._group_currency = self._currency = _DEFAULT_CURRENCY
        self._account_total = self._group_total = self._file_total = 0
        self._account_lines = self._group_lines = self._file_lines = 0
        self._ended = False

    def take(self, record: _Record) -> None:
        """One record more."""
        for level in ("_account_lines", "_group_lines", "_file_lines"):
            setattr(self, level, getattr(self, level) + record.lines)
        readers = {
            "01": self._file,
            "02": self._group,
            "03": self._account,
            "16": self._detail,
            "49": self._account_end,
            "98": self._group_end,
            "99": self._file_end,
        }
        if record.code not in readers:
            raise WrongInput(f"'{record.code}' is no record of BAI2", where=f"line {record.line}")
        readers[record.code](record)

    def end(self) -> None:
        """Raises WrongInput where the file has no end."""
        if not self._ended:
            raise WrongInput("has no file trailer (99): the file is cut off")

    def _file(self, _record: _Record) -> None:
        self._file_total = 0

    def _group(self, record: _Record) -> None:
        if (status := _field(record, 2)) not in ("", "1"):
            what = f"group status {status} takes something back or is a test; only updates (1) are read"
            raise WrongInput(what, where=f"line {record.line}", do="enter what it changes by hand")
        self._day = _date_of(_field(record, 3), record)
        self._group_currency = _field(record, 5) or _DEFAULT_CURRENCY
        self._group_total, self._group_lines = 0, record.lines

    def _account(self, record: _Record) -> None:
        self._currency = _field(record, 1) or self._group_currency
        self._account_total, self._account_lines = 0, record.lines
        self._account_total += _summaries(record)

    def _detail(self, record: _Record) -> None:
        code, minor = _field(record, 0), _whole(_field(record, 1), record)
        self._account_total += minor
        if not (code.isdigit() and 100 <= int(code) <= 399):
            return
        if self._day is None:
            raise WrongInput("an entry before any group (02)", where=f"line {record.line}")
        after = 3 + _funds(record)
        bank, customer, text = _field(record, after), _field(record, after + 1), ",".join(record.fields[after + 2 :]).rstrip("/")
        named = (*_TRACE_IN_TEXT.findall(text), customer, bank)
        amount = Decimal(minor) if self._currency in _NO_DECIMALS else Decimal(minor) / 100
        method = _METHODS.get(code) or ("CHK" if code in _CHECKS else "")
        references = tuple(dict.fromkeys(reference for reference in named if reference))
        if minor > 0:
            where = f"line {record.line}"
            self.entries.append(BankEntry(self._day, amount, method, references, text, where, self._currency))

    def _account_end(self, record: _Record) -> None:
        _agree(record, self._account_total, self._account_lines, "account (49)")
        self._group_total += _whole(_field(record, 0), record)

    def _group_end(self, record: _Record) -> None:
        _agree(record, self._group_total, self._group_lines, "group (98)", at=2)
        self._file_total += _whole(_field(record, 0), record)

    def _file_end(self, record: _Record) -> None:
        _agree(record, self._file_total, self._file_lines, "file (99)", at=2)
        self._ended = True


def _agree(record: _Record, total: int, lines: int, what: str, at: int = 1) -> None:
    said, counted = _whole(_field(record, 0), record), _whole(_field(record, at), record)
    if said != total:
        raise WrongInput(f"the {what} says a total of {said}, its records come to {total}", where=f"line {record.line}")
    if counted != lines:
        raise WrongInput(f"the {what} says {counted} records, there are {lines}", where=f"line {record.line}")


def _summaries(record: _Record) -> int:
    """The sum of an account record's balances and summaries: type code, amount, count, funds type, again and again."""
    total, at = 0, 2
    while at < len(record.fields):
        amount = _field(record, at + 1)
        total += _whole(amount, record) if amount else 0
        at += 4 + _more(record, at + 3)
    return total


def _funds(record: _Record) -> int:
    """How many fields a detail record's funds type brings along."""
    return _more(record, 2)


def _more(record: _Record, at: int) -> int:
    funds = _field(record, at)
    return 1 + 2 * _whole(_field(record, at + 1), record) if funds == "D" else _FUNDS_WITH_MORE.get(funds, 0)


def _field(record: _Record, at: int) -> str:
    return record.fields[at].removesuffix("/").strip() if at < len(record.fields) else ""


def _whole(text: str, record: _Record) -> int:
    try:
        return int(text or "0")
    except ValueError:
        raise WrongInput(f"'{text}' is no amount or count", where=f"line {record.line}") from None


def _date_of(text: str, record: _Record) -> date:
    try:
        return datetime.strptime(text, "%y%m%d").date()
    except ValueError:
        raise WrongInput(f"'{text}' is no date (YYMMDD)", where=f"line {record.line}") from None
