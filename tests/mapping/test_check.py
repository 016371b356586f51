"""A map is held against its set and its document before any document is: every mistake, with file and line, in one pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from edi_gateway.errors import Collected, WrongInput
from edi_gateway.mapping.library import Library

READS = "map: m\nreads: {set: 850, releases: [004010]}\nwrites: order\norder:\n"
WHOLE = READS + (
    "  number: BEG03\n"
    "  purpose: BEG01\n"
    "  ordered_on: BEG05\n"
    "  lines:\n"
    "    each: PO1\n"
    "    fields: {number: PO101, quantity: PO102, unit: PO103}\n"
)
WRITES = "map: m\nreads: order acknowledgment\nwrites: {set: 855, releases: [004010, 005010]}\n855:\n"
BAK = "  BAK01: {default: '00'}\n  BAK02: {default: AD}\n  BAK03: number\n  BAK04: ordered_on\n"


def library(tmp_path: Path, *files: tuple[str, str]) -> Library:
    for name, text in files:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Library.load(tmp_path)


def mistakes(tmp_path: Path, text: str, *more: tuple[str, str]) -> list[str]:
    with pytest.raises(Collected) as caught:
        library(tmp_path, ("m.yaml", text), *more).check()
    return [str(mistake).replace(f"{tmp_path}/", "") for mistake in caught.value.mistakes]


def test_a_map_that_fits_both_ends_has_nothing_wrong(tmp_path: Path) -> None:
    library(tmp_path, ("m.yaml", WHOLE)).check("m")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("department: REF9", "'REF9' is no place"),
        ("department: ref*dp", "'ref*dp' is no place"),
        ("department: XYZ01", "there is no segment XYZ"),
        ("department: BAK03", "BAK does not stand in 850 (004010, 005010)"),
        ("department: BEG13", "BEG has no element 13"),
        ("department: REF*DPX", "'DPX' is no code of REF01 (Reference Identification Qualifier)"),
        ("department: REF04-9", "REF04 has no component 9"),
        ("department: REF", "REF is a segment, not a value"),
        ("departmnt: REF*DP", "Order has no field 'departmnt' — did you mean 'department'?"),
        ("carrier: {fields: {scak: TD503}}", "Carrier has no field 'scak' — did you mean 'scac'?"),
        ("department.name: REF*DP", "'department' of Order has no fields of its own"),
        ("carrier: TD503", "'carrier' is a part with fields of its own"),
        ("department: {each: REF, fields: {qualifier: REF01}}", "'department' is a plain value and has no fields"),
        ("total: DTM*010", "DTM*010 (DT) does not become 'total' (Decimal)"),
        ("contract: DTM*010", "DTM*010 (DT) does not become 'contract' (str)"),
        ("total: {from: CTT/AMT*TT, as: date}", "AMT*TT (R) does not become 'total' (Decimal)"),
        ("total: {from: CTT/AMT*TT, as: roman numerals}", "there is no conversion 'roman numerals'"),
        ("type: {from: BEG02, codes: nonesuch}", "there is no code list 'nonesuch'"),
        ("type: {from: BEG02, kodes: x}", "'kodes' is no word of the map language"),
        ("type: {codes: x}", "says nothing of where it comes from"),
        ("type: {from: BEG02, each: BEG02}", "'from' and 'each' exclude each other"),
        ("dates: {from: DTM, fields: {qualifier: DTM01, date: DTM02}}", "'dates' holds many — say 'each'"),
        ("ship_to: {each: N1, fields: {role: N101}}", "'ship_to' holds one — say 'from'"),
        ("ship_to: {from: N1*ST, fields: {role: N101, street: DTM02}}", "DTM does not stand in loop N1*ST of 850"),
        ("ship_to: {from: N1*ST, fields: {name: N102}}", "'role' is required in Party and nothing makes it"),
        ("notes: {each: MSG01}", "MSG does not stand in 850 (004010, 005010) — it stands at N9/MSG"),
        ("type: {from: BEG02, when: {REF01: X}}", "'X' is no code of REF01"),
        ("type: {from: BEG02, when: {BAK02: AD}}", "'when' speaks of BAK, and 850 has none"),
        ("type: {from: BEG02, when: REF}", "'when' speaks of REF, which is no element of a segment"),
        ("contract: {from: BEG06, as: lines}", "'lines' makes one text of many — say 'each'"),
        ("contract: BEG03", "BEG03 is spoken of already at m.yaml:5"),
    ],
)
def test_a_wrong_line_is_told_with_its_place(tmp_path: Path, line: str, said: str) -> None:
    found = mistakes(tmp_path, WHOLE + f"  {line}\n")

    assert len(found) == 1
    assert found[0].startswith("m.yaml:11: ")
    assert said in found[0]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = mistakes(tmp_path, READS + "  numbr: BEG03\n  purpose: BEG99\n  ordered_on: {from: BEG05, az: date}\n")

    assert [one.split(": ")[0] for one in found] == ["m.yaml:5", "m.yaml:6", "m.yaml:7"]


def test_a_required_field_that_nothing_makes_is_told(tmp_path: Path) -> None:
    found = mistakes(tmp_path, READS + "  number: BEG03\n  lines: {each: PO1, fields: {number: PO101, unit: PO103}}\n")

    assert found == [
        "m.yaml:1: 'purpose' is required in Order and nothing makes it",
        "m.yaml:1: 'ordered_on' is required in Order and nothing makes it",
        "m.yaml:6: 'quantity' is required in OrderLine and nothing makes it",
    ]


def test_two_lines_for_one_field_are_told_with_both_lines(tmp_path: Path) -> None:
    found = mistakes(tmp_path, WHOLE + "  carrier: {fields: {scac: TD503}}\n  carrier.scac: TD301\n")

    assert found == ["m.yaml:12: 'carrier.scac' is made already at m.yaml:11 — keep one of them"]


def test_one_loop_cannot_be_two_fields(tmp_path: Path) -> None:
    lines = "  ship_to: {from: N1*ST, fields: {role: N101}}\n  bill_to: {from: N1*ST, fields: {role: N101}}\n"

    assert mistakes(tmp_path, WHOLE + lines) == ["m.yaml:12: N1*ST is taken already by the line at m.yaml:11"]


def test_a_key_said_twice_is_refused_with_both_lines(tmp_path: Path) -> None:
    found = mistakes(tmp_path, WHOLE + "  number: BEG04\n")

    assert found == ["m.yaml:11: 'number' stands here and already on line 5 — keep one of them"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("  BAK05: releas_number\n", "m.yaml:9: OrderAcknowledgment has no field 'releas_number'"),
        ("  PO1: {each: lines, fields: {PO101: number, ACK: {each: decisions, fields: {ACK02: quantity}}}}\n",
         "m.yaml:9: ACK01 (Line Item Status Code) is required and nothing makes it"),
        (
            "  N9: {fields: {N901: {default: L1}, N902: {default: X}, MSG01: currency}}\n",
            "m.yaml:9: MSG01 has no place in release 005010",
        ),
        ("  CTT01: {count: IT1}\n", "m.yaml:9: 'count' names IT1, and 855 has no IT1"),
        ("  BAK05: {from: release_number, when: nonesuch}\n", "m.yaml:9: OrderAcknowledgment has no field 'nonesuch'"),
        ("  N1*ST: {from: ship_to, when: nonesuch, fields: {N102: name}}\n", "m.yaml:9: Party has no field 'nonesuch'"),
        ("  BAK09: department\n", "m.yaml:9: BAK09 (DT) does not become 'department' (str)"),
        ("  REF*DP: department\n  REF*DP/02: currency\n", None),
    ],
)  # fmt: skip
def test_a_map_that_writes_is_held_against_the_standard_too(tmp_path: Path, lines: str, said: str | None) -> None:
    found = mistakes(tmp_path, WRITES + BAK + lines)

    assert found[0].startswith(said or "m.yaml:10: REF*DP/02 is spoken of already at m.yaml:9")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("BAK09: {default: SOMEDAY}", "BAK09: 'SOMEDAY' is no date (Date)"),
        ("BAK05: {default: ''}", None),
        ("BAK10: {default: LONG}", "BAK10: 'LONG' is too long for Transaction Type Code (ID 2/2)"),
        ("CTT01: {default: many}", "CTT01: 'many' has a character that Number of Line Items (type N0) may not hold"),
        ("CTT: {fields: {CTT01: {count: PO1}, CTT02: {default: '1.5'}}}", None),
        ("REF*DP: {from: department, default: '%s'}" % ("X" * 51), "is too long for Reference Identification (AN 1/50)"),
        ("BAK10: {from: department, codes: kinds}", "code list 'kinds' (codes/kinds.yaml:3): BAK10: 'INVOICE' is too long"),
    ],
)
def test_a_constant_or_a_listed_code_that_its_element_can_never_hold_is_told(tmp_path: Path, line: str, said: str | None) -> None:
    kinds = ("codes/kinds.yaml", "codes: kinds\nlist:\n  INVOICE: debit\n")
    text = f"{WRITES}{BAK}  {line}\n"
    if said is None:
        library(tmp_path, ("m.yaml", text), kinds).check()
        return

    found = mistakes(tmp_path, text, kinds)

    assert len(found) == 1
    assert found[0].startswith("m.yaml:9: ")
    assert said in found[0]


def test_what_one_release_of_a_map_can_hold_and_codes_that_may_be_agreed_are_no_mistakes(tmp_path: Path) -> None:
    of_005010 = "  REF*DP: {default: '%s'}\n" % ("X" * 50)
    library(tmp_path, ("m.yaml", WRITES + BAK + "  BAK10: {default: ZQ}\n" + of_005010)).check()


def test_a_required_segment_that_nothing_makes_is_told(tmp_path: Path) -> None:
    found = mistakes(tmp_path, WRITES + "  REF*DP: department\n")

    assert found == ["m.yaml:1: BAK is required in 855 and nothing makes it"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("map: other\n", "m.yaml:1: is named 'other' inside — say 'map: m'"),
        ("map: m\nreads: order\n", "m.yaml:1: does not say what it reads and what it writes"),
        ("map: m\nreads: {set: 850}\nwrites: order\n", "m.yaml:2: does not say which set in which releases"),
        (WHOLE.replace("writes: order", "writes: ordeal"), "m.yaml:3: there is no document 'ordeal'"),
        (WHOLE.replace("set: 850", "set: 851"), "no definition of set '851'"),
        (WHOLE.replace("[004010]", "[003010]"), "no definitions for release '003010'"),
        (WHOLE + "script: print\n", "m.yaml:11: 'script' is no word for the top of a map"),
        (WHOLE + "extends: nonesuch\n", "m.yaml:11: there is no map 'nonesuch'"),
        (WHOLE + "extends: m\n", "m.yaml:11: extends itself: m → m"),
        ("- a list\n", "m.yaml:1: is no map"),
        ("map: [\n", "is not YAML"),
    ],
)
def test_a_wrong_top_is_told(tmp_path: Path, text: str, said: str) -> None:
    assert said in mistakes(tmp_path, text)[0]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("REF01: number", "nothing makes REF02 or REF03, and one of them has to be there (syntax note R)"),
        ("PO1: {each: lines, fields: {PO103: unit}}", "nothing makes PO102, and PO103 is not sent without it (syntax note C)"),
        ("N1: {each: parties, fields: {N101: role, N102: name, N103: id}}", "nothing makes N104, and it goes with what is made"),
    ],
)
def test_a_line_that_breaks_a_syntax_note_whatever_is_sent_is_told(tmp_path: Path, line: str, said: str) -> None:
    assert any(said in mistake for mistake in mistakes(tmp_path, f"{WRITES}{BAK}  {line}\n"))


def test_a_qualifier_in_the_map_and_a_list_of_pairs_keep_their_notes(tmp_path: Path) -> None:
    ids = "PO1*: {each: item_ids, fields: {PO106: qualifier, PO107: id}}"
    lines = f"  REF*DP: department\n  PO1: {{each: lines, fields: {{PO102: quantity, PO103: unit, {ids}}}}}\n"
    library(tmp_path, ("m.yaml", WRITES + BAK + lines)).check()


def test_maps_that_extend_each_other_in_a_circle_are_told(tmp_path: Path) -> None:
    a, b = "map: a\nextends: b\n", "map: b\nextends: a\n"

    found = mistakes(tmp_path, WHOLE, ("a.yaml", a), ("b.yaml", b))

    assert found == ["a.yaml:2: extends itself: b → a → b", "b.yaml:2: extends itself: a → b → a"]


def test_a_mistake_in_an_overlay_names_the_overlay_and_one_below_it_the_base(tmp_path: Path) -> None:
    overlay = "map: m\nextends: m\norder:\n  department: REF*DPX\n"

    found = mistakes(tmp_path, WHOLE, ("acme/m.yaml", overlay))

    assert found == ["acme/m.yaml:4: 'DPX' is no code of REF01 (Reference Identification Qualifier)"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("codes: units\nlist: {EA: each}\n", "is named 'units' inside"),
        ("codes: c\n", "c.yaml:1: is no code list"),
        ("codes: c\nothers: maybe\nlist: {EA: each}\n", "c.yaml:2: others are 'maybe'"),
        ("codes: c\nlist:\n  EA: each\n  EA: other\n", "c.yaml:4: 'EA' stands here and already on line 3"),
        ("codes: c\nlist:\n  EA:\n", "c.yaml:3: code EA has no word"),
        ("codes: c\nlst: {}\nlist: {EA: each}\n", "c.yaml:2: 'lst' is no word of a code list"),
    ],
)
def test_a_wrong_code_list_is_told(tmp_path: Path, text: str, said: str) -> None:
    assert said in mistakes(tmp_path, WHOLE, ("codes/c.yaml", text))[0]


def test_a_map_is_not_used_before_it_is_right(tmp_path: Path) -> None:
    with pytest.raises(Collected):
        library(tmp_path, ("m.yaml", WHOLE + "  departmnt: REF*DP\n")).reading("m")


def test_a_map_that_cannot_be_turned_round_says_why_when_it_is(tmp_path: Path) -> None:
    lines = WHOLE.replace(
        "  number: BEG03\n", "  number: BEG03\n  freight: {from: FOB, fields: {payment: FOB01, location: FOB03}}\n"
    )
    found = library(tmp_path, ("m.yaml", lines.replace("  purpose: BEG01\n", "  purpose: {default: original}\n")))

    found.check()
    with pytest.raises(Collected, match=r"BEG01 .* is required and nothing makes it"):
        found.writing("m")


def test_a_name_that_is_no_map_is_answered_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match=r"there is no map 'order' .* one of: m"):
        library(tmp_path, ("m.yaml", WHOLE)).reading("order")


def test_what_a_partner_may_have_agreed_to_take_stops_no_map_that_is_in_force(tmp_path: Path) -> None:
    maps = library(tmp_path, ("m.yaml", f"{WRITES}{BAK}  BAK10: {{default: LONG}}\n"))
    maps.check("m", constants=False)
    assert maps.writing("m")
