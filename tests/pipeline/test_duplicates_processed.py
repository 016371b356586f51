"""Only what was really processed makes a second one a duplicate; and two connections with one interchange make one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from desk import NORTHWIND, Desk, Profiles, directory_of
from partner_says import northwind, order
from test_groups import interchange
from test_remittances import advice, billed
from world_stages import AtTheWorld

from edi_gateway.clock import MovableClock
from edi_gateway.errors import NeedsPerson
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.reject_hold import reject_hold
from edi_gateway.operations.resume import resume
from edi_gateway.pipeline.inbound.collect import collect
from edi_gateway.pipeline.stages import STAGES, WORLD_STAGES
from edi_gateway.pipeline.tools import Record, Tools
from edi_gateway.store.rows import FlowRow
from edi_gateway.trading.terms import DuplicatePolicy
from edi_gateway.worker.runner import Runner

BODY = northwind(1, order("PO-1"))


def states(desk: Desk) -> list[str]:
    return [row.state for row in desk.interchanges()]


def stuck(name: str, error: Exception) -> dict[str, Any]:
    """Stages of which one fails for a person."""

    def stage(_flow: FlowRow, _tools: Tools) -> Record:
        raise error

    return {**STAGES, name: stage}


def test_by_default_payloads_are_looked_into_interchanges_answered_again_and_orders_held_within_a_year() -> None:
    policy = DuplicatePolicy()
    assert (policy.payload, policy.interchange, policy.order) == ("look inside", "answer again", "hold")
    assert {policy.window_of(level) for level in ("payload", "interchange", "order")} == {timedelta(days=365)}


def test_every_level_has_a_window_of_its_own(profiles: Profiles, make_desk: Callable[..., Desk]) -> None:
    profiles.replace(NORTHWIND, "window: 365d", "window: 365d\n  interchange_window: 2d")
    desk = make_desk()
    desk.drop(BODY)
    desk.later(days=3)
    desk.drop(BODY)
    assert states(desk) == ["read", "read"]
    assert "order PO-1 of northwind is on record already" in desk.held()[0]


# -- the payload -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("policy", "state"), [("hold", "held"), ("ignore", "duplicate")])
def test_the_same_file_again_is_held_or_ignored_where_that_is_agreed(
    policy: str, state: str, profiles: Profiles, make_desk: Callable[..., Desk]
) -> None:
    profiles.replace(NORTHWIND, "interchange: answer again", f"payload: {policy}\n  interchange: answer again")
    desk = make_desk()
    desk.drop(BODY)
    desk.drop(BODY)
    assert states(desk) == ["read", state]
    assert len(desk.sent("997")) == 1


def test_a_file_that_was_itself_only_passed_over_makes_no_duplicate(profiles: Profiles, make_desk: Callable[..., Desk]) -> None:
    profiles.replace(NORTHWIND, "interchange: answer again", "payload: ignore\n  interchange: answer again\n  payload_window: 2d")
    desk = make_desk()
    desk.drop(BODY)
    desk.later(hours=30)
    desk.drop(BODY)
    desk.later(hours=30)
    desk.drop(BODY)  # the first is out of the window, and the second was never read
    assert states(desk) == ["read", "duplicate", "duplicate"]
    assert len(desk.sent("997")) == 2  # as an interchange it is an old one all the same, and gets its old answer


def test_a_file_whose_reading_stopped_for_a_person_makes_no_duplicate(profiles: Profiles, make_desk: Callable[..., Desk]) -> None:
    profiles.replace(NORTHWIND, "interchange: answer again", "payload: ignore\n  interchange: answer again")
    desk = make_desk(stages=stuck("read", NeedsPerson("its payload is gone")))
    desk.drop(BODY)
    desk = make_desk()
    desk.drop(BODY)
    assert states(desk) == ["read"]
    desk.later(hours=1)
    assert desk.posted() == ["PO-1"]


# -- the interchange -------------------------------------------------------------------------------


def test_an_interchange_of_which_only_the_beginning_was_read_makes_no_duplicate(
    make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edi_gateway.pipeline.inbound.read.SETS_A_CHUNK", 2)
    body = northwind(1, *(order(f"PO-{number}") for number in range(1, 6)))

    def read(flow: FlowRow, tools: Tools) -> Record:
        if flow.position:
            raise NeedsPerson("its payload is gone")
        return STAGES["read"](flow, tools)

    desk = make_desk(stages={**STAGES, "read": read})
    desk.drop(body)
    assert states(desk) == ["reading"]
    desk = make_desk()
    desk.drop(body)
    desk.later(hours=1)
    assert states(desk) == ["reading", "read"]
    assert sorted(desk.posted()) == [f"PO-{number}" for number in range(1, 6)]
    assert len([because for because in desk.held() if "on record already" in because]) == 2  # PO-1 and PO-2 came twice


def test_a_damaged_interchange_does_not_make_the_whole_one_a_duplicate(desk: Desk) -> None:
    desk.drop(BODY[: BODY.index(b"CTT")])
    desk.drop(BODY)
    desk.later(hours=1)
    assert states(desk)[-1] == "read"
    assert desk.posted() == ["PO-1"]


def test_an_unknown_senders_interchange_does_not_make_its_second_a_duplicate(desk: Desk) -> None:
    stranger = BODY.replace(b"7005551200", b"7005551299")
    desk.drop(stranger)
    desk.drop(stranger)
    assert states(desk) == ["unknown sender"] * 2
    resume(desk.store, desk.flows("held")[0].id, by="ann", attach_to=NORTHWIND)
    desk.run()
    assert states(desk) == ["read", "unknown sender"]


@pytest.mark.parametrize("policy", ["interchange: answer again", "payload: ignore\n  interchange: answer again"])
def test_an_interchange_whose_orders_were_all_dismissed_is_read_anew_when_it_comes_again_and_put_to_a_person(
    policy: str, profiles: Profiles, make_desk: Callable[..., Desk]
) -> None:
    profiles.replace(NORTHWIND, "interchange: answer again", policy)
    desk, body = make_desk(), northwind(1, order("PO-1", price="1"))
    desk.drop(body)
    dismiss(desk.store, desk.flow("held").id, because="they send it again", by="ann")
    desk.drop(body)
    assert states(desk) == ["read", "read"]
    assert "was not processed or not to its end; this one is" in desk.events("interchange.read_instead")[0].text
    assert desk.held()[0].startswith("the very same came before, and was dismissed")
    resume(desk.store, desk.flow("held").id, by="ann")
    desk.later(hours=1)
    resume(desk.store, desk.flow("held").id, by="ann")  # for its price, as the first was
    desk.later(hours=1)
    assert (desk.posted(), len(desk.sent("997"))) == (["PO-1"], 2)
    desk.drop(body)
    assert states(desk) == ["read", "read", "duplicate"]
    assert (desk.posted(), desk.held()) == (["PO-1"], [])


def test_what_we_refused_by_997_is_judged_anew_when_it_comes_again(profiles: Profiles, make_desk: Callable[..., Desk]) -> None:
    profiles.severities(NORTHWIND, set_segment_count="reject")
    desk, body = make_desk(), BODY.replace(b"SE*12*", b"SE*99*")
    assert body != BODY
    desk.drop(body)
    desk.drop(body)
    assert states(desk) == ["read", "read"]
    assert [answer.one("AK5")[1] for answer in desk.sent("997")] == ["R", "R"]
    profiles.severities(NORTHWIND, set_segment_count="warn")
    desk.use(directory=directory_of(profiles.folder))
    desk.drop(body)
    desk.later(hours=1)
    assert desk.sent("997")[-1].one("AK5")[1] != "R"
    assert desk.posted() == ["PO-1"]


def test_of_an_interchange_of_which_a_part_was_processed_nothing_is_processed_again(any_desk: Desk) -> None:
    desk = any_desk
    body = northwind(1, order("PO-1"), order("PO-2", price="1"))
    desk.drop(body)
    dismiss(desk.store, desk.flow("held").id, because="they send it again", by="ann")
    desk.later(hours=1)
    desk.drop(body)
    desk.later(hours=1)
    assert states(desk) == ["read", "duplicate"]
    assert (desk.posted(), desk.held()) == (["PO-1"], [])


def test_an_interchange_that_waits_for_a_person_is_read_a_second_time_only_once_it_is_dismissed(any_desk: Desk) -> None:
    desk, body = any_desk, northwind(1, order("PO-1", price="1"))
    desk.drop(body)
    desk.drop(body)
    assert states(desk) == ["read", "duplicate"]
    dismiss(desk.store, desk.flow("held").id, because="they send it again", by="ann")
    desk.drop(body)
    assert states(desk) == ["read", "duplicate", "read"]
    assert len(desk.held()) == 1


def test_a_group_that_waits_for_its_sender_may_be_processed_yet(desk: Desk) -> None:
    body = interchange(("NWDSTORES", order("PO-1", price="1")), ("STRANGER", order("PO-2")))
    desk.drop(body)
    dismiss(desk.store, next(flow.id for flow in desk.flows("held") if flow.stage != "read"), because="by telephone", by="ann")
    desk.drop(body)
    assert states(desk) == ["read", "duplicate"]


def test_what_was_dismissed_in_a_strangers_group_is_put_to_a_person_again_too(desk: Desk) -> None:
    body = interchange(("STRANGER", order("PO-2", price="1")))
    for ends in (True, False):
        desk.drop(body)
        resume(desk.store, desk.flow("held").id, by="ann", attach_to=NORTHWIND)
        desk.run()
        if ends:
            dismiss(desk.store, desk.flow("held").id, because="by telephone", by="ann")
    assert desk.held()[0].startswith("the very same came before, and was dismissed")


def test_a_remittance_that_was_applied_was_processed_whatever_the_erp_had_of_it(make_desk: Callable[..., Desk]) -> None:
    class Refusing(AtTheWorld):
        def does(self, *_: object) -> Record:
            raise NeedsPerson("the ERP refuses it")

    desk = make_desk()
    billed(desk)
    desk = make_desk(world={**WORLD_STAGES, "deliver": Refusing("deliver")})
    desk.drop(advice())
    dismiss(desk.store, desk.flow("held").id, because="keyed in there", by="ann")
    desk = make_desk()
    desk.drop(advice(), "again.edi")
    assert states(desk)[-1] == "duplicate"


def test_what_an_855_refused_was_processed(any_desk: Desk) -> None:
    desk = any_desk
    body = northwind(1, order("PO-1", price="1"))
    desk.drop(body)
    reject_hold(desk.tools, desk.flow("held").id, because="no such price", by="ann")
    desk.later(hours=1)
    desk.drop(body)
    assert states(desk) == ["read", "duplicate"]
    assert len(desk.sent("855")) == 1


# -- the order -------------------------------------------------------------------------------------


def test_an_order_that_was_never_translated_does_not_make_its_second_a_duplicate(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(stages=stuck("translate", NeedsPerson("a map is missing")))
    desk.drop(BODY)
    desk = make_desk()
    desk.drop(northwind(2, order("PO-1")))
    assert desk.held() == ["a map is missing"]  # the second waits behind it, and for nothing else
    dismiss(desk.store, desk.flow("held").id, because="the second one is right", by="ann")
    desk.later(hours=1)
    assert desk.held() == []
    assert desk.posted() == ["PO-1"]


def test_an_order_the_rules_held_does_not_make_its_second_a_duplicate_and_is_one_itself_when_resumed(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", price="1")))
    (held,) = desk.flows("held")
    desk.drop(northwind(2, order("PO-1")))
    desk.later(hours=1)
    assert desk.posted() == ["PO-1"]
    assert desk.flow("held").id == held.id


def test_an_order_the_erp_never_got_makes_no_duplicate_once_it_is_dismissed(make_desk: Callable[..., Desk]) -> None:
    class Refusing(AtTheWorld):
        def does(self, *_: object) -> Record:
            raise NeedsPerson("the ERP refuses it")

    desk = make_desk(world={**WORLD_STAGES, "deliver": Refusing("deliver")})
    desk.drop(BODY)
    (refused,) = desk.flows("held")
    desk = make_desk()
    desk.drop(northwind(2, order("PO-1")))
    assert desk.flow("held").id == refused.id  # it may still be resumed: the second waits behind it
    dismiss(desk.store, refused.id, because="they send it again", by="ann")
    desk.later(hours=1)
    assert desk.held() == []
    assert desk.posted() == ["PO-1"]


@pytest.mark.parametrize("change", ["release", "ship-to"])
def test_another_release_or_another_place_is_another_order(desk: Desk, change: str) -> None:
    second = order("PO-1")
    if change == "release":
        second[1] = ["BEG", "00", "SA", "PO-1", "7", "20261116"]
    else:
        second[6] = ["N1", "ST", "NORTHWIND STORES DC 0620", "92", "0620"]
    desk.drop(BODY)
    desk.drop(northwind(2, second))
    desk.later(hours=1)
    assert desk.posted() == ["PO-1", "PO-1"]


# -- two at once -----------------------------------------------------------------------------------


def two_connections(profiles: Profiles, folder: Path) -> Path:
    """Gives Northwind a second connection, a folder; its inbox."""
    inbox = folder / "van-in"
    for each in (inbox, folder / "van-out"):
        each.mkdir()
    (profiles.folder / "connections/van.yaml").write_text(
        f"name: van\nkind: folder\nsenders: [northwind]\ninbox: {inbox}\noutbox: {folder / 'van-out'}\n"
    )
    return inbox


@pytest.mark.parametrize("numbers", ["one by one", "any"])
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_two_connections_that_race_with_one_interchange_make_one(
    database: str, numbers: str, profiles: Profiles, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    from desk import new_postgres

    profiles.replace(NORTHWIND, "interchange: answer again", f"numbers: {numbers}\n  interchange: answer again")
    van = two_connections(profiles, tmp_path)
    url = new_postgres(request.getfixturevalue("postgres_url")) if database == "postgres" else ""
    both, lanes = threading.Barrier(2), ("intake:northwind-mailbox", "intake:van")

    def read(flow: FlowRow, tools: Tools) -> Record:
        record = STAGES["read"](flow, tools)
        both.wait(10)  # nothing is on record of either yet
        return record

    desk = Desk(tmp_path / "data", profiles.folder, MovableClock(), database=url, stages={**STAGES, "read": read})
    other = Runner(desk.runner.tools, {**STAGES, "read": read}, WORLD_STAGES)  # the lanes of one engine take turns
    other.begin()
    for number in range(1, 6):
        body = northwind(number, order(f"PO-{number}"))
        desk.put(body, f"{number}.edi")
        (van / f"{number}.edi").write_bytes(body)
        desk.clock.advance(timedelta(minutes=1))
        for name in ("northwind-mailbox", "van"):
            source = desk.connections.source(name)
            source.look()
            desk.clock.advance(timedelta(seconds=5))
            assert collect(desk.store, name, source) == 1
        engines = zip((desk.runner, other), lanes, strict=True)
        drains = [threading.Thread(target=engine.drain, args=(lane,)) for engine, lane in engines]
        for drain in drains:
            drain.start()
        for drain in drains:
            drain.join(30)
    assert sorted(states(desk)) == ["duplicate"] * 5 + ["read"] * 5
    desk.runner._stages = STAGES
    desk.later(hours=1)
    assert desk.posted() == [f"PO-{number}" for number in range(1, 6)]
    desk.close()
