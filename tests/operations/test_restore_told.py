"""After a restore nobody is told twice what is past, no replay goes on, and webhooks hear under ids they know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from alert_scenes import Watched, terms
from desk import Desk, new_sqlite
from partner_says import northwind, order

from edi_gateway.errors import TryAgain
from edi_gateway.operations import replay
from edi_gateway.operations.after_restore import AfterRestore, after_restore
from edi_gateway.operations.backup import backup, put_back, read_whole
from edi_gateway.operations.restore_alerts import count_as_told
from edi_gateway.store.database import Database
from edi_gateway.store.replays import Terms
from edi_gateway.store.selection import Selection

Restored = Callable[..., Desk]


@pytest.fixture
def came_to() -> list[AfterRestore]:
    """What restores of this scene came to."""
    return []


@pytest.fixture
def restored(desk: Desk, tmp_path: Path, came_to: list[AfterRestore]) -> Restored:
    """A second gateway on a copy of the first one."""

    def restored(**later: float) -> Desk:
        backup(desk.store, desk.folder, tmp_path / "backup")
        desk.clock.advance(timedelta(**later))
        about = read_whole(tmp_path / "backup", tmp_path / "new")
        put_back(tmp_path / "backup", tmp_path / "new")
        store = Database(new_sqlite(tmp_path / "new"), desk.clock, tmp_path / "new" / "payloads")
        came_to.append(after_restore(store, about.made_at, by="ann"))
        store.close()
        return Desk(tmp_path / "new", desk.partners, desk.clock)

    return restored


def taken_up(other: Desk) -> Watched:
    """The alerts of a restored gateway, counted as told under the terms of these scenes."""
    watched = Watched(other)
    count_as_told(other.store, watched.terms)
    return watched


def held(desk: Desk) -> Watched:
    desk.drop(northwind(1, order("PO-1", price="99.99")))
    return Watched(desk)


def test_who_was_told_before_is_not_told_again_and_who_is_next_is_told_in_time(desk: Desk, restored: Restored):
    assert held(desk).look() == 1
    watched = taken_up(restored(minutes=30))
    watched.look()
    assert watched.told == []
    watched.later(hours=2)
    assert [channel for channel, _ in watched.told] == ["boss"]


def test_what_fell_due_since_counts_as_told_too(desk: Desk, restored: Restored):
    held(desk).look()
    watched = taken_up(restored(hours=5))
    watched.later(hours=30)
    assert watched.told == []
    assert watched.alert().state == "open"


def test_what_was_just_being_told_may_have_arrived_and_does_not_go_again(desk: Desk, restored: Restored):
    at_work = held(desk)
    at_work.fails = TryAgain("mail server: cannot be reached")
    at_work.look()
    other = restored(minutes=30)
    watched = taken_up(other)
    watched.look()
    assert watched.told == []
    with other.store.read() as unit:
        [notice] = unit.notices.of(watched.alert().id)
    assert (notice.state, notice.because) == ("unknown", "the gateway was restored from a backup: it may have been told since")


def test_what_happened_just_before_the_copy_and_was_not_read_yet_counts_as_told(desk: Desk, restored: Restored):
    held(desk)
    watched = taken_up(restored(hours=1))
    assert watched.look() == 0
    assert watched.told == []
    assert watched.alert().step == 1


def test_what_happens_after_the_restore_is_told_as_ever(desk: Desk, restored: Restored):
    held(desk).look()
    watched = taken_up(restored(hours=5))
    watched.happens("as2.refused", "as2:1")
    watched.look()
    assert [channel for channel, _ in watched.told] == ["desk"]


def test_steps_that_repeat_go_on_in_their_rhythm(desk: Desk, restored: Restored):
    every_hour = terms(escalations=[{"name": "usual", "steps": [{"tell": ["desk"]}], "again": "1h"}])
    held(desk)
    Watched(desk, every_hour).look()
    other = restored(minutes=210)
    count_as_told(other.store, every_hour)
    watched = Watched(other, every_hour)
    watched.look()
    assert watched.told == []
    other.clock.advance(timedelta(minutes=30))
    watched.look()
    assert len(watched.told) == 1


# -- replays and webhooks ----------------------------------------------------------------------------------------------------


def test_a_replay_that_was_running_does_not_go_on(desk: Desk, restored: Restored, came_to: list[AfterRestore]):
    held(desk)
    id = replay.begin(desk.tools, Selection(state="held"), Terms(), because="mended", by="ann")
    other = restored(hours=1)
    replay.run(other.tools, id)
    with other.store.read() as unit:
        [item] = unit.replays.items(id, 10)
        assert unit.replays.find(id).state == "done"  # type: ignore[union-attr]  # it is there
    assert item.state == "failed"
    assert "it may have been replayed since" in item.text
    assert came_to[0].replays == 1


def test_a_dry_run_goes_on(desk: Desk, restored: Restored):
    held(desk)
    id = replay.begin(desk.tools, Selection(state="held"), Terms(is_dry=True), because="to see", by="ann")
    other = restored(hours=1)
    replay.run(other.tools, id)
    with other.store.read() as unit:
        assert [item.state for item in unit.replays.items(id, 10)] == ["done"]


def test_a_webhook_is_told_again_under_the_id_it_knows(desk: Desk, restored: Restored):
    with desk.store.write() as unit:
        webhook = unit.webhooks.add("https://erp.example/told", [], None, by="ann")
        unit.webhooks.plan(webhook, 1, "msg_known")
    with restored(hours=1).store.read() as unit:
        assert [each.message_id for each in unit.webhooks.due(webhook, 10)] == ["msg_known"]


def test_whoever_follows_the_events_hears_where_they_go_on(desk: Desk, restored: Restored, came_to: list[AfterRestore]):
    held(desk)
    before = len(desk.events())
    other = restored(hours=1)
    assert came_to[0].head == len(other.events()) > before
