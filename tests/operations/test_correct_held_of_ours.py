"""What we are to send is corrected while it is held: it goes as what it is, and what they rejected as an original once more."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from desk import NORTHWIND, Desk, Profiles
from partner_says import northwind, order, rejects

from edi_gateway.errors import WrongInput
from edi_gateway.operations.correct_held import correct_held, held_text
from edi_gateway.operations.request import Answer, Request
from edi_gateway.operations.second_pair import ask, give

Make = Callable[..., Desk]


def answered(desk: Desk) -> Desk:
    """An order came, and its 855 was written; nothing left after it yet."""
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    return desk


def correct(desk: Desk, *changes: str, text: str = "", by: str = "ann") -> Answer:
    answer = correct_held(desk.tools, desk.flow("held").id, text, list(changes), because="mistyped", by=by)
    desk.run()
    return answer


@pytest.fixture
def held_855(make_desk: Make, profiles: Profiles) -> Desk:
    """The 855 breaks a guide that knows no such vendor number."""
    guide = profiles.folder / NORTHWIND / "guides/855.yaml"
    text = guide.read_text()
    guide.write_text(text.replace("REF*IA: {required, repeat: 1}", 'REF*IA: {required, repeat: 1, REF02: {codes: ["12345"]}}'))
    desk = answered(make_desk())
    assert "REF02" in desk.held()[0]
    return desk


def test_an_855_that_breaks_their_guide_is_mended_and_leaves_as_the_original_it_is(held_855: Desk) -> None:
    correct(held_855, "vendor_number=12345")
    sent = held_855.sent("855")[0]
    assert (sent.one("BAK")[1], held_855.held()) == ("00", [])
    assert ["REF", "IA", "12345"] in sent.all("REF")
    assert len(held_855.sets("855")) == 1


def test_what_still_breaks_it_is_held_again(held_855: Desk) -> None:
    correct(held_855, "vendor_number=54321")
    assert "'54321' is not among the codes" in held_855.held()[0]
    assert held_855.sent("855") == []


def test_whether_it_is_a_replacement_is_not_for_a_person_to_say(held_855: Desk) -> None:
    with pytest.raises(WrongInput, match="its purpose is 'original'"):
        correct(held_855, "purpose=replacement", "vendor_number=12345")
    assert held_855.sent("855") == []


class TestWhatTheyRejected:
    """The flow waits for a person at ``await``."""

    @pytest.fixture
    def rejected(self, make_desk: Make) -> Desk:
        desk = answered(make_desk())
        desk.drop(northwind(2, rejects("PR", 1, "855")))
        return desk

    def test_it_goes_corrected_as_an_original_and_is_work_no_more(self, rejected: Desk) -> None:
        answer = correct(rejected, "seller_order_number=SO-12345")
        assert "goes again, corrected, as an original" in answer.text
        assert [sent.one("BAK")[1] for sent in rejected.sent("855")] == ["00", "00"]
        assert rejected.held() == []

    def test_its_document_is_shown_and_given_back(self, rejected: Desk) -> None:
        document = json.loads(held_text(rejected.tools, rejected.flow("held").id))
        document["seller_order_number"] = "SO-12345"
        correct(rejected, text=json.dumps(document))
        assert len(rejected.sent("855")) == 2

    def test_it_does_not_go_beside_one_that_went_again_already(self, rejected: Desk) -> None:
        flow = rejected.flow("held").id
        ask(rejected.tools, Request(operation="re-envelope", transaction=rejected.set("855").id, because="mended", by="bob"))
        with pytest.raises(WrongInput, match=f"flow {flow} is done"):
            correct_held(rejected.tools, flow, "", ["vendor_number=12345"], because="mistyped", by="ann")

    def test_it_waits_for_a_second_person_where_the_profile_says_so(self, make_desk: Make, profiles: Profiles) -> None:
        profiles.add(NORTHWIND, "second_person: [855]")
        desk = answered(make_desk())
        desk.drop(northwind(2, rejects("PR", 1, "855")))
        asked = correct(desk, "seller_order_number=SO-12345")
        assert asked.approval is not None
        assert len(desk.sent("855")) == 1
        give(desk.tools, asked.approval, by="bob")
        desk.run()
        assert len(desk.sent("855")) == 2


def test_a_set_that_cannot_be_enveloped_is_written_anew(
    make_desk: Make, profiles: Profiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    profiles.add(NORTHWIND, "security: {qualifier: '01', information: env:NORTHWIND_PASSWORD}")
    desk = answered(make_desk())
    monkeypatch.setenv("NORTHWIND_PASSWORD", "SECRET")
    [flow] = [each for each in desk.flows("held") if each.subject == f"transaction:{desk.set('855').id}"]
    correct_held(desk.tools, flow.id, "", ["vendor_number=12345"], because="mistyped", by="ann")
    desk.run()
    assert ["REF", "IA", "12345"] in desk.sent("855")[0].all("REF")
    assert len(desk.sets("855")) == 1
