"""The console: what is held goes on as its page said it would."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from desk import CASCADE, Desk
from partner_says import northwind, order, rejects

from edi_gateway.operations.correct_held import correct_held


def form_of(page: str, flow: int) -> dict[str, str]:
    """What a browser sends where somebody presses Resume and touches nothing else."""
    shown = re.search(rf'<form[^>]*action="/holds/{flow}/resume">(.*?)</form>', page, re.DOTALL)
    assert shown
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', shown[1])
    first = re.findall(r'<select[^>]*name="(\w+)"><option( value="([^"]*)")?>([^<]*)', shown[1])
    picked = {name: value if is_given else text for name, is_given, value, text in first}
    return {name: html.unescape(value) for name, value in fields if name != "csrf"} | picked


def test_an_unknown_sender_s_interchange_is_nobody_s_until_somebody_says_whose(
    desk: Desk, signed_in: Callable[[str], Any]
) -> None:
    desk.drop("unknown-sender-850.edi", at=CASCADE)
    flow, operator = desk.flow("held").id, signed_in("operator")
    operator.post(f"/holds/{flow}/resume", **form_of(operator.get("/holds").text, flow))
    desk.run()
    assert [row.state for row in desk.interchanges()] == ["unknown sender"]


def test_what_they_rejected_is_offered_to_be_sent_again_and_not_to_be_resumed(
    desk: Desk, signed_in: Callable[[str], Any]
) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    desk.drop(northwind(2, rejects("PR", 1, "855")))
    flow, operator = desk.flow("held"), signed_in("operator")
    page = operator.get("/holds").text
    assert f'href="/documents/{desk.set("855").id}#h-again"' in page
    assert f'action="/holds/{flow.id}/resume"' not in page
    assert "would send nothing" in operator.post(f"/holds/{flow.id}/resume").text
    assert desk.flow("held") == flow


@pytest.mark.parametrize("verb", ["resume", "reject", "dismiss"])
def test_what_a_page_showed_is_not_decided_once_it_has_changed(desk: Desk, signed_in: Callable[[str], Any], verb: str) -> None:
    desk.drop(northwind(1, order("PO-1", price="18")))
    flow, operator = desk.flow("held").id, signed_in("operator")
    fields = form_of(operator.get("/holds").text, flow) | {"because": "agreed"}
    desk.later(minutes=1)
    correct_held(desk.tools, flow, "", ["lines.0.unit_price=0.18"], because="mistyped", by="ben")
    desk.run()
    answer = operator.post(f"/holds/{flow}/{verb}", **fields)
    desk.run()
    assert "is not what you read" in answer.text
    assert (desk.flow("held").id, desk.posted(), desk.codes()) == (flow, [], ["997"])
