"""The console: what is ready and waits behind a held one of its order is found, and says behind which."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

from desk import Desk
from partner_says import northwind, order

from edi_gateway.errors import NeedsPerson
from edi_gateway.pipeline.stages import STAGES
from edi_gateway.pipeline.tools import Record


def test_what_waits_behind_a_held_one_says_so_among_the_holds_and_on_its_page(
    make_desk_with_people: Callable[..., Desk], signed_in: Callable[[str], Any]
) -> None:
    def missing(*_: Any) -> Record:
        raise NeedsPerson("a map is missing")

    desk = make_desk_with_people(stages={**STAGES, "translate": missing})
    desk.drop(northwind(1, order("PO-1")))
    desk = make_desk_with_people()
    desk.drop(northwind(2, order("PO-1")))
    says = f"waits behind flow {desk.flow('held').id} of its order, held at 'translate': a map is missing"
    viewer = signed_in("viewer")
    first, second = desk.sets("850")
    pages = ("/holds?state=behind", f"/documents/{second.id}", f"/documents/{first.id}", "/holds")
    assert [says in unescape(viewer.get(page).text) for page in pages] == [True, True, False, False]
