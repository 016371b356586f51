from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest

from edi_gateway import log
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
