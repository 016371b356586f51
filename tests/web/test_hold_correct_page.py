"""The console: what is held is corrected in a form, by who may operate."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any

from desk import Desk
from partner_says import northwind, order

from edi_gateway.operations.correct_held import correct_held, held_text


def opened(operator: Any, flow: int) -> tuple[str, str]:
    """What the form of a correction shows: which reading it is of, and the document."""
    page = operator.get(f"/holds/{flow}/correct").text
    shown = re.search(r'name="seen" value="([^"]*)".*<textarea[^>]*>(.*)</textarea>', page, re.DOTALL)
    assert shown
    return html.unescape(shown[1]), html.unescape(shown[2])


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


def test_what_another_one_corrected_meanwhile_is_not_undone(desk: Desk, signed_in: Callable[[str], Any]) -> None:
    desk.drop(northwind(1, order("PO-1", price="1")))
    flow, operator = desk.flow("held").id, signed_in("operator")
    seen, shown = opened(operator, flow)
    desk.later(minutes=1)
    correct_held(desk.tools, flow, "", ["lines.0.quantity=36"], because="they rang", by="ben")
    desk.run()
    text = shown.replace('"unit_price": "1"', '"unit_price": "2"')
    answer = operator.post(f"/holds/{flow}/correct", document=text, seen=seen, because="they wrote")
    assert "is not what you read" in answer.text
    assert json.loads(held_text(desk.tools, flow))["lines"][0]["quantity"] == "36"


def test_a_mistake_leaves_what_was_written_and_why(desk: Desk, signed_in: Callable[[str], Any]) -> None:
    desk.drop(northwind(1, order("PO-1", price="1")))
    flow, operator = desk.flow("held").id, signed_in("operator")
    seen, shown = opened(operator, flow)
    text = shown.replace('"quantity"', '"quantitty"')
    answer = operator.post(f"/holds/{flow}/correct", document=text, seen=seen, because="they wrote")
    assert answer.status_code == 422
    again = html.unescape(answer.text)
    assert text in again
    assert f'name="seen" value="{seen}"' in again
    assert 'name="because" required size="60" value="they wrote"' in again
    told = again.partition('role="alert"')[2].partition("</div>")[0]
    for said in ("'quantitty' names no field of the document", "lines.0.quantitty", "did you mean 'quantity'?"):
        assert said in told


def test_a_mistake_in_what_goes_corrected_leaves_what_was_written(desk: Desk, signed_in: Callable[[str], Any]) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=3)
    id = desk.sets("855")[0].id
    answer = signed_in("operator").post(f"/documents/{id}/correct", document='{"number": "PO-1", "nonsense', because="they wrote")
    assert answer.status_code == 422
    again = html.unescape(answer.text)
    assert '>{"number": "PO-1", "nonsense</textarea>' in again
    assert 'value="they wrote"' in again
