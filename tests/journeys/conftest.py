"""A stage for each story: Northwind Stores on one side, a gateway with its embedded ERP on the other, a clock between them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from desk import CHANGES_AGREED, Desk, Profiles
from desk_fixtures import make_desk, profiles
from msgspec.structs import replace
from stage import Stage

from edi_gateway.erp.simulator import default_catalog
from edi_gateway.erp.simulator.catalog import Customer

__all__ = ["make_desk", "profiles"]


@pytest.fixture
def make_stage(profiles: Profiles, make_desk: Callable[..., Desk]) -> Callable[..., Stage]:
    """Northwind as it comes with the project, and 860s are agreed as well; ``credit`` is what the ERP gives it, in dollars."""
    profiles.replace("northwind", "agreements:\n", f"agreements:\n{CHANGES_AGREED.strip(chr(10))}\n")

    def make(credit: str = "250000.00") -> Stage:
        usual = default_catalog()
        customers = {**usual.customers, "northwind": Customer(credit_limit=Decimal(credit))}
        return Stage(make_desk(catalog=replace(usual, customers=customers)))

    return make


@pytest.fixture
def stage(make_stage: Callable[..., Stage]) -> Stage:
    """The stage most stories are told on."""
    return make_stage()
