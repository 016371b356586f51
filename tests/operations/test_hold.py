"""Hold: what one server alone refuses, again and again, is held by a person, and what stands behind it goes on at once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from busy import RefusesOrder, Server
from desk import NOON, ROOT, Desk, new_postgres
from partner_says import northwind, order

from edi_gateway.clock import MovableClock
from edi_gateway.errors import TryAgain, WrongInput
from edi_gateway.operations.deliver_out_of_band import deliver_out_of_band
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.hold import hold
from edi_gateway.operations.resume import resume
from edi_gateway.store.rows import FlowRow
from edi_gateway.views.set_list import held

WIRE = "wire:northwind-mailbox"
A_WHILE = timedelta(minutes=8)
NO = "550: this name is refused"


def refusing() -> Server:
    return Server(refuses="855", why=TryAgain(NO))


@pytest.fixture
def server() -> Server:
    return refusing()


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a gateway that tries again and again."""
    data = tmp_path_factory.mktemp("there") / "data"
    desk = Desk(data, ROOT / "partners", MovableClock(NOON))
    stopped(refusing().lies_over(desk)).close()
    return data


@pytest.fixture
def desk(there: Path, make_desk: Callable[..., Desk], server: Server, tmp_path: Path) -> Desk:
    """A copy of that, as long after it began."""
    shutil.copytree(there, tmp_path / "data")
    desk = server.lies_over(make_desk())
    desk.clock.advance(A_WHILE)
    return desk


def stopped(desk: Desk) -> Desk:
    """The 855 of PO-1 is tried again and again; behind it stands the 997 of PO-2."""
    desk.drop(northwind(1, order("PO-1")))
    desk.later(seconds=A_WHILE.total_seconds())
    desk.drop(northwind(2, order("PO-2")))
    assert desk.codes() == ["997"]
    return desk


def retried(desk: Desk) -> FlowRow:
    [flow] = [flow for flow in desk.flows("ready") if flow.tries]
    return flow


def put_on_hold(desk: Desk, because: str = "they mend their filter on Monday") -> int:
    """Ann holds the 855; the number of its flow."""
    flow = retried(desk).id
    hold(desk.store, flow, because=because, by="ann")
    desk.run()
    return flow


def told_of_r31(desk: Desk) -> list[str]:
    return [event.control_number for event in desk.events("compliance.breach") if event.text.startswith("R31")]


def test_what_stands_behind_it_goes_at_once(desk: Desk) -> None:
    put_on_hold(desk)
    assert desk.codes() == ["997", "997"]
    assert desk.flow("held").stage == "send"


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_also_where_its_connection_counts_as_out_of_order_by_then(
    database: str, request: pytest.FixtureRequest, make_desk: Callable[..., Desk], server: Server
) -> None:
    url = new_postgres(request.getfixturevalue("postgres_url")) if database == "postgres" else ""
    desk = stopped(server.lies_over(make_desk(database=url)))
    desk.later(hours=3)
    assert desk.events("lane.down")
    put_on_hold(desk)
    assert desk.codes()[:2] == ["997", "997"]
    assert [event.subject for event in desk.events("lane.up")] == [f"lane:{WIRE}"]


def test_where_the_connection_itself_is_dead_the_next_one_is_its_probe_and_it_waits_on(desk: Desk, server: Server) -> None:
    desk.later(hours=3)
    server.refuses, server.why = "", TryAgain("the line is dead")  # whatever the name
    put_on_hold(desk)
    with desk.store.read() as unit:
        found = unit.breakers.of(WIRE)
    assert found is not None
    assert found.is_open(desk.clock.now())
    assert (desk.codes(), retried(desk).because) == (["997"], "the line is dead")


def test_who_held_it_and_why_is_on_record_and_it_counts_as_a_hold(desk: Desk) -> None:
    flow = put_on_hold(desk)
    [event] = desk.events("flow.held")
    assert (event.actor, event.partner) == ("ann", "northwind")
    assert "they mend their filter on Monday" in event.text
    assert NO in event.text
    assert [row.id for row in held(desk.store)] == [flow]
    assert desk.held() == [f"held by ann: they mend their filter on Monday; after 1 try: {NO}"]


