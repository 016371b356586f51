"""Drafts that a person resumes, withholds or dismisses: nothing goes before its time, and nothing is told that did not happen."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from billing_scenes import charge, ship
from desk import Desk
from partner_says import northwind, order, rejects
from test_billing import states

from edi_gateway.errors import WrongInput
from edi_gateway.operations.after_restore import RESTORED, after_restore
from edi_gateway.operations.correct_held import correct_held
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.invoices import Taken, credit_invoice, release_invoice, withhold_invoice
from edi_gateway.operations.resume import resume
from edi_gateway.operations.resume_cause import resume_cause
from edi_gateway.store.flows import Flows
from edi_gateway.store.rows import FlowRow
from edi_gateway.views.invoices import invoice

DAILY = '{window: daily, cut_off: "17:00"}'


def restored(desk: Desk) -> None:
    """The store is one of a backup now: what was on its way is held."""
    after_restore(desk.store, desk.clock.now(), by="anna")


def sent(desk: Desk) -> list[str]:
    return [one.one("BIG")[2] for one in desk.sent("810")]


def draft(desk: Desk, number: str) -> FlowRow:
    """The flow of a draft."""
    with desk.store.read() as unit:
        return unit.flows.of(f"document:{invoice(desk.store, number)[0].document}")[0]


def die(desk: Desk, was: FlowRow) -> None:
    """What killed its worker too often."""
    with desk.store.write() as unit:
        assert unit.flows.move(was, state="ready")
        ready = unit.flows.get(was.id)
        assert ready
        assert unit.flows.move(ready, state="dead", because="its worker died 3 times")


# -- resumed -------------------------------------------------------------------------------------


def test_a_draft_that_a_restore_held_still_waits_for_its_window_when_it_is_resumed(billing: Callable[[str], Desk]) -> None:
    desk = billing(DAILY)
    ship(desk, "S1", 20)
    charge(desk, "N1", "S1", 10)
    charge(desk, "N2", "S1", 10)
    restored(desk)
    resume(desk.store, draft(desk, "N1").id, by="anna")
    desk.run()
    assert (sent(desk), states(desk)) == ([], {"N1": "draft", "N2": "draft"})
    assert draft(desk, "N2").state == "held"
    resume_cause(desk.store, RESTORED, by="anna")
    desk.later(hours=9)
    (one,) = desk.sent("810")
    assert (one.one("BIG")[2], one.one("IT1")[2]) == ("N1", "20")


def test_a_draft_whose_window_closed_while_it_was_held_goes_when_it_is_resumed(billing: Callable[[str], Desk]) -> None:
    desk = billing(DAILY)
    ship(desk, "S1", 48)
    charge(desk, "N1", "S1", 48)
    restored(desk)
    desk.later(hours=9)
    assert sent(desk) == []
    resume(desk.store, draft(desk, "N1").id, by="anna")
    desk.run()
    assert sent(desk) == ["N1"]


@pytest.mark.parametrize("stop", [restored, lambda desk: die(desk, draft(desk, "N1"))])
def test_resuming_what_was_stopped_while_it_waited_for_its_856_is_no_word_that_it_may_go_without(
    billing: Callable[[str], Desk], stop: Callable[[Desk], None]
) -> None:
    desk = billing("{}")
    ship(desk, "S1", 48)
    desk.drop(northwind(2, rejects("SH", int(desk.sent("856")[0].one("GS")[6]), "856")))
    dismiss(desk.store, desk.flow("held").id, because="they will mend it", by="anna")
    charge(desk, "N1", "S1", 48)
    stop(desk)
    resume(desk.store, draft(desk, "N1").id, by="anna")
    desk.run()
    assert sent(desk) == []
    assert "the 856 of shipment S1 was rejected" in draft(desk, "N1").position


@pytest.mark.parametrize("words", ["{release: by hand}", DAILY])
def test_resuming_what_was_held_to_be_released_by_hand_releases_it(billing: Callable[[str], Desk], words: str) -> None:
    desk = billing(words)
    ship(desk, "S1", 48)
    charge(desk, "N1", "S1", 48)
    if words == DAILY:
        withhold_invoice(desk.store, "N1", because="the price is in dispute", by="anna")
    resume(desk.store, draft(desk, "N1").id, by="anna")
    desk.run()
    assert sent(desk) == ["N1"]


# -- withheld ------------------------------------------------------------------------------------


def test_a_dead_draft_is_withheld_like_any_other(billing: Callable[[str], Desk]) -> None:
    desk = billing(DAILY)
    ship(desk, "S1", 48)
    charge(desk, "N1", "S1", 48)
    die(desk, draft(desk, "N1"))
    withhold_invoice(desk.store, "N1", because="the price is in dispute", by="anna")
    assert states(desk) == {"N1": "withheld"}
    release_invoice(desk.store, "N1", by="anna")
    desk.run()
    assert sent(desk) == ["N1"]


# -- dismissed -----------------------------------------------------------------------------------


def test_a_dismissed_credit_note_has_taken_back_nothing(billing: Callable[[str], Desk]) -> None:
    desk = billing("{release: by hand}")
    ship(desk, "S1", 48)
    charge(desk, "N1", "S1", 48)
    release_invoice(desk.store, "N1", by="anna")
    desk.run()
    credit_invoice(desk.store, "N1", {"001": Taken(Decimal(8))}, why="returned", by="anna")
    desk.run()
    dismiss(desk.store, draft(desk, "N1-C1").id, because="nothing came back", by="anna")
    number = credit_invoice(desk.store, "N1", {}, why="returned", by="anna")
    desk.run()
    assert invoice(desk.store, number)[0].total == Decimal("-888.00")


@pytest.mark.parametrize("state", ["held", "dead"])
def test_a_credit_note_that_is_stopped_before_its_draft_counts_and_one_that_is_dismissed_does_not(
    billing: Callable[[str], Desk], state: str
) -> None:
    desk = billing("{release: by hand}")
    ship(desk, "S1", 48)
    charge(desk, "N1", "S1", 48)
    release_invoice(desk.store, "N1", by="anna")
    desk.run()
    first = credit_invoice(desk.store, "N1", {"001": Taken(Decimal(30))}, why="returned", by="anna")
    restored(desk)
    (stopped,) = (flow for flow in desk.flows("held") if flow.stage == "draft")
    if state == "dead":
        die(desk, stopped)
    with pytest.raises(WrongInput, match="18"):
        credit_invoice(desk.store, "N1", {"001": Taken(Decimal(40))}, why="returned", by="ben")
    dismiss(desk.store, stopped.id, because="nothing came back", by="anna")
    assert credit_invoice(desk.store, "N1", {"001": Taken(Decimal(40))}, why="returned", by="ben") == first


@pytest.mark.parametrize("stage", ["bill", "check"])
def test_a_dismissed_draft_is_no_invoice_of_its_order_any_more(billing: Callable[[str], Desk], stage: str) -> None:
    desk = billing("{release: by hand}")
    ship(desk, "S1", 48)
    charge(desk, "N1", "S1", 48, price="99")
    if stage == "check":
        release_invoice(desk.store, "N1", by="anna")
        desk.run()
    assert draft(desk, "N1").stage == stage
    dismiss(desk.store, draft(desk, "N1").id, because="the price is wrong", by="anna")
    assert states(desk) == {}
    with pytest.raises(WrongInput, match="there is no invoice 'N1'"):
        release_invoice(desk.store, "N1", by="anna")


# -- corrected -----------------------------------------------------------------------------------


def test_a_draft_that_is_corrected_still_waits_to_be_released_and_is_judged_as_it_is_then(billing: Callable[[str], Desk]) -> None:
    desk = billing("{release: by hand}")
    ship(desk, "S1", 48)
    charge(desk, "N1", "S1", 48)
    answer = correct_held(desk.tools, draft(desk, "N1").id, "", ["vendor_number=12345"], because="a new one", by="anna")
    desk.run()
    assert "waits to be released with vendor_number" in answer.text
    assert sent(desk) == []
    release_invoice(desk.store, "N1", by="bob")
    desk.run()
    assert desk.held()[0].startswith("R24 vendor number: the order says '700418826', this says '12345'")


def test_a_draft_that_names_the_wrong_shipment_is_corrected_under_its_own_number(billing: Callable[[str], Desk]) -> None:
    desk = billing("{release: by hand}")
    ship(desk, "S1", 48)
    charge(desk, "N1", "S2", 48)
    flow = draft(desk, "N1").id
    with pytest.raises(WrongInput, match="its number is N1: another number is another document"):
        correct_held(desk.tools, flow, "", ["number=N2"], because="mistyped", by="anna")
    correct_held(desk.tools, flow, "", ["shipment=S1"], because="mistyped", by="anna")
    with desk.store.read() as unit:
        assert unit.documents.read(draft(desk, "N1").subject_id).shipment == "S1"  # type: ignore[attr-defined]  # an Invoice


# -- two at the same moment ----------------------------------------------------------------------


def test_a_draft_that_somebody_withheld_at_that_moment_does_not_go_into_the_consolidated_invoice(
    billing: Callable[[str], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = billing(DAILY)
    ship(desk, "S1", 20)
    charge(desk, "N1", "S1", 15)
    charge(desk, "N2", "S1", 5)
    before = draft(desk, "N2")
    withhold_invoice(desk.store, "N2", because="the price is in dispute", by="anna")
    monkeypatch.setattr(Flows, "at_stage", lambda self, lane, stage, **same: [before] if stage == "bill" else [])
    desk.later(hours=9)
    (one,) = desk.sent("810")
    assert (one.one("BIG")[2], one.one("IT1")[2]) == ("N1", "15")
    assert states(desk)["N2"] == "withheld"


@pytest.mark.parametrize("act", ["release", "withhold", "resume", "dismiss"])
def test_of_a_draft_that_went_on_at_that_moment_nothing_is_told(
    billing: Callable[[str], Desk], monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    desk = billing("{release: by hand}")
    ship(desk, "S1", 48)
    charge(desk, "N1", "S1", 48)
    before, told = draft(desk, "N1"), len(desk.events())
    with desk.store.write() as unit:
        unit.flows.move(before, state="ready", stage="check")  # as another process does
    monkeypatch.setattr(Flows, "of", lambda self, subject: [before])
    monkeypatch.setattr(Flows, "get", lambda self, id: before)
    acts: dict[str, Callable[[], object]] = {
        "release": lambda: release_invoice(desk.store, "N1", by="anna"),
        "withhold": lambda: withhold_invoice(desk.store, "N1", because="a dispute", by="anna"),
        "resume": lambda: resume(desk.store, before.id, by="anna"),
        "dismiss": lambda: dismiss(desk.store, before.id, because="a dispute", by="anna"),
    }
    with pytest.raises(WrongInput, match="moved by somebody else just now"):
        acts[act]()
    assert len(desk.events()) == told
    assert list(states(desk)) == ["N1"]


def test_a_document_that_went_on_at_that_moment_is_not_corrected(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.drop(northwind(1, order("PO-1", price="99.99")))
    before = desk.flow("held")
    resume(desk.store, before.id, by="anna")
    monkeypatch.setattr(Flows, "get", lambda self, id: before)
    with pytest.raises(WrongInput, match="moved by somebody else just now"):
        correct_held(desk.tools, before.id, "", ["lines.0.unit_price=18.5"], because="they wrote to us", by="anna")
    assert desk.events("document.corrected") == []
    with desk.store.read() as unit:
        assert "99.99" in unit.documents.get(before.subject_id).body
