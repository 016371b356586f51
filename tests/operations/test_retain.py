"""Retain: bytes go when their time is over, nothing else does, and the chain of events stays whole."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from desk import NORTHWIND, Desk, Profiles
from partner_says import accepts, northwind, order

from edi_gateway.errors import NeedsPerson
from edi_gateway.operations.apply import apply, in_force
from edi_gateway.operations.audit import verify
from edi_gateway.operations.retain import retain
from edi_gateway.pipeline.tools import start
from edi_gateway.store.payloads import IN_ROW
from edi_gateway.trading.loader import load


@pytest.fixture
def desk(make_desk: Callable[..., Desk], profiles: Profiles) -> Desk:
    profiles.add(NORTHWIND, "retention:\n  payloads: 30d")
    profiles.replace(NORTHWIND, "window: 365d", "window: 365d\n  interchange_window: 30d")
    return make_desk()


def answered(desk: Desk) -> None:
    """An order of which everything is over: its 855 was accepted."""
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    desk.drop(northwind(2, accepts("PR", 1, "855")))


def days_pass(desk: Desk, days: int) -> None:
    desk.clock.advance(timedelta(days=days))


def is_there(desk: Desk, sha256: str) -> bool:
    with desk.store.read() as unit:
        return unit.payloads.find(sha256) is not None


def test_bytes_go_when_their_time_is_over_and_not_before(desk: Desk) -> None:
    answered(desk)
    days_pass(desk, 29)
    assert retain(desk.store, desk.directory) == []
    days_pass(desk, 2)
    [gone] = retain(desk.store, desk.directory)
    assert (gone.partner, gone.payloads) == (NORTHWIND, 4)
    assert retain(desk.store, desk.directory) == []


def test_who_was_taken_out_of_force_is_kept_as_long_as_their_last_profile_says(desk: Desk) -> None:
    apply(desk.store, desk.partners, by="ann")
    answered(desk)
    with desk.store.write() as unit:
        for kind, name in (("partner", NORTHWIND), ("connection", desk.transmissions()[0].connection)):
            assert unit.versions.apply(kind, name, "", "", by="ann")
    left = in_force(desk.store)
    assert left is not None
    days_pass(desk, 29)
    assert retain(desk.store, left) == []
    days_pass(desk, 2)
    [gone] = retain(desk.store, left)
    assert (gone.partner, gone.payloads) == (NORTHWIND, 4)


def test_a_dry_run_says_the_same_and_removes_nothing(desk: Desk) -> None:
    answered(desk)
    days_pass(desk, 31)
    would = retain(desk.store, desk.directory, is_dry=True)
    assert would == retain(desk.store, desk.directory)


def test_history_stays_and_the_chain_is_whole(desk: Desk) -> None:
    answered(desk)
    days_pass(desk, 31)
    before = len(desk.events())
    retain(desk.store, desk.directory)
    assert verify(desk.store).broken_at is None
    assert len(desk.events()) == before + 1
    assert desk.set("850").business_number == "PO-1"


def test_what_is_asked_for_afterwards_says_when_and_why_it_went(desk: Desk) -> None:
    answered(desk)
    days_pass(desk, 31)
    retain(desk.store, desk.directory)
    with desk.store.read() as unit, pytest.raises(NeedsPerson, match="as the partner's retention says — ask the partner"):
        unit.payloads.open(desk.transmissions("in")[0].payload)


def test_what_is_held_or_awaited_stays_however_old(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", price="1")))  # held
    desk.drop(northwind(2, order("PO-2")))
    desk.later(minutes=10)  # its 855 is never answered
    days_pass(desk, 400)
    retain(desk.store, desk.directory)
    [held] = [one for one in desk.transmissions("in") if one.id == 1]
    [unanswered] = [one for one in desk.transmissions("out") if one.name.startswith("855")]
    assert is_there(desk, held.payload)
    assert is_there(desk, unanswered.payload)


def test_what_is_held_stays_although_the_same_bytes_moved_before_and_that_is_over(desk: Desk) -> None:
    answered(desk)
    first = desk.transmissions()[0]
    with desk.store.write() as unit:
        same = {name: getattr(first, name) for name in ("direction", "connection", "payload", "state", "partner")}
        again = unit.transmissions.add(**same, name="again.edi", identity="again")
        start(unit, "read", f"transmission:{again}", connection=first.connection, state="held", because="the same file")
    days_pass(desk, 400)
    retain(desk.store, desk.directory)
    assert is_there(desk, first.payload)


def test_bytes_that_come_again_at_that_very_moment_stay(any_desk: Desk) -> None:
    answered(any_desk)
    first = any_desk.transmissions()[0]
    days_pass(any_desk, 4000)
    retaining = threading.Thread(target=lambda: retain(any_desk.store, any_desk.directory))
    with any_desk.store.write() as unit:
        unit.payloads.put(northwind(1, order("PO-1")))
        same = {name: getattr(first, name) for name in ("direction", "connection", "payload", "state", "partner")}
        unit.transmissions.add(**same, name="again.edi", identity="again")
        retaining.start()
        retaining.join(0.3)  # as far as it comes
    retaining.join(20)
    assert is_there(any_desk, first.payload)


def test_a_control_number_that_comes_again_after_its_bytes_are_gone_is_a_new_interchange(desk: Desk, profiles: Profiles) -> None:
    answered(desk)
    days_pass(desk, 31)
    retain(desk.store, desk.directory)
    profiles.replace(NORTHWIND, "30d", "365d")  # from now on: what is gone is gone
    desk.use(directory=load(profiles.folder))
    desk.drop(northwind(1, order("PO-2")), "again.edi")
    assert [row.business_number for row in desk.sets("850")] == ["PO-1", "PO-2"]
    assert [one.state for one in desk.interchanges()][-1] == "read"
    assert "bytes that are removed by now" in desk.events("interchange.number_reused")[0].text


def test_large_payloads_lose_their_file_and_bytes_that_come_again_are_kept_again(desk: Desk) -> None:
    large = northwind(1, order("PO-1")) + b"\n" * IN_ROW
    desk.drop(large)
    desk.later(minutes=10)
    desk.drop(northwind(2, accepts("PR", 1, "855")))
    sha256 = desk.transmissions("in")[0].payload
    days_pass(desk, 31)
    retain(desk.store, desk.directory)
    assert not list((desk.folder / "payloads").glob("??/*"))
    desk.drop(large, "again.edi")
    assert is_there(desk, sha256)