def test_resumed_it_leaves_late_and_r31_is_told(desk: Desk, server: Server) -> None:
    flow = put_on_hold(desk)
    server.refuses = None
    resume(desk.store, flow, by="ann")
    desk.run()
    assert "855" in desk.codes()
    assert told_of_r31(desk) == ["000000002"]


def test_marked_as_delivered_it_is_awaited_and_r31_is_told(desk: Desk) -> None:
    deliver_out_of_band(desk.tools, put_on_hold(desk), because="by mail", by="ann")
    assert told_of_r31(desk) == ["000000002"]
    first = desk.sets("855")[0]
    assert (first.delivery, first.acknowledgment) == ("sent", "awaited")


def test_dismissed_its_way_ends_and_nothing_is_overtaken(desk: Desk) -> None:
    dismiss(desk.store, put_on_hold(desk), because="not wanted", by="ann")
    desk.run()
    assert (desk.held(), told_of_r31(desk)) == ([], [])


def test_what_is_retried_is_listed_until_it_is_held(desk: Desk) -> None:
    flow = retried(desk).id
    assert [(row.id, row.because) for row in held(desk.store, "", "retried")] == [(flow, NO)]
    assert held(desk.store) == []
    put_on_hold(desk)
    assert held(desk.store, "", "retried") == []


def test_while_it_is_tried_it_is_not_held(desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    flow, refused = retried(desk).id, list[str]()

    def somebody_holds(_name: str) -> None:
        with pytest.raises(WrongInput) as caught:
            hold(desk.store, flow, because="too long", by="ann")
        refused.append(str(caught.value))

    monkeypatch.setattr(server, "heard", somebody_holds)
    desk.later(minutes=5)
    assert refused[0].startswith(f"flow {flow} is at a try just now")
    assert desk.flows("held") == []


def test_an_engine_that_was_about_to_try_it_cannot(desk: Desk) -> None:
    seen = retried(desk)
    hold(desk.store, seen.id, because="too long", by="ann")
    with desk.store.write() as unit:
        assert not unit.flows.move(seen, state="attempting")  # what an engine that had looked before does first
    assert desk.flow("held").id == seen.id


def test_who_would_end_what_is_still_tried_is_told_to_hold_it_first(desk: Desk) -> None:
    flow = retried(desk).id
    with pytest.raises(WrongInput, match=f"only held and dead ones wait for a person — 'edi-gateway hold place {flow}' holds it"):
        dismiss(desk.store, flow, because="not wanted", by="ann")


def test_what_was_not_tried_yet_is_not_held(desk: Desk) -> None:
    [behind] = [flow for flow in desk.flows("ready") if flow.stage == "send" and not flow.tries]
    with pytest.raises(WrongInput, match=f"was not tried yet.*flow {retried(desk).id}"):
        hold(desk.store, behind.id, because="too long", by="ann")


def test_what_is_held_or_done_or_not_there_or_has_no_reason_is_refused(desk: Desk) -> None:
    flow = retried(desk).id
    for given, because, says in [
        (flow, " ", "a reason is needed"),
        (desk.flows("done")[0].id, "why", "is done; only what waits for its next try"),
        (4711, "why", "there is no flow 4711"),
    ]:
        with pytest.raises(WrongInput, match=says):
            hold(desk.store, given, because=because, by="ann")
    put_on_hold(desk)
    with pytest.raises(WrongInput, match="is held; only what waits for its next try"):
        hold(desk.store, flow, because="why", by="ann")


def test_an_order_that_its_erp_alone_refuses_is_held_the_same_way(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    desk.use(erps={**desk.erps, "simulator": RefusesOrder(desk.erp, "PO-1")})
    desk.drop(northwind(1, order("PO-1"), order("PO-2")))
    assert desk.posted() == []
    put_on_hold(desk)
    assert (desk.posted(), desk.flow("held").stage) == (["PO-2"], "deliver")
