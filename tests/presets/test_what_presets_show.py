"""How the presets differ, as seen in what they are sent; and three of them behind one VAN."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from desk import Desk
from preset_scenes import BELLHAVEN, BULWARK, CORLISS, GREENLEA, HEARTHLINE, VAN, Scene, answered, sample, sent

from edi_gateway.operations.cross_reference import put_in_force
from edi_gateway.trading.cross_reference import CrossReference


def levels(desk: Desk, scene: Scene) -> str:
    """The levels of the 856, in their order."""
    return "".join(level[3] for level in sent(desk, scene, "856").all("HL"))


def test_bellhaven_gets_cartons_on_pallets_each_with_a_label_and_no_855(desk: Desk) -> None:
    answered(desk, BELLHAVEN)
    notice = sent(desk, BELLHAVEN, "856")
    assert levels(desk, BELLHAVEN) == "SOT" + "PI" * 8 + "T" + "PI" * 5  # 13 cartons, eight to a pallet
    marks = [mark[2] for mark in notice.all("MAN")]
    assert len(set(marks)) == len(marks) == 15
    assert notice.one("ISA")[11:17:5] == [":", ">"]
    assert "855" not in desk.codes()


def test_corliss_gets_items_with_their_cartons_each_marked_for_its_store(desk: Desk) -> None:
    answered(desk, CORLISS)
    notice = sent(desk, CORLISS, "856")
    assert levels(desk, CORLISS).startswith("SOIPP")
    assert ["PID", "S", "", "VI", "FL"] in notice.all("PID")
    stores = Counter(party[4] for party in notice.all("N1") if party[1] == "BY")
    assert stores == {"0101": 3 + 12, "0114": 2, "0122": 5 + 12}  # blankets six, chairs two to a carton
    assert sent(desk, CORLISS, "855").all("PO1") == []  # nothing differs


def test_stores_the_erp_knows_by_our_codes_are_told_by_the_buyers(partners: Path, make_desk: Callable[[], Desk]) -> None:
    profile = partners / "corliss" / "partner.yaml"
    profile.write_text(profile.read_text() + "\ncross_references: {locations: optional}\n")
    desk = make_desk()
    ours = [CrossReference(kind="location", qualifier="92", code=code, ours=f"SHOP-{code}") for code in ("0101", "0122")]
    put_in_force(desk.store, "corliss", ours, by="ann")
    answered(desk, CORLISS)
    assert "SHOP-0101" in (desk.folder / "erp" / "journal.jsonl").read_text()
    stores = {party[4] for party in sent(desk, CORLISS, "856").all("N1") if party[1] == "BY"}
    assert stores == {"0101", "0114", "0122"}


def test_the_invoices_of_corliss_leave_at_six_in_the_evening(desk: Desk) -> None:
    desk.drop(sample(CORLISS), at=VAN)
    desk.later(hours=7)  # 22:00 UTC: 17:00 in New York; shipped and billed at 15:00
    assert "810" not in desk.codes(to=VAN)
    desk.later(hours=1, minutes=1)
    assert "810" in desk.codes(to=VAN)


def test_hearthline_gets_a_parcel_whose_day_stands_in_the_heading(desk: Desk) -> None:
    answered(desk, HEARTHLINE)
    notice = sent(desk, HEARTHLINE, "856")
    assert levels(desk, HEARTHLINE) == "SOII"
    assert [segment[0] for segment in notice.segments[2:6]] == ["ST", "BSN", "DTM", "HL"]
    assert [reference[2] for reference in notice.all("REF") if reference[1] == "CO"] == ["W8841207"]
    assert sent(desk, HEARTHLINE, "810").one("SAC")[1:6] == ["C", "D240", "", "", "795"]


def test_greenlea_gets_hash_totals(desk: Desk) -> None:
    answered(desk, GREENLEA)
    counts = {code: sent(desk, GREENLEA, code).one("CTT")[2] for code in ("855", "856", "810")}
    assert counts == {"855": "20", "856": "20", "810": "20"}


def test_a_wrong_hash_total_is_rejected_by_greenleas_997(desk: Desk) -> None:
    desk.drop(sample(GREENLEA).replace(b"CTT*3*20", b"CTT*3*19"), at=GREENLEA.mailbox)
    assert sent(desk, GREENLEA, "997").one("AK5")[1] == "R"


def test_bulwark_gets_its_numbers_and_its_allowance_back(desk: Desk) -> None:
    answered(desk, BULWARK)
    for code in ("855", "856", "810"):
        numbers = {reference[1]: reference[2] for reference in sent(desk, BULWARK, code).all("REF")}
        assert (numbers["19"], numbers["IA"], numbers["ZZ"]) == ("07", "0070418", "MVM-2026-11")
    invoice = sent(desk, BULWARK, "810")
    assert (invoice.one("SAC")[1:6], invoice.one("TDS")[1]) == (["A", "F800", "", "", "9600"], "197600")


def test_one_file_from_the_van_holds_the_orders_of_three_and_each_gets_its_own_answers(desk: Desk) -> None:
    desk.drop(b"".join(sample(scene) for scene in (CORLISS, HEARTHLINE, BULWARK)), "van.edi", at=VAN)
    desk.later(hours=10)
    assert desk.held() == []
    assert [row.partner for row in desk.sets("850")] == ["corliss", "hearthline", "bulwark"]
    went = {one.name.rsplit("_", 1)[0]: (one.one("ISA")[8].strip(), one.one("GS")[3]) for one in desk.sent("810", to=VAN)}
    assert went == {
        "810_corliss": ("CORLISSHALE", "CORLISSHALE"),
        "810_hearthline": ("DOCKSIDEHUB", "HEARTHLINE"),
        "810_bulwark": ("DOCKSIDEHUB", "BULWARKCLUB"),
    }


def test_two_behind_one_interchange_id_never_share_a_control_number(desk: Desk) -> None:
    desk.drop(sample(HEARTHLINE) + sample(BULWARK), "van.edi", at=VAN)
    desk.later(hours=10)
    numbers = [one.one("ISA")[13] for one in desk.sent(to=VAN)]
    assert len(set(numbers)) == len(numbers) == 8


def test_who_is_no_sender_of_the_van_is_not_taken_from_it(desk: Desk) -> None:
    desk.drop(sample(GREENLEA), "850.edi", at=VAN)
    assert desk.sets("850") == []
    assert "greenlea" in desk.held()[0]
