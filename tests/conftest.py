"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from desk import postgres_on

from edi_gateway import log

collect_ignore = ["browser"]  # these need a browser and are run by `make browser`, with a configuration of their own

log.configure("error")  # what the gateway logs is no part of a claim, but where a test asks for it

# Without a deadline or a look at the time, because a busy machine is no defect. In CI the same examples every time: a change
# fails for what it changed.
hypothesis.settings.register_profile(
    "desk", deadline=None, max_examples=50, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.register_profile("ci", parent=hypothesis.settings.get_profile("desk"), derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "desk")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for ``postgres_url`` carries the marker, so that ``-m "not postgres"`` is true."""
    for item in items:
        if "postgres_url" in getattr(item, "fixturenames", ()):
            item.add_marker("postgres")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A new, empty PostgreSQL database, as a SQLAlchemy URL; one for each worker of the run, dropped at its end."""
    server = os.environ.get("EDI_GATEWAY_TEST_POSTGRES")
    if not server:
        pytest.skip("EDI_GATEWAY_TEST_POSTGRES names no PostgreSQL server")
    with postgres_on(server) as url:
        yield url


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of X12 files other people wrote; they are theirs, so they lie beside the checkout and not in it."""
    folder = Path(__file__).parents[2] / "shared" / "samples"
    if not folder.is_dir():
        pytest.skip("there is no folder of foreign samples beside this checkout")
    return folder
