"""What we are to send is corrected while it is held: it goes as what it is, and what they rejected as an original once more."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from desk import NORTHWIND, Desk, Profiles
from partner_says import northwind, order, rejects

from edi_gateway.errors import WrongInput
from edi_gateway.operations.correct_held import correct_held, held_text
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.request import Answer, Request
from edi_gateway.operations.resume import resume
from edi_gateway.operations.second_pair import ask, give
from edi_gateway.trading.loader import load
from edi_gateway.views.compliance import checked

Make = Callable[..., Desk]
PACK = "pack: Northwind manual\nsource: Vendor Manual §7\ndated: 2026-05-01\nrules:\n"


def answered(desk: Desk) -> Desk:
    """An order came, and its 855 was written; nothing left after it yet."""
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    return desk


def correct(desk: Desk, *changes: str, text: str = "", by: str = "ann") -> Answer:
    answer = correct_held(desk.tools, desk.flow("held").id, text, list(changes), because="mistyped", by=by)
    desk.run()
    return answer


def new_rules(desk: Desk, rule: str) -> None:
    """The partner's manual is another one from now on."""
    (desk.partners / NORTHWIND / "compliance.yaml").write_text(f"{PACK}  {rule}\n")
    desk.use(directory=load(desk.partners))


@pytest.fixture
def held_855(make_desk: Make, profiles: Profiles) -> Desk:
    """The 855 breaks a guide that wants an order number of ours, and another one than the ERP has."""
    guide = profiles.folder / NORTHWIND / "guides/855.yaml"
    text = guide.read_text()
    guide.write_text(text.replace("  BAK09: required ", '  BAK08: {required, codes: ["SO-12345"]}\n  BAK09: required '))
    desk = answered(make_desk())
    assert "BAK08" in desk.held()[0]
    return desk


def test_an_855_that_breaks_their_guide_is_mended_and_leaves_as_the_original_it_is(held_855: Desk) -> None:
    correct(held_855, "seller_order_number=SO-12345")
    sent = held_855.sent("855")[0]
    assert (sent.one("BAK")[1], sent.one("BAK")[8], held_855.held()) == ("00", "SO-12345", [])
    assert len(held_855.sets("855")) == 1


def test_what_still_breaks_it_is_held_again(held_855: Desk) -> None:
    correct(held_855, "seller_order_number=SO-54321")
    assert "'SO-54321' is not among the codes" in held_855.held()[0]
    assert held_855.sent("855") == []


def test_whether_it_is_a_replacement_is_not_for_a_person_to_say(held_855: Desk) -> None:
    with pytest.raises(WrongInput, match="its purpose is 'original'"):
        correct(held_855, "purpose=replacement", "seller_order_number=SO-12345")
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

    def test_what_a_second_person_agreed_to_is_not_edited_while_it_is_held(self, make_desk: Make, profiles: Profiles) -> None:
        profiles.add(NORTHWIND, "second_person: [855]")
        desk = answered(make_desk())
        desk.drop(northwind(2, rejects("PR", 1, "855")))
        new_rules(desk, "R24: {does: block}")
        asked = correct(desk, "vendor_number=7")
        give(desk.tools, asked.approval or 0, by="bob")
        desk.run()
        assert [flow.stage for flow in desk.flows("held")] == ["check"]
        with pytest.raises(WrongInput, match=r"a second person agreed to it as it is.*correct what they have anew"):
            correct(desk, "vendor_number=8")
        dismiss(desk.store, desk.flow("held").id, because="another number", by="ann")
        desk.run()
        assert correct(desk, "vendor_number=8").approval is not None
        assert len(desk.sent("855")) == 1


def test_a_set_that_cannot_be_enveloped_is_written_anew(
    make_desk: Make, profiles: Profiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    profiles.add(NORTHWIND, "security: {qualifier: '01', information: env:NORTHWIND_PASSWORD}")
    desk = answered(make_desk())
    monkeypatch.setenv("NORTHWIND_PASSWORD", "SECRET")
    [flow] = [each for each in desk.flows("held") if each.subject == f"transaction:{desk.set('855').id}"]
    correct_held(desk.tools, flow.id, "", ["seller_order_number=SO-12345"], because="mistyped", by="ann")
    desk.run()
    assert desk.sent("855")[0].one("BAK")[8] == "SO-12345"
    assert len(desk.sets("855")) == 1


class TestWhatTheOrderHasCounted:
    """From 'compose' on the order thread has counted it: only what moves no quantity and no money is for a person to edit."""

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ("lines.0.unit_price=0.01", "unit_price"),
            ("lines.0.quantity=144", "quantity"),
            ("lines.0.decisions.0.quantity=144", "decisions"),
            ("lines.0.decisions.0.status=rejected", "status"),
            ("decision=rejected", "decision"),
        ],
    )
    def test_of_an_855_no_price_no_quantity_and_no_decision_is_changed(self, held_855: Desk, change: str, said: str) -> None:
        with pytest.raises(WrongInput, match=rf"order has counted .*PO-1 as it was.*{said}.*once it has left") as refused:
            correct(held_855, "seller_order_number=SO-12345", change)
        assert "seller_order_number" not in str(refused.value)
        assert (held_855.sent("855"), len(held_855.held())) == ([], 1)

    @pytest.mark.parametrize(
        "changes",
        [("lines.0.unit_price=99",), ("total=4752.00",), ("invoiced_on=2020-01-01",), ("currency=CAD",), ("lines.0.number=7",)],
    )
    def test_nor_is_the_money_of_an_810(self, make_desk: Make, profiles: Profiles, changes: tuple[str, ...]) -> None:
        guide = profiles.folder / NORTHWIND / "guides/810.yaml"
        guide.write_text(guide.read_text().replace("segments:\n", "segments:\n  REF*ZZ: required\n", 1))
        desk = answered(make_desk())
        desk.later(hours=8)
        with pytest.raises(WrongInput, match="has counted"):
            correct(desk, *changes)
        assert desk.sent("810") == []

    def test_what_may_be_changed_is_judged_again_and_the_look_is_kept(self, held_855: Desk) -> None:
        new_rules(held_855, "R24: {does: warn}")
        correct(held_855, "seller_order_number=SO-12345", "vendor_number=7")
        (found,) = checked(held_855.store, "PO-1")
        assert found.check is not None
        assert [each.occasion for each in (found.check, *found.earlier)] == ["correct", "draft"]
        results = {each.rule: each.result for each in found.check.verdicts}
        assert (results["R24"], results["R05"], len(held_855.sent("855"))) == ("warned", "kept", 1)

    def test_what_a_rule_blocks_then_is_held_however_often_it_is_corrected_until_a_person_lets_it_go(
        self, held_855: Desk
    ) -> None:
        new_rules(held_855, "R24: {does: block}")
        for number in ("7", "8"):
            correct(held_855, "seller_order_number=SO-12345", f"vendor_number={number}")
            assert [(flow.stage, flow.because[:3]) for flow in held_855.flows("held")] == [("check", "R24")]
        with pytest.raises(WrongInput, match="has counted"):
            correct(held_855, "lines.0.unit_price=0.01")
        resume(held_855.store, held_855.flow("held").id, by="ann")
        held_855.run()
        assert (len(held_855.sent("855")), held_855.held()) == (1, [])
