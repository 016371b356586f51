from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest

from edi_gateway import log
from edi_gateway.store.chain import has_its_details
from edi_gateway.store.database import Database


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    lines = io.StringIO()
    log.configure("info", "json", lines)
    yield lines
    log.configure("error")


def test_every_event_is_a_line_of_the_log_with_partner_and_control_number(store: Database, logged: io.StringIO) -> None:
    with store.write() as unit:
        unit.events.tell("set.sent", "transaction:7", "855 4711 sent", partner="northwind", control_number="000000012")
    line = json.loads(logged.getvalue().splitlines()[-1])
    assert (line["event"], line["partner"], line["control_number"]) == ("855 4711 sent", "northwind", "000000012")


@pytest.mark.parametrize(
    ("kind", "level"),
    [
        *((grave, "warning") for grave in ("flow.held", "flow.dead", "lane.down", "engine.died", "alert.opened", "clock.back")),
        ("acknowledgment.overdue", "warning"),
        ("answer.owed_overdue", "warning"),
        ("lane.up", "info"),
        ("set.sent", "info"),
    ],
)
def test_what_somebody_has_to_look_at_is_a_warning_in_the_log_and_nothing_else_is(
    store: Database, logged: io.StringIO, kind: str, level: str
) -> None:
    with store.write() as unit:
        unit.events.tell(kind, "test:1", "it happened")
    assert json.loads(logged.getvalue().splitlines()[-1])["level"] == level


def test_what_is_told_of_a_partner_s_words_can_always_be_written(store: Database) -> None:
    said = "1" * 30 + "\0 \udcfc ü"
    with store.write() as unit:
        unit.events.tell("acknowledgment.orphan", "partner:northwind", said, control_number=said, actor=said * 9)
    with store.read() as unit:
        (told,) = unit.events.about("partner:northwind")
    assert (told.control_number, told.text) == ("1" * 20, "1" * 30 + "\N{SYMBOL FOR NULL} \\udcfc ü")
    assert has_its_details(told)
