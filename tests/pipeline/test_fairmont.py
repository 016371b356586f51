"""A partner on 005010: GLNs, a repetition separator, a 999; its order all the way, and every answer by its guides."""

from __future__ import annotations

from datetime import datetime

from desk import Desk

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import Identity, Segment
from edi_gateway.x12.writer import GroupHeader, InterchangeHeader, write_interchange

FAIRMONT = "fairmont"
AT = datetime(2026, 11, 17, 9, 30)
THEM, US = Identity("ZZ", "FAIRMONTGRC"), Identity("12", "6125550148")


def an_order(number: str, ship_to: str = "0614141000012") -> list[Segment]:
    return [
        ["ST", "850", ""],
        ["BEG", "00", "SA", number, "", "20261116"],
        ["REF", "IA", "88120"],
        ["DTM", "002", "20261124"],
        ["N1", "ST", "FAIRMONT GROCERS 231", "UL", ship_to],
        ["N3", "12 ORCHARD ROW"],
        ["N4", "ALBANY", "NY", "12207", "US"],
        ["PO1", "1", "24", "EA", "11.25", "", "UP", "614141001743"],
        ["PO1", "2", "12", "EA", "18.5", "", "UP", "614141001378"],
        ["CTT", "2"],
    ]


def sent_by_them(*sets: list[Segment]) -> bytes:
    header = InterchangeHeader(sender=THEM, receiver=US, control_number=1, at=AT, version="00501")
    group = GroupHeader(code="PO", sender=THEM.id, receiver=US.id, control_number=1, release="005010", at=AT)
    return write_interchange(header, [(group, sets)], Delimiters(repetition="^"))


def test_an_order_goes_all_the_way_and_nothing_breaks_a_guide(desk: Desk) -> None:
    desk.drop(sent_by_them(an_order("F-1001")), at=FAIRMONT)
    desk.later(hours=6)
    assert desk.codes(to=FAIRMONT) == ["999", "855", "856", "810"]
    assert desk.sent("999", to=FAIRMONT)[0].one("IK5") == ["IK5", "A"]
    assert desk.sent("999", to=FAIRMONT)[0].one("ST") == ["ST", "999", "0001", "005010X231A1"]
    assert {(row.code, row.validation) for row in desk.sets()} == {
        (code, "valid") for code in ("850", "999", "855", "856", "810")
    }
    assert desk.sent("856", to=FAIRMONT)[0].one("ISA")[11:13] == ["^", "00501"]


def test_the_999_says_again_which_convention_each_set_follows(desk: Desk) -> None:
    followed, plain = an_order("F-1003"), an_order("F-1004")
    followed[0] = ["ST", "850", "", "005010X999"]
    desk.drop(sent_by_them(followed, plain), at=FAIRMONT)
    desk.later(minutes=10)
    told = desk.sent("999", to=FAIRMONT)[0].all("AK2")
    assert told == [["AK2", "850", "0001", "005010X999"], ["AK2", "850", "0002"]]


def test_a_place_that_is_no_gln_is_noted_and_no_answer_to_it_leaves(desk: Desk) -> None:
    desk.drop(sent_by_them(an_order("F-1002", ship_to="0231")), at=FAIRMONT)
    desk.later(minutes=10)
    assert desk.set("850").validation == "warnings"
    assert "N104: '0231' is not 13 characters long" in desk.held()[0]
    assert desk.codes(to=FAIRMONT) == ["999"]
