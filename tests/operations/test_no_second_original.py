"""Send anew never makes a second original of what the partner has and did not reject (R10, R21)."""

from __future__ import annotations

import pytest
from desk import Desk
from partner_says import accepts, northwind, order, rejects

from edi_gateway.errors import WrongInput
from edi_gateway.operations.request import Request
from edi_gateway.operations.second_pair import ask


def shipped(desk: Desk) -> Desk:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=8)
    return desk


def send_anew(desk: Desk, id: int) -> None:
    ask(desk.tools, Request(operation="send anew", transaction=id, because="again", by="ann"))
    desk.run()


@pytest.mark.parametrize(("group", "code"), [("SH", "856"), ("IN", "810"), ("PR", "855")])
def test_an_accepted_original_is_corrected_and_not_sent_anew(desk: Desk, group: str, code: str) -> None:
    shipped(desk).drop(northwind(2, accepts(group, 1, code)))
    with pytest.raises(WrongInput, match=r"did not reject it \(accepted\): this would be a second original.*correct it"):
        send_anew(desk, desk.set(code, "out").id)
    assert len(desk.sent(code)) == 1


def test_an_original_nobody_answered_is_retransmitted(desk: Desk) -> None:
    with pytest.raises(WrongInput, match=r"did not reject it \(awaited\).*retransmit it, if they miss it"):
        send_anew(shipped(desk), desk.set("810", "out").id)


def test_a_rejected_original_goes_anew_once(desk: Desk) -> None:
    shipped(desk).drop(northwind(2, rejects("SH", 1, "856")))
    first = desk.set("856", "out").id
    send_anew(desk, first)
    assert [notice.one("BSN")[1] for notice in desk.sent("856")] == ["00", "00"]
    with pytest.raises(WrongInput, match=r"went again since they rejected it, as set \d+ \(awaited\)"):
        send_anew(desk, first)
