"""What fails: tried again later, then dead; what needs a person is held; a defect says so and shows nothing of its inside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from desk import Desk
from partner_says import northwind, order

from edi_gateway.errors import Defect, NeedsPerson, TryAgain
from edi_gateway.mapping.library import Library
from edi_gateway.operations.after_restore import after_restore
from edi_gateway.operations.reconcile import ask_others
from edi_gateway.operations.resume import resume
from edi_gateway.pipeline.outcome import Outcome
from edi_gateway.pipeline.stages import STAGES
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.worker.moves import MOST_DEFECTS, MOST_TRIES


def failing(error: Exception) -> Callable[..., Any]:
    def stage(_flow: FlowRow, _tools: object) -> Callable[[Unit], Outcome]:
        raise error

    return stage


def failing_to_record(error: Exception) -> Callable[..., Any]:
    def stage(_flow: FlowRow, _tools: object) -> Callable[[Unit], Outcome]:
        def record(unit: Unit) -> Outcome:
            unit.events.tell("made.before.the.failure", "x:1", "must be rolled back")
            raise error

        return record

    return stage


def at_translate(make_desk: Callable[..., Desk], stage: Callable[..., Any]) -> Desk:
    desk = make_desk(stages={**STAGES, "translate": stage})
    desk.drop(northwind(1, order("PO-1")))
    return desk


def test_what_may_go_later_is_tried_again_after_longer_and_longer_pauses(make_desk: Callable[..., Desk]) -> None:
    desk = at_translate(make_desk, failing(TryAgain("asleep")))
    pauses = []
    for tries in range(1, 6):
        flow = desk.flow("ready")
        assert (flow.tries, flow.because) == (tries, "asleep")
        pauses.append(flow.due_at - desk.clock.now())
        desk.clock.advance(pauses[-1])
        desk.run()
    for tries, pause in enumerate(pauses):
        assert timedelta(seconds=0.8 * 2**tries) <= pause <= timedelta(seconds=1.2 * 2**tries)


def test_what_never_goes_is_dead_in_the_end_and_told_and_can_be_resumed(make_desk: Callable[..., Desk]) -> None:
    desk = at_translate(make_desk, failing(TryAgain("asleep")))
    desk.later(hours=24 * 8)
    assert (desk.flow("dead").tries, desk.flow("dead").because) == (MOST_TRIES, "asleep")
    assert len(desk.events("flow.dead")) == 1
    again = make_desk()
    resume(again.store, again.flow("dead").id, by="operator")
    again.later(hours=1)
    assert again.posted() == ["PO-1"]


def test_what_needs_a_person_is_held_at_once(make_desk: Callable[..., Desk]) -> None:
    desk = at_translate(make_desk, failing(NeedsPerson("which of the two?", do="say which")))
    assert desk.held() == ["which of the two? — say which"]
    assert desk.events("flow.held")[0].text == "which of the two? — say which"


@pytest.mark.parametrize("fails", [failing, failing_to_record])
@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("boom\n[SQL: INSERT INTO flow VALUES (1)]\n[parameters: ('secret',)]"),
        KeyError("elements"),
        Defect("a promise was broken"),
    ],
    ids=["sql", "key", "defect"],
)
def test_a_defect_is_tried_a_few_times_and_then_held_without_its_inside(
    make_desk: Callable[..., Desk], fails: Callable[..., Any], error: Exception
) -> None:
    desk = at_translate(make_desk, fails(error))
    desk.later(minutes=1)
    desk.later(minutes=1)
    [because] = desk.held()
    assert because.startswith("a defect of the gateway at 'translate': ")
    assert "please report it" in because
    for inside in ("SQL", "Traceback", "secret", "File "):
        assert inside not in because
    assert desk.flow("held").tries == MOST_DEFECTS - 1
    assert desk.events("made.before.the.failure") == []


def test_a_mistake_of_the_database_shows_no_sql(any_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def twice(unit: Unit) -> Outcome:
        for _ in range(2):
            unit.documents._connection.exec_driver_sql(
                "INSERT INTO business_claim (partner, kind, key, document_id, at) VALUES ('p', 'k', 'x', 'd', '2026-01-01')"
            )
        raise AssertionError("the second one is refused")

    any_desk.runner._stages = {**STAGES, "translate": lambda _flow, _tools: twice}
    any_desk.drop(northwind(1, order("PO-1")))
    any_desk.later(minutes=1)
    any_desk.later(minutes=1)
    [because] = any_desk.held()
    assert "INSERT" not in because
    assert "\n" not in because
    assert any_desk.codes() == ["997"]


def test_one_that_fails_to_record_takes_nothing_of_its_batch_with_it(make_desk: Callable[..., Desk]) -> None:
    def stage(flow: FlowRow, tools: Any) -> Callable[[Unit], Outcome]:
        if flow.subject == f"transaction:{desk.sets('850')[1].id}":
            return failing_to_record(NeedsPerson("this one"))(flow, tools)  # type: ignore[no-any-return]
        return STAGES["translate"](flow, tools)

    desk = make_desk()
    desk.runner._stages = {**STAGES, "translate": stage}
    desk.drop(northwind(1, order("PO-1"), order("PO-2"), order("PO-3")))
    assert desk.held() == ["this one"]
    assert desk.posted() == ["PO-1", "PO-3"]


def test_a_broken_map_is_mended_and_resumed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Library, "reading", failing(NeedsPerson("the map is broken")))
        desk.drop(northwind(1, order("PO-1")))
    assert desk.codes() == ["997"]
    resume(desk.store, desk.flow("held").id, by="analyst")
    desk.later(hours=7)
    assert desk.codes() == ["997", "855", "856", "810"]


def test_a_partner_nobody_can_reach_holds_up_no_other_partner(desk: Desk) -> None:
    desk.connections.sink("cascade-mailbox")
    outbox = desk.folder / "mailboxes/cascade/outbox"
    outbox.rmdir()
    desk.put("cascade-850-plain.edi", at="cascade")
    desk.drop(northwind(1, order("PO-1")))
    assert desk.codes() == ["997"]
    outbox.mkdir()
    for flow in desk.flows("held", "dead"):
        resume(desk.store, flow.id, by="operator")
    desk.later(hours=2)
    assert "997" in desk.codes(to="cascade")


# -- an ERP that is gone -------------------------------------------------------------------------

GONE = "ERP connector 'simulator' is in no profile in force — put it in force again and resume this, or dismiss it"


def test_an_order_whose_erp_is_gone_says_which_one_at_deliver(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", price="5.0")))
    erps = desk.erps
    desk.use(erps={"other": desk.test_erp})
    resume(desk.store, desk.flow("held").id, by="ann", admin=True)
    desk.run()
    held = desk.flow("held")
    assert (held.stage, held.because) == ("deliver", GONE)
    desk.use(erps=erps)
    resume(desk.store, held.id, by="ann")
    desk.run()
    assert desk.posted() == ["PO-1"]


def test_an_order_whose_erp_is_gone_says_which_one_at_consult(desk: Desk) -> None:
    desk.use(erps={"other": desk.test_erp})
    desk.drop(northwind(1, order("PO-1")))
    held = desk.flow("held")
    assert (held.stage, held.because) == ("consult", GONE)


def test_after_a_restore_an_erp_that_is_gone_leaves_it_unknown_what_it_has(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", price="5.0")))
    with desk.store.write() as unit:
        held = desk.flow("held")
        unit.flows.move(held, state="ready", stage="deliver", lane="erp:simulator")
    after_restore(desk.store, desk.clock.now(), by="ann")
    assert ask_others(desk.tools, {}, by="ann").unknown == 1
