"""What a profile says of envelopes is written: passwords, versions, counters, lines, and delimiters that stand in data."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import CASCADE, NORTHWIND, Desk, Profiles
from partner_says import northwind, order

from edi_gateway.operations.resume import resume
from edi_gateway.x12.reader import read

Make = Callable[..., Desk]
ACKNOWLEDGMENT_855 = "    map: order-acknowledgment-855\n"


def answered(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)


def marks(profiles: Profiles, terms: str) -> None:
    """Marks of the 855 alone."""
    profiles.replace(NORTHWIND, ACKNOWLEDGMENT_855, f"{ACKNOWLEDGMENT_855}    envelope: {{marks: {{{terms}}}}}\n")


def test_authorization_and_password_stand_on_the_isa(profiles: Profiles, make_desk: Make, monkeypatch: pytest.MonkeyPatch):
    profiles.add(NORTHWIND, "authorization: {qualifier: '01', information: MERIDIAN}")
    profiles.add(NORTHWIND, "security: {information: env:NORTHWIND_ISA04}")
    monkeypatch.setenv("NORTHWIND_ISA04", "s3cret")
    desk = make_desk()
    answered(desk)
    for sent in desk.sent(to=NORTHWIND):
        assert sent.one("ISA")[1:5] == ["01", "MERIDIAN  ", "01", "s3cret    "]


def test_without_any_they_are_00_and_blank(desk: Desk):
    answered(desk)
    assert desk.sent("855")[0].one("ISA")[1:5] == ["00", " " * 10, "00", " " * 10]


@pytest.mark.parametrize(
    ("password", "because"),
    [(None, "NORTHWIND_ISA04 is not set"), ("longer than ten", "ISA04 has more than ten characters"), ("ß", "that X12 has not")],
)
def test_a_password_that_cannot_be_written_holds_what_leaves_and_is_not_shown(
    profiles: Profiles, make_desk: Make, monkeypatch: pytest.MonkeyPatch, password: str | None, because: str
):
    profiles.add(NORTHWIND, "security: {information: env:NORTHWIND_ISA04}")
    if password:
        monkeypatch.setenv("NORTHWIND_ISA04", password)
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    (held,) = desk.held()
    assert because in held
    assert not password or password not in held
    monkeypatch.setenv("NORTHWIND_ISA04", "short")
    resume(desk.store, desk.flow("held").id, by="ann")
    desk.run()
    assert desk.codes() == ["997"]


def test_test_documents_may_have_a_password_of_their_own(profiles: Profiles, make_desk: Make, monkeypatch: pytest.MonkeyPatch):
    profiles.add(
        NORTHWIND, "security: {information: env:ISA04}\ntest: {security: {information: env:ISA04_TEST}}\ntest_erp: simulator-test"
    )
    monkeypatch.setenv("ISA04", "real")
    monkeypatch.setenv("ISA04_TEST", "play")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1"), usage="T"))
    assert desk.sent("997")[0].one("ISA")[4].strip() == "play"


@pytest.mark.parametrize(
    ("terms", "isa11"),
    [("interchange_version: '00401'", "U"), ("interchange_version: '00501', marks: {repetition: '^'}", "^")],
)
def test_isa11_is_the_repetition_separator_from_00402_on(profiles: Profiles, make_desk: Make, terms: str, isa11: str):
    profiles.replace(NORTHWIND, ACKNOWLEDGMENT_855, f"{ACKNOWLEDGMENT_855}    envelope: {{{terms}}}\n")
    desk = make_desk()
    answered(desk)
    assert desk.sent("855")[0].one("ISA")[11] == isa11


def test_gs08_is_the_release_of_the_agreement_with_its_suffix(desk: Desk):
    answered(desk)
    assert desk.sent("855")[0].one("GS")[8] == "004010VICS"


def numbers(desk: Desk) -> dict[str, list[int]]:
    return {to: [int(one.one("ISA")[13]) for one in desk.sent(to=to)] for to in (NORTHWIND, CASCADE)}


def sends(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.drop("cascade-850-plain.edi", at=CASCADE)


def test_a_counter_may_be_that_of_a_pair_of_ids(profiles: Profiles, make_desk: Make):
    profiles.add(NORTHWIND, "control_numbers: {scope: pair}")
    profiles.replace(NORTHWIND, ACKNOWLEDGMENT_855, f"{ACKNOWLEDGMENT_855}    envelope: {{receiver: ZZ:NWDORDERS}}\n")
    desk = make_desk()
    answered(desk)
    assert [int(one.one("ISA")[13]) for one in desk.sent(to=NORTHWIND)] == [1, 1]  # the 997 to one id, the 855 to the other


def test_a_counter_may_be_shared_by_all(profiles: Profiles, make_desk: Make):
    for partner in (NORTHWIND, CASCADE):
        profiles.add(partner, "control_numbers: {scope: all}")
    desk = make_desk()
    sends(desk)
    found = [number for each in numbers(desk).values() for number in each]
    assert sorted(found) == list(range(1, len(found) + 1))


def test_each_partner_has_a_counter_of_its_own_by_default(desk: Desk):
    sends(desk)
    assert [each[0] for each in numbers(desk).values()] == [1, 1]


def test_lines_may_be_cut_at_a_width(profiles: Profiles, make_desk: Make):
    marks(profiles, "wrap: 80")
    desk = make_desk()
    answered(desk)
    lines = desk.sent("855")[0].body.split(b"\n")
    assert {len(line) for line in lines[:-2]} == {80}
    assert [event.code for event in read(b"".join(lines)) if hasattr(event, "segments")] == ["855"]


def test_a_delimiter_in_data_is_replaced_and_that_is_told(profiles: Profiles, make_desk: Make):
    marks(profiles, "element: '-'")
    desk = make_desk()
    answered(desk)
    assert desk.sent("855")[0].one("BAK")[3] == "PO 1"
    assert "became 'PO 1'" in desk.events("set.repaired")[0].text


def test_a_delimiter_in_data_may_be_held_for_a_person(profiles: Profiles, make_desk: Make):
    marks(profiles, "element: '-', in_data: hold")
    desk = make_desk()
    answered(desk)
    assert desk.held()[0].startswith("northwind takes no delimiter in data: BAK03 'PO-1' holds the delimiter '-'")
    resume(desk.store, desk.flow("held").id, by="ann")
    desk.run()
    assert desk.sent("855")[0].one("BAK")[3] == "PO 1"


def test_another_delimiter_may_be_chosen_for_that_interchange(profiles: Profiles, make_desk: Make):
    marks(profiles, "element: '-', in_data: choose")
    desk = make_desk()
    answered(desk)
    (sent,) = desk.sent("855")
    assert sent.body[3:4] == b"*"
    assert sent.one("BAK")[3] == "PO-1"
    assert desk.held() == []


def test_severities_of_an_agreement_go_before_those_of_the_partner(profiles: Profiles, make_desk: Make):
    profiles.severities(NORTHWIND, set_segment_count="reject")
    profiles.replace(NORTHWIND, 'guide: "850"\n    ack', 'guide: "850"\n    severities: {set.segment_count: warn}\n    ack')
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")).replace(b"SE*12", b"SE*11"))
    assert [(one.code, one.validation) for one in desk.sets("850")] == [("850", "warnings")]
    assert desk.posted() == ["PO-1"]


def test_a_release_we_do_not_have_is_read_as_agreed_and_that_is_told(profiles: Profiles, make_desk: Make):
    profiles.replace(
        NORTHWIND,
        '  - set: "850"\n    direction: in\n    release: 004010VICS\n    map: northwind/850-order',
        '  - set: "850"\n    direction: in\n    release: 004030\n    read_as: 004010\n    map: northwind/850-order',
    )
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")).replace(b"004010VICS", b"004030"))
    assert desk.posted() == ["PO-1"]
    assert "release '004030' is held against 004010, as agreed" in desk.set("850").findings


def test_test_documents_go_under_other_ids_over_another_connection(profiles: Profiles, make_desk: Make):
    profiles.add(
        NORTHWIND, "test: {interchange: [ZZ:NWDTEST], group: [NWDTESTG], connection: cascade-mailbox}\ntest_erp: simulator-test"
    )
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1"), usage="T"))
    assert "for that they have ZZ:NWDTEST" in desk.held()[0]
    came = northwind(2, order("PO-2"), usage="T").replace(b"*08*7005551200     *", b"*ZZ*NWDTEST        *")
    desk.drop(came.replace(b"GS*PO*7005551200*", b"GS*PO*NWDTESTG*"))
    assert desk.posted(test=True) == ["PO-2"]
    (answer,) = desk.sent("997", to=CASCADE)
    assert (answer.one("ISA")[8].strip(), answer.one("ISA")[15], answer.one("GS")[3]) == ("NWDTEST", "T", "NWDTESTG")
