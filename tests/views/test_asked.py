"""What waits for a second person: page by page, each under the name of what it is about."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from desk import NOON

from edi_gateway.clock import MovableClock
from edi_gateway.store.database import Database
from edi_gateway.store.migrate import migrate
from edi_gateway.store.tables import document, transaction
from edi_gateway.views.asked import asked

_ROW = {"direction": "out", "partner": "northwind", "at": NOON}
_SET = {"code": "810", "release": "004010", "usage": "P", "validation": "valid", "delivery": "sent", "acknowledgment": "none"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Three orders and an invoice are asked about, and a fifth was answered."""
    folder = tmp_path_factory.mktemp("asked")
    made = Database(f"sqlite:///{folder}/one.sqlite3", MovableClock(NOON), folder)
    migrate(made)
    with made.engine.begin() as connection:
        for each in "abc":
            connection.execute(sa.insert(document).values(id=each * 32, kind="order", number=f"PO-{each}", body="{}", **_ROW))
        connection.execute(sa.insert(transaction).values(id=7, business_number="INV-7", **_ROW, **_SET))
    with made.write() as unit:
        for subject in ("document:" + "a" * 32, "transaction:7", "document:" + "b" * 32, "document:" + "c" * 32):
            terms = {"arguments": "{}", "fingerprint": "", "because": "credit"}
            unit.approvals.ask("approve", subject, partner="northwind", by="ann", **terms)
        answered = unit.approvals.ask("resend", "transaction:7", partner="northwind", by="ann", **terms)
        unit.approvals.answer(answered, "given", by="bea")
    return made


def test_what_was_asked_first_is_first_and_all_that_is_open_is_counted(store: Database) -> None:
    found = asked(store, limit=2)
    assert [(row.name, row.page) for row in found.rows] == [
        ("PO-a", f"/documents/of/{'a' * 32}"),
        ("810 INV-7", "/documents/7"),
    ]
    assert found.all == 4


def test_a_page_goes_on_behind_the_last_one(store: Database) -> None:
    last = asked(store, limit=2).rows[-1]
    assert [row.name for row in asked(store, limit=2, after=last.id).rows] == ["PO-b", "PO-c"]
