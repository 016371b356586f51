"""The database's own list of findings is what stands in the sets, whatever was written and by whom."""

from __future__ import annotations

from random import Random

import msgspec
import pytest
import sqlalchemy as sa

from edi_gateway.store.database import Database
from edi_gateway.store.rows import findings_to_text
from edi_gateway.store.selection import Selection
from edi_gateway.store.tables import set_finding, transaction
from edi_gateway.x12.finding import Finding, Level, Scope

KINDS = (("element.too_long", "5"), ("element.missing", "1"), ("elements", "9"), ("segment.unknown", "2"))


def findings(random: Random) -> str:
    """Some, more than one of a kind among them, and about values that are no text."""
    chosen = random.choices(KINDS, k=random.choice((0, 0, 1, 3)))
    return findings_to_text(
        tuple(Finding(kind, Scope.ELEMENT, Level.ELEMENT, code, "so", value='\x00\x1f"\\u0000é') for kind, code in chosen)
    )


def add(store: Database, random: Random) -> None:
    words = {"code": "850", "direction": "in", "partner": "northwind", "validation": "valid", "delivery": "received"}
    with store.write() as unit:
        told = {"findings": findings(random), "partner_findings": findings(random)}
        unit.transactions.add(**words, **told, acknowledgment="owed", release="004010", usage="P")


def change(store: Database, random: Random) -> None:
    """Some sets at once: what is found in them, by one of the two, or nothing about it."""
    values = random.choice(({"findings": findings(random)}, {"partner_findings": findings(random)}, {"usage": "T"}))
    with store.engine.begin() as connection:
        connection.execute(transaction.update().where(transaction.c.id % 3 == random.randrange(3)).values(**values))


def remove(store: Database, random: Random) -> None:
    with store.engine.begin() as connection:
        connection.execute(transaction.delete().where(transaction.c.id % 7 == random.randrange(7)))


def told(store: Database) -> set[tuple[int, str, str]]:
    """What stands in the sets themselves."""
    with store.reading() as connection:
        rows = connection.execute(sa.select(transaction.c.id, transaction.c.findings, transaction.c.partner_findings)).all()
    read = [(row.id, msgspec.json.decode(text)) for row in rows for text in (row.findings, row.partner_findings)]
    return {(id, each["kind"], each["code"]) for id, all_ in read for each in all_}


@pytest.mark.parametrize("seed", [1, 2])
def test_the_list_is_what_stands_in_the_sets(store: Database, seed: int) -> None:
    random = Random(seed)
    for _ in range(25):
        random.choice((add, add, change, remove))(store, random)
    with store.reading() as connection:
        listed = {tuple(row) for row in connection.execute(sa.select(set_finding))}
    assert listed == told(store) != set()


@pytest.mark.parametrize("finding", ["element.too_long", "element.", "elements", "2", "segment.", "nothing"])
def test_sets_are_selected_by_kind_by_the_beginning_of_one_and_by_code(store: Database, finding: str) -> None:
    random = Random(3)
    for _ in range(12):
        add(store, random)
    with store.reading() as connection:
        found = set(connection.execute(Selection(finding=finding).query()).scalars())
    assert found == {
        id for id, kind, code in told(store) if finding in (kind, code) or (finding.endswith(".") and kind.startswith(finding))
    }
