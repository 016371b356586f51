"""Over the wire interchanges go by the ids of their transmissions: these grow as the numbers do, whoever draws them at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from edi_gateway.store.database import Database
from edi_gateway.store.tables import transmission

ENGINES, EACH = 4, 15


def test_transmissions_are_in_the_order_of_the_numbers_of_each_counter(store: Database) -> None:
    with store.write() as unit:
        payload = unit.payloads.put(b"ISA")

    def write_interchanges(engine: int) -> None:
        for turn in range(EACH):
            with store.write() as unit:
                scope = f"counter {(engine + turn) % 2}"
                name = f"{scope}: {unit.control_numbers.next(scope):09d}"
                values = {"direction": "out", "connection": "van", "payload": payload, "name": name, "identity": name}
                unit.transmissions.add(**values, state="to send")

    with ThreadPoolExecutor(ENGINES) as engines:
        list(engines.map(write_interchanges, range(ENGINES)))
    with store.reading() as connection:
        names = list(connection.execute(sa.select(transmission.c.name).order_by(transmission.c.id)).scalars())
    for counter in ("counter 0", "counter 1"):
        numbers = [name for name in names if name.startswith(counter)]
        assert numbers == sorted(numbers)
        assert len(numbers) == ENGINES * EACH // 2


@pytest.mark.parametrize(("shared", "pair", "given"), [(6000, 2, 6001), (6000, 6400, 6401), (2, 9990, 9991), (9998, 2, 9999)])
def test_a_number_of_two_counters_goes_on_from_the_shared_one_and_never_back(
    store: Database, shared: int, pair: int, given: int
) -> None:
    with store.write() as unit:
        unit.control_numbers.seed("ours", shared)
        unit.control_numbers.seed("ours|theirs", pair)
    with store.write() as unit:
        assert unit.control_numbers.next("ours", "ours|theirs", most=9999) == given
        assert {unit.control_numbers.last(each) for each in ("ours", "ours|theirs")} == {given}
