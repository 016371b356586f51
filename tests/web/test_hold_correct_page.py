"""The console: what is held is corrected in a form, by who may operate."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

from desk import Desk
from partner_says import northwind, order


def test_what_is_held_is_corrected_in_a_form_and_goes_on(desk: Desk, signed_in: Callable[[str], Any]) -> None:
    desk.drop(northwind(1, order("PO-1", price="99.99")))
    flow, operator = desk.flow("held").id, signed_in("operator")
    assert f'href="/holds/{flow}/correct"' in operator.get("/holds").text
    shown = re.search(r"<textarea[^>]*>(.*)</textarea>", operator.get(f"/holds/{flow}/correct").text, re.DOTALL)
    assert shown
    document = html.unescape(shown[1]).replace('"99.99"', '"18.5"')
    wish = {"document": document, "because": "they wrote to us"}
    assert signed_in("viewer").post(f"/holds/{flow}/correct", **wish).status_code == 403
    assert operator.post(f"/holds/{flow}/correct", **wish).status_code == 303
    desk.run()
    assert desk.posted() == ["PO-1"]
    assert desk.events("document.corrected")[0].actor == "operator"
