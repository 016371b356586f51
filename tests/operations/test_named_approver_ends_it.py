"""An order that waits for somebody named is let go or ended by nobody else, but by an admin in their place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import Desk, Profiles
from partner_says import northwind, order

from edi_gateway.errors import WrongInput
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.resume import resume


@pytest.fixture
def desk(profiles: Profiles, make_desk: Callable[..., Desk]) -> Desk:
    """PO-1 is held for its price, which anna may approve, and for its smallness, which ben may."""
    named = '  approvers: {price: [anna], minimum order: [ben]}\n  minimum_order: "5000"\n'
    profiles.replace("northwind", "orders:\n", f"orders:\n{named}")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1", price="1")))
    return desk


def end(desk: Desk, by: str, *, admin: bool = False) -> None:
    dismiss(desk.store, desk.flow("held").id, because="not wanted", by=by, admin=admin)


def open_approvals(desk: Desk) -> int:
    with desk.store.read() as unit:
        return len(unit.approvals.open())


def test_nobody_else_dismisses_it(desk: Desk) -> None:
    with pytest.raises(WrongInput, match="intern may not approve this — ask anna or ben"):
        end(desk, "intern")
    assert (len(desk.held()), open_approvals(desk)) == (1, 2)


@pytest.mark.parametrize("by", ["anna", "ben"])
def test_one_of_those_named_dismisses_it_and_no_approval_of_it_waits_on(desk: Desk, by: str) -> None:
    end(desk, by)
    assert (desk.held(), open_approvals(desk)) == ([], 0)
    assert [event.actor for event in desk.events("flow.dismissed")] == [by]


def test_an_admin_dismisses_it_in_their_place_and_the_record_says_so(desk: Desk) -> None:
    end(desk, "root", admin=True)
    [event] = desk.events("flow.dismissed")
    assert (event.actor, "in place of anna or ben" in event.text) == ("root", True)


def test_an_admin_resumes_it_in_their_place_and_the_record_says_so(desk: Desk) -> None:
    resume(desk.store, desk.flow("held").id, by="root", admin=True)
    desk.run()
    assert (desk.posted(), open_approvals(desk)) == (["PO-1"], 0)
    [event] = desk.events("flow.resumed")
    assert (event.actor, "in place of anna or ben" in event.text) == ("root", True)


def test_where_nobody_is_named_anybody_dismisses_it(make_desk: Callable[..., Desk], profiles: Profiles, desk: Desk) -> None:
    profiles.replace("northwind", "  approvers: {price: [anna], minimum order: [ben]}\n", "")
    other = make_desk()
    other.drop(northwind(2, order("PO-2", price="1")))
    newest = other.flows("held")[-1]
    dismiss(other.store, newest.id, because="not wanted", by="intern")
    assert [event.actor for event in other.events("flow.dismissed")] == ["intern"]
