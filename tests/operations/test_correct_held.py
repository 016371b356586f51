"""A held document is edited and goes on: theirs to the ERP and our rules again, ours to its checks; that approves nothing."""

from __future__ import annotations

import json

import msgspec
import pytest
from desk import Desk
from partner_says import northwind, order

from edi_gateway.errors import WrongInput
from edi_gateway.operations.audit import verify
from edi_gateway.operations.correct import edited
from edi_gateway.operations.correct_held import correct_held, held_text
from edi_gateway.order_to_cash.advice import Advice


def held(desk: Desk, **different: object) -> int:
    """An order that our rules hold for its price, or for what is given; its flow's number."""
    desk.drop(northwind(1, order("PO-1", **({"price": "99.99"} | different))))  # type: ignore[arg-type]  # quantity, price
    return desk.flow("held").id


def correct(desk: Desk, flow: int, *changes: str, text: str = "") -> str:
    answer = correct_held(desk.tools, flow, text, list(changes), because="they wrote to us", by="ann")
    desk.run()
    return answer.text


def test_an_order_goes_on_as_it_was_corrected_and_is_answered_so(any_desk: Desk) -> None:
    told = correct(any_desk, held(any_desk), "lines.0.unit_price=18.5")
    assert "99.99" in told
    assert any_desk.held() == []
    any_desk.later(minutes=10)
    assert any_desk.posted() == ["PO-1"]
    assert any_desk.sent("855")[0].one("PO1")[4] == "18.5"


def test_what_is_still_wrong_holds_it_again(desk: Desk) -> None:
    correct(desk, held(desk), "lines.0.unit_price=98")
    assert len(desk.held()) == 1
    assert desk.posted() == []


def test_the_erp_is_asked_again_about_what_it_is_now(desk: Desk) -> None:
    flow = held(desk)
    document = desk.flow("held").subject_id
    assert [item.known for item in advice(desk, document).items] == [True]
    correct(desk, flow, "lines.0.item_ids.0.id=000000000", "lines.0.item_ids.1.id=000000000000")
    assert [item.known for item in advice(desk, document).items] == [False]


def advice(desk: Desk, document: str) -> Advice:
    with desk.store.read() as unit:
        return msgspec.json.decode(unit.documents.advice(document), type=Advice)


def test_an_approval_that_was_asked_for_holds_no_longer(desk: Desk) -> None:
    flow = held(desk)
    with desk.store.read() as unit:
        asked = {one.id for one in unit.approvals.open(desk.flow("held").subject)}
    correct(desk, flow, "lines.0.unit_price=98")
    with desk.store.read() as unit:
        assert not asked & {one.id for one in unit.approvals.open(desk.flow("held").subject)}


def test_who_changed_what_and_why_is_on_record_and_what_came_stays(desk: Desk) -> None:
    flow = held(desk)
    correct(desk, flow, "lines.0.unit_price=18.5")
    [event] = desk.events("document.corrected")
    assert event.actor == "ann"
    assert event.text.startswith("order PO-1 was corrected while it was held: they wrote to us (")
    with desk.store.read() as unit:
        assert unit.payloads.read(desk.transmissions("in")[0].payload) == northwind(1, order("PO-1", price="99.99"))
    assert verify(desk.store).broken_at is None


def test_the_whole_document_is_shown_edited_and_given_back(desk: Desk) -> None:
    flow = held(desk)
    document = json.loads(held_text(desk.tools, flow))
    document["lines"][0]["unit_price"] = "18.5"
    correct(desk, flow, text=json.dumps(document))
    assert desk.held() == []


@pytest.mark.parametrize("wrong", ["lines.0.quantitty=3", "departmnt=77", "lines.0.item_ids.0.idd=1", "shipto.name=Store 4"])
@pytest.mark.parametrize("right", [[], ["lines.0.unit_price=18.5"]])
def test_a_misspelt_field_is_refused_also_beside_a_right_one_and_nothing_is_changed(
    desk: Desk, wrong: str, right: list[str]
) -> None:
    flow = held(desk)
    before = held_text(desk.tools, flow)
    with pytest.raises(WrongInput, match=r"names no field of the document — did you mean") as told:
        correct(desk, flow, *right, wrong)
    assert told.value.where == wrong.partition("=")[0]
    assert (held_text(desk.tools, flow), len(desk.held()), desk.posted()) == (before, 1, [])


def test_all_that_is_misspelt_is_told_at_once(desk: Desk) -> None:
    flow = held(desk)
    text = held_text(desk.tools, flow).replace('"unit_price"', '"unit_prise"')
    with pytest.raises(WrongInput) as told:
        correct(desk, flow, "lines.0.quantitty=3", "departmnt=77", text=text)
    assert [line.partition(":")[0] for line in str(told.value).splitlines()] == [
        "lines.0.unit_prise",
        "lines.0.quantitty",
        "departmnt",
    ]


def test_what_changes_nothing_is_not_advised_to_go_as_it_is(desk: Desk) -> None:
    flow = held(desk)
    with pytest.raises(WrongInput, match="nothing is changed by that") as told:
        correct(desk, flow, "lines.0.unit_price=99.99")
    assert told.value.do == f"say what is to differ; 'edi-gateway hold show {flow}' shows what it says"


def test_a_field_that_was_left_out_can_be_set(desk: Desk) -> None:
    flow = held(desk)
    assert "release_number" not in held_text(desk.tools, flow)
    correct(desk, flow, "release_number=77", "lines.0.pack=6", "terms.net_days=30", "lines.0.unit_price=98")
    now = json.loads(held_text(desk.tools, desk.flow("held").id))
    assert (now["release_number"], now["lines"][0]["pack"], now["terms"]["net_days"]) == ("77", 6, 30)


def test_a_field_that_was_set_can_be_emptied(desk: Desk) -> None:
    flow = held(desk)
    correct(desk, flow, "lines.0.pack=6", "terms.net_days=30", "lines.0.unit_price=98")
    correct(desk, desk.flow("held").id, "lines.0.pack=", "terms=")
    now = json.loads(held_text(desk.tools, desk.flow("held").id))
    assert "terms" not in now
    assert "pack" not in now["lines"][0]


@pytest.mark.parametrize(
    ("text", "what"), [("[]", "a list"), ("null", "null"), ("12", "a number"), ('"PO-1"', "a text"), ("true", "true or false")]
)
def test_a_document_that_is_no_object_is_said_to_be_that(text: str, what: str) -> None:
    for changes in ([], ["number=4"]):
        with pytest.raises(WrongInput, match=f"the document: is {what}, and no JSON object"):
            edited("order", text, changes)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ([], "nothing is changed"),
        (["number=PO-2"], "another number is another document"),
        (["lines.7.quantity=1"], "names no field"),
        (["lines.0.quantity=many"], "quantity"),
    ],
)
def test_what_is_no_correction_is_refused_and_changes_nothing(desk: Desk, changes: list[str], says: str) -> None:
    flow = held(desk)
    with pytest.raises(WrongInput, match=says):
        correct(desk, flow, *changes)
    assert desk.flow("held").id == flow
    assert desk.events("document.corrected") == []


def test_what_is_not_held_or_carries_no_document_is_refused(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.drop(b"no EDI at all")
    for flow in desk.flows():
        with pytest.raises(WrongInput):
            correct_held(desk.tools, flow.id, "", ["number=1"], because="x", by="ann")
