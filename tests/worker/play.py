"""Two days of one partner in a few steps, played on a data folder, and gone on with after a crash."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import sqlalchemy as sa
from desk import NOON, Desk
from partner_says import accepts, northwind, order, rejects, remittance

from edi_gateway.clock import MovableClock
from edi_gateway.store.tables import metadata

_ORDERS = northwind(1, order("PO-1"), order("PO-2", quantity=12), asks=True)

SCRIPT: tuple[tuple[float, dict[str, bytes]], ...] = (
    (0, {"orders.edi": _ORDERS}),  # answered; decided minutes later
    (1, {"orders-again.edi": _ORDERS}),
    (5, {"answers.edi": northwind(2, accepts("PR", 1, "855"), accepts("PR", 2, "855"))}),  # shipped
    (7, {"remittance.edi": northwind(3, remittance("NW-1", ("00090001", "888")))}),  # billed
    (36, {}),  # what is not answered by now is overdue
    (37, {"late-answers.edi": northwind(4, accepts("SH", 1, "856"), rejects("SH", 2, "856"), accepts("IN", 1, "810"))}),
)
"""By the hour: what Northwind puts into its inbox, and what is worth waiting for."""


def prepare(folder: Path) -> None:
    """Lays out what will be dropped; a file that is gone from here has been."""
    (folder / "to-drop").mkdir(parents=True)
    for _, files in SCRIPT:
        for name, body in files.items():
            (folder / "to-drop" / name).write_bytes(body)


def clock_of(folder: Path) -> MovableClock:
    """The clock where the last one on this folder stood."""
    kept = folder / "clock"
    return MovableClock(datetime.fromisoformat(kept.read_text()) if kept.exists() else NOON)


def play(desk: Desk, folder: Path) -> None:
    """Goes through the script, or on with it."""
    for hour, files in SCRIPT:
        _move_to(desk, folder, NOON + timedelta(hours=hour))
        for name in files:
            prepared = folder / "to-drop" / name
            if prepared.exists():
                prepared.rename(folder / "mailboxes/northwind/inbox" / name)
        _settle(desk, folder)


def _settle(desk: Desk, folder: Path) -> None:
    """Runs what is due, and after a short pause what failed."""
    desk.run()
    while soon := [flow.due_at for flow in desk.flows("ready") if _is_soon(flow.due_at - desk.clock.now())]:
        _move_to(desk, folder, min(soon))
        desk.run()
    _move_to(desk, folder, desk.clock.now() + timedelta(minutes=10))
    desk.run()


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
        "file": Counter(f"{one.partner}/{_text(one.name)}: {_without_times(one.body)}" for one in desk.sent()),
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
    "erp_event": ("connector", "event"),
    "event": ("kind", "partner", "control_number", "text"),
}  # fmt: skip


def _rows(connection: sa.Connection, table: str, columns: Iterable[str]) -> Counter[str]:
    query = sa.select(*(metadata.tables[table].c[column] for column in columns))
    if table == "attempt":
        query = query.where(metadata.tables[table].c.outcome != "failed")  # one that was cut short is tried again
    return Counter(" | ".join(map(_text, row)) for row in connection.execute(query))


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return re.sub(r"[0-9a-f]{32}|(?<=_again)\d+", "#", str(value))


def _without_times(body: bytes) -> str:
    text = body.decode("latin-1")
    text = re.sub(r"^(ISA.{67})\d{6}.\d{4}", r"\1", text)
    text = re.sub(r"(GS\*\w+\*\w+\*\w+)\*\d{8}\*\d{4}", r"\1", text)
    return re.sub(r"(BSN\*00\*[\w-]+\*\d{8})\*\d{4,8}", r"\1", text)
