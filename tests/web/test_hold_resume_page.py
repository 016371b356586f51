"""The console: what is held goes on as its page said it would."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

from desk import CASCADE, Desk


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
