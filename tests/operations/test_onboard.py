"""Onboarding: what samples show of a partner, and what they leave open."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import ROOT, library

from edi_gateway.errors import Collected, WrongInput
from edi_gateway.operations.onboard import Answers, Sample, Scaffold, scaffold
from edi_gateway.operations.onboard_guide import guide_text
from edi_gateway.operations.onboard_samples import see
from edi_gateway.trading.loader import load
from edi_gateway.x12 import guide

JUNIPER = [Sample(path.name, path.read_bytes()) for path in sorted((ROOT / "sample_docs" / "tutorial").glob("*.edi"))]
CASCADE = Sample("cascade.edi", (ROOT / "sample_docs" / "cascade-850-plain.edi").read_bytes())
OURSELVES = load(ROOT / "partners").ourselves
ANSWERED = Answers("Juniper Outfitters", "America/Denver", "24h", "24h")


def text(made: Scaffold, name: str) -> str:
    (found,) = [file.body.decode() for file in made.files if str(file.path).endswith(name)]
    return found


def begin(samples: list[Sample], answers: Answers = ANSWERED, folder: Path = Path("there")) -> Scaffold:
    return scaffold(
        "juniper",
        samples,
        answers,
        ourselves=OURSELVES,
        library=library(ROOT / "maps"),
        partners=folder / "partners",
        maps=folder / "maps",
    )


def test_identifiers_marks_and_releases_are_those_of_the_envelopes(tmp_path: Path) -> None:
    begin([CASCADE], ANSWERED, tmp_path).write()
    (tmp_path / "partners" / "_ourselves.yaml").write_text((ROOT / "partners" / "_ourselves.yaml").read_text())
    partner = load(tmp_path / "partners").partner("juniper")
    theirs = load(ROOT / "partners").partner("cascade")
    assert (partner.interchange, partner.group, partner.ours) == (theirs.interchange, theirs.group, theirs.ours)
    assert (partner.marks.delimiters(), partner.characters) == (theirs.marks.delimiters(), theirs.characters)
    assert {(each.set, each.direction, each.release[:6]) for each in partner.agreements} == {
        ("850", "in", "004010"),
        ("855", "out", "004010"),
        ("856", "out", "004010"),
        ("810", "out", "004010"),
    }


def test_what_nobody_said_is_open_and_the_check_fails_on_it(tmp_path: Path) -> None:
    made = begin(JUNIPER, Answers(), tmp_path)
    made.write()
    (tmp_path / "partners" / "_ourselves.yaml").write_text((ROOT / "partners" / "_ourselves.yaml").read_text())
    with pytest.raises(Collected) as raised:
        load(tmp_path / "partners")
    told = {(each.where or "").rpartition("/")[2] for each in raised.value.mistakes}
    questions = {question.split(": ")[0].rpartition("/")[2] for question in made.questions if "partner.yaml" in question}
    assert told == questions
    assert len(told) == 3  # their time zone, our 997, our 855


def test_elements_the_common_map_leaves_over_are_questions_of_a_map_of_theirs() -> None:
    made = begin(JUNIPER)
    assert '"? CSH01": CSH01' in text(made, "maps/juniper/850-order.yaml")
    assert "map: juniper/850-order" in text(made, "partner.yaml")
    assert any("850-order.yaml:7: N; segment 5" in question for question in made.questions)


def test_where_the_common_map_leaves_nothing_over_it_is_agreed_itself() -> None:
    body = JUNIPER[0].body.replace(b"CSH*N~\n", b"").replace(b"SE*19*", b"SE*18*")
    plain = JUNIPER[0]._replace(body=body)
    made = begin([plain])
    assert "map: 850-order" in text(made, "partner.yaml")
    assert not made.questions


def test_a_guide_says_what_all_samples_have_in_common_and_is_kept_by_them() -> None:
    written = text(begin(JUNIPER), "guides/850.yaml")
    read = guide.loads(written, "850")
    rules = {rule.written: rule.words for rule in read.rules}
    assert rules["REF*19"] == ("required",)
    assert rules["N1*ST/N103"] == ("required", "codes")
    assert rules["PO1/PO1*SK"] == ("required",)
    assert "CSH" not in written  # nothing is known of what it means


def test_what_only_some_samples_have_is_not_required() -> None:
    one = JUNIPER[1]._replace(body=JUNIPER[1].body.replace(b"REF*IA*118204~\n", b""))
    assert "REF*IA" not in text(begin([JUNIPER[0], one]), "guides/850.yaml")


def test_a_code_the_standard_does_not_have_is_left_open_in_the_guide() -> None:
    odd = JUNIPER[0]._replace(body=JUNIPER[0].body.replace(b"REF*IA*", b"REF*XQZ*"))
    written = guide_text("juniper", "850", see([odd], OURSELVES).sets)
    assert written is not None
    assert "# open, the standard says otherwise: REF*XQZ: required" in written
    guide.loads(written, "850")  # and the rest of it holds


def test_an_example_of_what_they_want_from_us_gives_a_guide_for_it() -> None:
    ours = JUNIPER[0].body.replace(b"*ZZ*JUNIPEROUTFIT  *12*6125550148     *", b"*12*6125550148     *ZZ*JUNIPEROUTFIT  *")
    wanted = Sample("810.edi", ours.replace(b"GS*PO*JUNIPEROUTFIT*6125550148", b"GS*PO*6125550148*JUNIPEROUTFIT"))
    seen = see([JUNIPER[1], wanted], OURSELVES)
    assert [each.direction for each in seen.sets] == ["in", "out"]
    assert seen.group == ("JUNIPEROUTFIT",)


@pytest.mark.parametrize(
    ("sample", "says"),
    [
        (Sample("other.edi", CASCADE.body.replace(b"6125550148     ", b"6125550149     ")), "none of them is us"),
        (Sample("empty.edi", b""), "holds no transaction set"),
        (Sample("test.edi", JUNIPER[1].body.replace(b"*P*:~", b"*T*:~")), "some are for test and some for production"),
    ],
)
def test_samples_that_do_not_belong_together_are_told(sample: Sample, says: str) -> None:
    with pytest.raises(WrongInput, match=says):
        begin([JUNIPER[0], sample])


def test_nothing_is_written_over(tmp_path: Path) -> None:
    begin(JUNIPER, ANSWERED, tmp_path).write()
    before = (tmp_path / "partners" / "juniper" / "partner.yaml").read_bytes()
    with pytest.raises(WrongInput, match="is there already"):
        begin(JUNIPER, Answers(), tmp_path).write()
    assert (tmp_path / "partners" / "juniper" / "partner.yaml").read_bytes() == before


def test_two_samples_of_one_name_are_told(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="two samples have this name"):
        begin([JUNIPER[0], JUNIPER[1]._replace(name=JUNIPER[0].name)], ANSWERED, tmp_path).write()
    assert list(tmp_path.iterdir()) == []


def test_an_sftp_connection_asks_for_its_server_and_says_how_its_host_key_is_pinned(tmp_path: Path) -> None:
    begin(JUNIPER, Answers("Juniper", "UTC", "24h", "24h", connection="sftp"), tmp_path).write()
    (tmp_path / "partners" / "_ourselves.yaml").write_text((ROOT / "partners" / "_ourselves.yaml").read_text())
    (connection,) = (tmp_path / "partners" / "connections").glob("*.yaml")
    assert "trust-host-key" in connection.read_text()
    with pytest.raises(Collected, match=r"host: '\?'") as refused:
        load(tmp_path / "partners")
    assert "login: '?'" in str(refused.value)
