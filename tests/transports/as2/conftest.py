"""Two parties who deal with each other, and the wire between them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from as2_parties import Party, Server, Wire, serve


@pytest.fixture
def acme() -> Party:
    return Party("ACME", "Northwind")


@pytest.fixture
def northwind() -> Party:
    return Party("Northwind", "ACME")


@pytest.fixture
def wire(northwind: Party) -> Wire:
    return Wire(northwind)


@pytest.fixture
def server(northwind: Party) -> Iterator[Server]:
    with serve(northwind) as running:
        yield running
