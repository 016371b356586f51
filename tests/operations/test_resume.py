"""Resume: a person lets go on what is held or dead."""

from __future__ import annotations

import pytest
from desk import CASCADE, Desk
from partner_says import change, northwind, order, rejects

from edi_gateway.errors import WrongInput
from edi_gateway.operations.resume import resume


def test_it_goes_on_at_the_stage_where_it_stopped_and_who_said_so_is_on_record(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", price="1")))
    held = desk.flow("held")
    resume(desk.store, held.id, by="ann")
    flow = desk.flow("ready")
    assert (flow.id, flow.stage, flow.tries, flow.because) == (held.id, "apply", 0, "")
    [told] = desk.events("flow.resumed")
    assert told.actor == "ann"
    assert told.text.endswith(f"it was held because: {held.because}")


def test_approval_lets_go_on_what_a_rule_held_and_only_that_once(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", price="1"), order("PO-2", price="1")))
    first = desk.flows("held")[0]
    resume(desk.store, first.id, by="ann")
    desk.run()
    assert desk.posted() == ["PO-1"]
    assert len(desk.held()) == 1


def test_what_is_not_mended_is_held_again(desk: Desk) -> None:
    desk.drop(northwind(1, change("PO-1")))
    before = desk.flow("held")
    resume(desk.store, before.id, by="ann")
    desk.run()
    assert desk.flow("held").because.startswith(before.because.partition(" — ")[0])


def test_a_rejected_set_resumed_is_dealt_with_and_stays_shown_as_rejected(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    desk.drop(northwind(2, rejects("PR", 1, "855")))
    resume(desk.store, desk.flow("held").id, by="ann")
    desk.run()
    assert desk.held() == []
    assert desk.set("855").acknowledgment == "rejected"


def test_what_is_not_stopped_is_not_resumed(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    done = desk.flows("done")[0]
    with pytest.raises(WrongInput, match=f"flow {done.id} is done; only held and dead ones wait for a person"):
        resume(desk.store, done.id, by="ann")


def test_a_flow_that_does_not_exist_is_said_so(desk: Desk) -> None:
    with pytest.raises(WrongInput, match="there is no flow 99"):
        resume(desk.store, 99, by="ann")


def test_only_an_unknown_sender_s_interchange_is_attached(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", price="1")))
    with pytest.raises(WrongInput, match="no interchange of an unknown sender"):
        resume(desk.store, desk.flow("held").id, by="ann", attach_to=CASCADE)
    assert len(desk.held()) == 1


def test_of_what_cannot_be_read_nothing_is_left_to_go_on_with(desk: Desk) -> None:
    desk.drop(b"no X12 at all")
    with pytest.raises(WrongInput, match="nothing of it is left to go on with — 'edi-gateway hold dismiss' ends it"):
        resume(desk.store, desk.flow("held").id, by="ann")
    assert len(desk.held()) == 1
