"""Correct: a document of ours goes again as it should have been, in the one way that the partner can take."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from desk import NORTHWIND, Desk, Profiles
from partner_says import northwind, order, rejects

from edi_gateway.errors import WrongInput
from edi_gateway.operations.correct import corrected, text_of
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.request import Answer, Request
from edi_gateway.operations.second_pair import ask


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """An order came and its 855 has left, to a partner that takes replacements."""
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    return desk


def correct(desk: Desk, *changes: str, text: str = "") -> Answer:
    id = desk.sets("855")[0].id
    body = corrected(desk.tools, id, text, list(changes))
    arguments = {"document": body}
    answer = ask(desk.tools, Request(operation="correct", transaction=id, because="typed wrong", by="ann", arguments=arguments))
    desk.run()
    return answer


def test_what_was_not_rejected_is_replaced(desk: Desk) -> None:
    correct(desk, "seller_order_number=SO-12345")
    first, second = desk.sent("855")
    assert (first.one("BAK")[1], second.one("BAK")[1]) == ("00", "05")
    assert first.one("ISA")[13] != second.one("ISA")[13]


def test_a_partner_that_takes_no_replacement_gets_none_before_somebody_called(
    make_desk: Callable[..., Desk], profiles: Profiles
) -> None:
    guide = profiles.folder / NORTHWIND / "guides/855.yaml"
    guide.write_text(guide.read_text().replace('BAK01: {codes: ["00", "05"]}', 'BAK01: {codes: ["00"]}'))
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    correct(desk, "seller_order_number=SO-12345")
    assert "BAK01: '05' is not among the codes" in desk.held()[0]
    assert len(desk.sent("855")) == 1
    dismiss(desk.store, desk.flow("held").id, because="they want none", by="ann")
    with desk.store.read() as unit:
        [answer] = unit.documents.in_thread(desk.order("PO-1").id, "order acknowledgment")
    assert (answer.id, desk.held()) == (desk.sets("855")[0].document_id, [])


def test_what_was_rejected_goes_as_an_original_once_more(desk: Desk) -> None:
    desk.drop(northwind(2, rejects("PR", 1, "855")))
    correct(desk, "seller_order_number=SO-12345")
    assert [sent.one("BAK")[1] for sent in desk.sent("855")] == ["00", "00"]
    assert desk.held() == []


def test_the_correction_takes_the_place_of_the_first_and_knows_it(desk: Desk) -> None:
    before = desk.set("855").document_id
    answer = correct(desk, "seller_order_number=SO-12345")
    with desk.store.read() as unit:
        [link] = unit.descent.children(f"document:{before}")
        assert (link.child, link.how, link.because) == (answer.child, "correct", "typed wrong")
        [now] = unit.documents.in_thread(desk.order("PO-1").id, "order acknowledgment")
    assert f"document:{now.id}" == answer.child


def test_what_is_shown_can_be_edited_and_given_back(desk: Desk) -> None:
    body: dict[str, Any] = json.loads(text_of(desk.tools, desk.set("855").id))
    body["seller_order_number"] = "SO-777"
    correct(desk, text=json.dumps(body))
    assert len(desk.sent("855")) == 2


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("number=PO-2", "another number is another document"),
        ("lines.7.quantity=1", "names no field"),
        (
            "seller_order_numbr=SO-1",
            "seller_order_numbr: 'seller_order_numbr' names no field .*did you mean 'seller_order_number'",
        ),
        ("lines.0.quantitty=1", "lines.0.quantitty: 'quantitty' names no field of the document"),
        ("lines.0.quantity=many", "is no order acknowledgment"),
        ("decision=accepted", "nothing is changed"),
    ],
)
def test_what_is_no_correction_is_refused_and_nothing_goes(desk: Desk, change: str, why: str) -> None:
    with pytest.raises(WrongInput, match=why):
        correct(desk, *([change] if "decision" not in change else []))
    assert len(desk.sent("855")) == 1


def test_one_document_is_corrected_once(desk: Desk) -> None:
    correct(desk, "seller_order_number=SO-12345")
    with pytest.raises(WrongInput, match="was corrected already, by ann"):
        correct(desk, "seller_order_number=SO-54321")
