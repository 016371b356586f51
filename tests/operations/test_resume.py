"""Resume: a person lets go on what is held or dead."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import CASCADE, CHANGES_AGREED, Desk, Profiles
from partner_says import change, northwind, order

from edi_gateway.errors import WrongInput
from edi_gateway.operations.resume import resume
from edi_gateway.operations.seen import ChangedSince


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


def test_what_the_buyer_changed_since_it_was_read_is_not_approved(profiles: Profiles, make_desk: Callable[[], Desk]) -> None:
    profiles.replace("northwind", "agreements:\n", f"agreements:\n{CHANGES_AGREED.strip(chr(10))}\n")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1", price="1")))
    read = desk.flow("held")
    more = [[*segment[:6], "1", *segment[7:]] if segment[0] == "POC" else segment for segment in change("PO-1")]
    desk.later(minutes=1)
    desk.drop(northwind(2, more))
    with pytest.raises(ChangedSince, match=f"flow {read.id} is not what you read"):
        resume(desk.store, read.id, by="ann", seen=read.changed_at)
    resume(desk.store, read.id, by="ann", seen=desk.flow("held").changed_at)
    desk.run()
    assert desk.posted() == ["PO-1"]
