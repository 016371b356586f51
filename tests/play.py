"""Two days of one partner, from its orders to the bank's entry, played on a data folder and gone on with there after a crash."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import sqlalchemy as sa
from desk import NOON, Desk
from partner_says import accepts, northwind, order, rejects, remittance

from edi_gateway.clock import MovableClock
from edi_gateway.errors import TryAgain
from edi_gateway.operations.deposit import record_deposit
from edi_gateway.store.tables import metadata
from edi_gateway.x12.envelope import Segment

Aside: TypeAlias = Callable[[], AbstractContextManager[object]]
Say: TypeAlias = Callable[[str, int, str], list[Segment]]

_LONG_AGO = (NOON - timedelta(days=2)).timestamp()  # when files were written: nobody takes them for unfinished
_ORDERS = northwind(1, order("PO-1"), order("PO-2", quantity=12), asks=True)


def _answers(control: int, *said: tuple[Say, str, str, str]) -> Callable[[Desk], bytes]:
    """Their 997s for what we sent about orders, under the numbers it came with: (accepts or rejects, set, its group, order)."""

    def written(desk: Desk) -> bytes:
        numbers = [(say, group, _group_sent(desk, code, order_number), code) for say, code, group, order_number in said]
        return northwind(control, *(say(group, number, code) for say, group, number, code in numbers if number))

    return written


def _group_sent(desk: Desk, code: str, order_number: str) -> int:
    """GS06 of the set about an order; 0 where none was sent."""
    where = {"855": ("BAK", 3), "856": ("PRF", 1), "810": ("BIG", 4)}
    tag, place = where[code]
    about = [one for one in desk.sent(code, to="northwind") if one.one(tag)[place] == order_number]
    return int(about[0].one("GS")[6]) if about else 0


SCRIPT: tuple[tuple[float, dict[str, bytes | Callable[[Desk], bytes]]], ...] = (
    (0, {"orders.edi": _ORDERS}),  # answered; decided minutes later
    (1, {"orders-again.edi": _ORDERS}),
    (5, {"answers.edi": _answers(2, (accepts, "855", "PR", "PO-1"), (accepts, "855", "PR", "PO-2"))}),  # shipped
    (7, {"remittance.edi": northwind(3, remittance("NW-1", ("00090001", "888")))}),  # billed
    (8, {}),  # the bank's entry
    (36, {}),  # what is not answered by now is overdue
    (
        37,
        {
            "late-answers.edi": _answers(
                4, (accepts, "856", "SH", "PO-1"), (rejects, "856", "SH", "PO-2"), (accepts, "810", "IN", "PO-1")
            )
        },
    ),
)
"""By the hour: what Northwind puts into its inbox, and what is worth waiting for."""

DEPOSITS = {8: ("NW-1", Decimal("888"))}
"""By the hour: trace and amount of what the bank tells."""


def prepare(folder: Path) -> None:
    """Lays out what will be dropped; a file that is gone from here has been."""
    (folder / "to-drop").mkdir(parents=True)
    for _, files in SCRIPT:
        for name, body in files.items():
            (folder / "to-drop" / name).write_bytes(body if isinstance(body, bytes) else b"to be written")


def clock_of(folder: Path) -> MovableClock:
    """The clock where the last one on this folder stood."""
    kept = folder / "clock"
    return MovableClock(datetime.fromisoformat(kept.read_text()) if kept.exists() else NOON)


def play(desk: Desk, folder: Path, aside: Aside = nullcontext) -> None:
    """Goes through the script, or on with it. What others than the gateway do is done inside an ``aside``."""
    begun = max(step for step, (hour, _) in enumerate(SCRIPT) if NOON + timedelta(hours=hour) <= desk.clock.now())
    for hour, files in SCRIPT[begun:]:
        with aside():
            _move_to(desk, folder, NOON + timedelta(hours=hour))
            for name, body in files.items():
                if (folder / "to-drop" / name).exists():
                    _drop(desk, folder / "to-drop" / name, body)
        if hour in DEPOSITS:
            _tell_deposit(desk, *DEPOSITS[hour])
        _settle(desk, folder, aside)


def _drop(desk: Desk, prepared: Path, body: bytes | Callable[[Desk], bytes]) -> None:
    if not isinstance(body, bytes):
        prepared.write_bytes(body(desk))
    os.utime(prepared, (_LONG_AGO, _LONG_AGO))
    prepared.rename(desk.folder / "mailboxes/northwind/inbox" / prepared.name)


def _tell_deposit(desk: Desk, trace: str, amount: Decimal) -> None:
    """Somebody enters it, and again where the gateway could not take it just then."""
    try:
        record_deposit(desk.store, trace=trace, amount=amount, on=date(2026, 11, 18), method="ACH", by="accounts")
    except TryAgain:
        _tell_deposit(desk, trace, amount)


def _settle(desk: Desk, folder: Path, aside: Aside) -> None:
    """Runs what is due, and after a short pause what failed."""
    desk.run()
    while soon := _soon(desk):
        with aside():
            _move_to(desk, folder, min(soon))
        desk.run()
    with aside():
        _move_to(desk, folder, desk.clock.now() + timedelta(minutes=10))
    desk.run()


def _soon(desk: Desk) -> list[datetime]:
    return [flow.due_at for flow in desk.flows("ready", "attempting") if _is_soon(flow.due_at - desk.clock.now())]


def _is_soon(left: timedelta) -> bool:
    return timedelta() < left < timedelta(minutes=9)


def _move_to(desk: Desk, folder: Path, moment: datetime) -> None:
    if moment > desk.clock.now():
        desk.clock.advance(moment - desk.clock.now())
        (folder / "clock").write_text(desk.clock.now().astimezone(UTC).isoformat())


End: TypeAlias = dict[str, Counter[str]]


def end_state(desk: Desk) -> End:
    """Everything that may not differ, whatever happened on the way: times, random ids and row numbers are left out."""
    with desk.store.engine.connect() as connection:
        tables = {name: _rows(connection, name, columns) for name, columns in _COLUMNS.items()}
    return {
        **tables,
        "file": Counter(f"{one.partner}/{_text(one.name)}: {without_times(one.body)}" for one in desk.sent()),
        "left in an inbox": Counter(path.name for path in desk.folder.glob("mailboxes/*/inbox/**/*") if path.is_file()),
        "ERP": Counter(re.findall(r'"type":"(\w+)"', (desk.folder / "erp/journal.jsonl").read_text())),
        "order the ERP has": Counter(desk.posted()),
    }


def differences(ended: End, should_have: End) -> list[str]:
    """What there is too much and too little of."""
    too_much = [f"too much: {what} {one}" for what, all_ in ended.items() for one in all_ - should_have[what]]
    return too_much + [f"too little: {what} {one}" for what, all_ in should_have.items() for one in all_ - ended[what]]


_COLUMNS = {
    "flow": ("stage", "state", "partner", "tries", "because"),
    "attempt": ("stage", "outcome"),
    "transmission": ("direction", "connection", "name", "state"),
    "interchange": ("direction", "partner", "control_number", "usage", "state", "acknowledgment"),
    "functional_group": ("code", "control_number", "declared", "received", "acknowledgment"),
    "transaction_set": (
        "direction", "code", "control_number", "business_number", "validation", "delivery", "acknowledgment", "partner_findings",
    ),
    "document": ("kind", "direction", "number"),
    "order_thread": ("number", "state", "ordered", "confirmed", "shipped", "billed", "remitted", "paid"),
    "control_counter": ("scope", "n"),
    "deposit": ("trace", "amount", "matched"),
    "erp_event": ("connector", "event"),
    "event": ("kind", "partner", "control_number", "text"),
}  # fmt: skip


def _rows(connection: sa.Connection, table: str, columns: Iterable[str]) -> Counter[str]:
    query = sa.select(*(metadata.tables[table].c[column] for column in columns))
    if table == "attempt":
        query = query.where(metadata.tables[table].c.outcome.not_in(("failed", "not found")))  # tried again
    if table == "event":
        query = query.where(metadata.tables[table].c.kind != "engine.died")  # told of each that was killed
    return Counter(" | ".join(map(_text, row)) for row in connection.execute(query))


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return without_ids(str(value))


def without_ids(text: str) -> str:
    return re.sub(
        r"[0-9a-f]{32}|(?<=_again)\d+|(?<=edi-gateway document correct )\d+|(?<=transmission re-envelope )\d+", "#", text
    )


def without_times(body: bytes) -> str:
    text = body.decode("latin-1")
    text = re.sub(r"^(ISA.{67})\d{6}.\d{4}", r"\1", text)
    text = re.sub(r"(GS\*\w+\*\w+\*\w+)\*\d{8}\*\d{4}", r"\1", text)
    return re.sub(r"(BSN\*00\*[\w-]+\*\d{8})\*\d{4,8}", r"\1", text)
