"""Sets as people paste them."""

import pytest

from edi_gateway.errors import WrongInput
from edi_gateway.x12.pasted import sets_in

BARE = "ST*850*0001~\n  BEG*00*SA*1**20260102~\nSE*3*0001~\n"


def test_a_set_alone_is_read_whatever_its_lines_are_indented_by():
    [one] = sets_in(f"\n  {BARE}")
    assert one.segments == [["ST", "850", "0001"], ["BEG", "00", "SA", "1", "", "20260102"], ["SE", "3", "0001"]]


def test_every_set_of_an_interchange_is_there():
    isa = "*".join(["ISA", "00", " " * 10, "00", " " * 10, "ZZ", f"{'A':15}", "ZZ", f"{'B':15}"])
    head = f"{isa}*260102*0900*U*00401*000000001*0*P*>~GS*PO*A*B*20260102*0900*1*X*004010~"
    sets = "".join(BARE.replace("\n", "").replace("0001", number) for number in ("0001", "0002"))
    assert [one.control_number for one in sets_in(f"{head}{sets}GE*2*1~IEA*1*000000001~".encode())] == ["0001", "0002"]


def test_what_holds_no_set_gives_none():
    assert sets_in(b"hello") == []


def test_a_character_outside_every_character_set_is_named():
    with pytest.raises(WrongInput, match="holds '\N{SNOWMAN}'"):
        sets_in("ST*850*\N{SNOWMAN}~")
