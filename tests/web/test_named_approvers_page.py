"""The console: what waits for somebody named is ended or let go there by an admin in their place, and by no other operator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from desk import NORTHWIND, Desk, Profiles
from partner_says import northwind, order

from edi_gateway.operations.apply import apply


@pytest.fixture
def desk(make_desk_with_people: Callable[..., Desk], profiles: Profiles) -> Desk:
    """PO-1 is held for its price, which anna may approve."""
    profiles.replace(NORTHWIND, "orders:\n", "orders:\n  approvers: {price: [anna]}\n")
    desk = make_desk_with_people()
    apply(desk.store, desk.partners, by="scene")
    desk.drop(northwind(1, order("PO-1", price="1")))
    return desk


@pytest.mark.parametrize(("verb", "kind"), [("dismiss", "flow.dismissed"), ("resume", "flow.resumed")])
def test_an_operator_who_is_not_named_may_not_and_an_admin_may(
    desk: Desk, signed_in: Callable[[str], Any], verb: str, kind: str
) -> None:
    address = f"/holds/{desk.flow('held').id}/{verb}"
    refused = signed_in("operator").post(address, because="not wanted")
    assert (refused.status_code, "ask anna" in refused.text) == (422, True)
    assert signed_in("admin").post(address, because="not wanted").status_code == 303
    assert [event.actor for event in desk.events(kind)] == ["admin"]
