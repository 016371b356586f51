from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from calling import Calls
from desk import Desk
from desk_fixtures import any_desk, desk, make_desk, profiles

from edi_gateway.operations import access

__all__ = ["any_desk", "desk", "make_desk", "profiles"]


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as always, with less work."""
    monkeypatch.setattr(access, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def calls(desk: Desk) -> Calls:
    """The API over a gateway that has seen nothing yet."""
    return Calls(desk)
