"""What is outstanding, the most urgent first: cut where a page ends, counted whole."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from desk import NOON

from edi_gateway.clock import MovableClock
from edi_gateway.store.database import Database
from edi_gateway.store.migrate import migrate
from edi_gateway.store.tables import owed
from edi_gateway.views.deadlines import deadlines, most_urgent


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Ours to five orders of two partners, one an hour from an hour ago on."""
    folder = tmp_path_factory.mktemp("deadlines")
    made = Database(f"sqlite:///{folder}/one.sqlite3", MovableClock(NOON), folder)
    migrate(made)
    with made.engine.begin() as connection:
        for each in (4, 2, 0, 1, 3):
            connection.execute(owed.insert().values(_owed(each, NOON + timedelta(hours=each - 1))))
    return made


def _owed(each: int, due: datetime) -> dict[str, object]:
    partner = "harbor" if each % 2 else "northwind"
    about = {"code": "855", "about": f"transaction:{each}", "number": f"PO-{each}"}
    return {"partner": partner, "since": NOON - timedelta(days=1), "due_at": due, **about}


def test_a_page_has_the_most_urgent_and_how_many_there_are_in_all(store: Database) -> None:
    found = most_urgent(store, limit=2)
    assert [row.number for row in found["we"].rows] == ["PO-0", "PO-1"]
    assert found["we"].all == 5
    assert found["they"] == ([], 0)


@pytest.mark.parametrize(("partner", "before", "numbers"), [
    ("", None, ["PO-0", "PO-1", "PO-2", "PO-3", "PO-4"]),
    ("harbor", None, ["PO-1", "PO-3"]),
    ("", NOON, ["PO-0"]),
    ("harbor", NOON + timedelta(hours=1), ["PO-1"]),
])  # fmt: skip
def test_what_is_narrowed_is_counted_as_it_is_listed(
    store: Database, partner: str, before: datetime | None, numbers: list[str]
) -> None:
    assert [row.number for row in deadlines(store, partner, before=before)] == numbers
    urgent = most_urgent(store, partner, before=before, limit=100)["we"]
    assert ([row.number for row in urgent.rows], urgent.all) == (numbers, len(numbers))
