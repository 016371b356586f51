"""The console: what waits for its next try is shown wherever it is looked at, and held there by who may operate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from busy import Server
from desk import Desk
from partner_says import northwind, order


@pytest.fixture
def desk(make_desk_with_people: Callable[..., Desk]) -> Desk:
    return Server(refuses="").lies_over(make_desk_with_people())


def test_what_is_tried_again_says_so_on_each_page_of_it_and_is_held_there(desk: Desk, signed_in: Callable[[str], Any]) -> None:
    desk.drop(northwind(1, order("PO-1")))
    [flow] = [flow.id for flow in desk.flows("ready") if flow.tries]
    form = f'action="/holds/{flow}/place"'
    pages = [f"/documents/{desk.set('997').id}", f"/transmissions/{desk.transmissions('out')[0].id}", "/holds?state=retried"]
    operator, viewer = signed_in("operator"), signed_in("viewer")
    for page in pages:
        assert form in operator.get(page).text, page
        assert "their server is busy" in viewer.get(page).text, page
        assert form not in viewer.get(page).text, page
    assert viewer.post(f"/holds/{flow}/place", because="too long").status_code == 403
    assert operator.post(f"/holds/{flow}/place", because="too long").status_code == 303
    assert desk.flow("held").id == flow
    assert [form in operator.get(page).text for page in pages] == [False] * 3
