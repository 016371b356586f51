"""The examples of the how-to are connectors that load, and events that are read."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edi_gateway.clock import SystemClock
from edi_gateway.erp.folder import FORMS
from edi_gateway.erp.folder.lookups import Lookups
from edi_gateway.erp.rest import RestErp
from edi_gateway.trading.connector import RestConnector
from edi_gateway.trading.files import read_connector

PAGE = (Path(__file__).parents[2] / "docs/how-to/connect-an-erp.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("text", blocks("yaml"), ids=lambda text: text.split("\n")[0].rpartition("/")[2])
def test_every_connector_shown_loads(tmp_path: Path, text: str) -> None:
    path = tmp_path / "shown.yaml"
    path.write_text(text)
    about = read_connector(path).value
    assert f"name: {about.name}" in text
    if isinstance(about, RestConnector):
        RestErp(about, SystemClock()).close()


def test_the_event_shown_is_read() -> None:
    (text,) = blocks("json")
    (event,) = FORMS["json"].read_events(text.encode(), datetime(2026, 1, 5, tzinfo=UTC))
    assert event.order == "0004711"


@pytest.mark.parametrize("line", blocks("text")[0].splitlines())
def test_the_columns_shown_tell_something(line: str) -> None:
    columns = line.split("  ")[0]
    values = {"status": "accepted", "quantity": "1", "unit_price": "1", "ship_on": "2026-01-05", "why": "price"}
    row = ",".join(values.get(column, "x") for column in columns.split(","))
    assert len(FORMS["csv"].read_events(f"{columns}\n{row}\n".encode(), datetime(2026, 1, 5, tzinfo=UTC))) == 1


def test_the_lookup_files_shown_are_read_and_know_what_they_name(tmp_path: Path) -> None:
    for name, text in zip(("items.csv", "customers.csv"), blocks("csv"), strict=True):
        (tmp_path / name).write_text(text)
    assert Lookups(tmp_path).told().startswith("2 items and 1 customer as of ")
