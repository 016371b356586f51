"""Replay: our stages once more on what we have; nothing is posted or sent twice unless it is told to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from desk import NORTHWIND, ROOT, Desk, Profiles, applied_sqlite, library
from partner_says import change, northwind, order, rejects

from edi_gateway.errors import WrongInput
from edi_gateway.mapping.library import Library
from edi_gateway.operations import replay
from edi_gateway.operations.approve import approve_order
from edi_gateway.operations.second_pair import give, refuse
from edi_gateway.store.replays import ReplayItem, Terms
from edi_gateway.store.selection import Selection


def replayed(desk: Desk, selection: Selection | None = None, **terms: Any) -> list[ReplayItem]:
    """Runs a replay, of orders unless it is said otherwise, and whatever it set going; its items."""
    id = replay.begin(desk.tools, selection or Selection(code="850"), Terms(**terms), because="the map was wrong", by="ann")
    replay.run(desk.tools, id)
    desk.run()
    with desk.store.read() as unit:
        return unit.replays.items(id, 1000)


def only(items: list[ReplayItem]) -> ReplayItem:
    (one,) = items
    return one


def with_map(desk: Desk, old: str, new: str) -> None:
    """The desk with the order map changed in one place."""
    texts = library(ROOT / "maps").texts("850-order")
    path = "850-order.yaml"
    assert old in texts[path]
    every = {key: text for name in library(ROOT / "maps").names() for key, text in library(ROOT / "maps").texts(name).items()}
    every[path] = every[path].replace(old, new)
    desk.use(maps=Library.of(every))


@pytest.fixture
def ordered(desk: Desk) -> Desk:
    """One order, posted and answered."""
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    return desk


@pytest.mark.parametrize("origin", ["raw", "parsed", "mapped"])
@pytest.mark.parametrize("versions", ["current", "pinned"])
def test_what_was_posted_is_computed_again_and_nothing_else(
    make_desk: Callable[..., Desk], tmp_path: Path, origin: str, versions: str
) -> None:
    desk = make_desk(database=applied_sqlite(tmp_path / "data"))
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    sent = desk.sent()
    item = only(replayed(desk, origin=origin, versions=versions))
    assert (item.state, item.effect, item.told) == ("done", "recomputed", [])
    desk.later(minutes=10)
    assert desk.posted() == ["PO-1"]
    assert desk.sent() == sent


def test_a_map_that_reads_otherwise_shows_what_it_would_mean(ordered: Desk) -> None:
    with_map(ordered, "REF*DP", "REF*ZZ")
    item = only(replayed(ordered, is_dry=True))
    assert any("department: was 042, is missing now" in line for line in item.told), item.told
    assert item.child == ""
    assert ordered.posted() == ["PO-1"]


def test_a_child_is_linked_to_its_parent_and_the_document_in_force_stays(ordered: Desk) -> None:
    before = ordered.set("850").document_id
    with_map(ordered, "REF*DP", "REF*ZZ")
    item = only(replayed(ordered))
    with ordered.store.read() as unit:
        [link] = unit.descent.children(f"document:{before}")
    assert (link.child, link.how, link.actor) == (item.child, "replay", "ann")
    assert ordered.set("850").document_id == before


def test_a_dry_run_changes_nothing_but_its_own_rows(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", price="1")))
    before = desk.flow("held")
    item = only(replayed(desk, is_dry=True, sends=True))
    assert item.effect == "goes on"
    assert desk.flow("held") == before


def test_what_was_held_goes_on_and_is_posted_once(desk: Desk) -> None:
    with_map(desk, " BEG03", " BEG09")
    desk.drop(northwind(1, order("PO-1"), order("PO-2")))
    assert len(desk.flows("held")) == 2
    desk.use(maps=library(ROOT / "maps"))
    items = replayed(desk, Selection(state="held"))
    assert {item.effect for item in items} == {"goes on"}
    replayed(desk, Selection(code="850"))
    assert desk.posted() == ["PO-1", "PO-2"]
    desk.later(minutes=10)
    assert desk.codes().count("855") == 2


def test_what_still_cannot_be_mapped_stays_held_and_says_why(desk: Desk) -> None:
    with_map(desk, " BEG03", " BEG09")
    desk.drop(northwind(1, order("PO-1")))
    item = only(replayed(desk))
    assert item.state == "failed"
    assert item.text
    assert len(desk.flows("held")) == 1


def test_told_to_it_posts_again_as_a_document_of_its_own(ordered: Desk) -> None:
    first = ordered.set("850").document_id
    item = only(replayed(ordered, sends=True))
    assert item.effect == "posted again"
    assert ordered.posted() == ["PO-1", "PO-1"]
    assert ordered.set("850").document_id != first
    assert ordered.held() == []


def test_what_was_refused_by_997_is_not_taken_after_all_unless_told(desk: Desk) -> None:
    desk.drop(northwind(1, [segment for segment in order("PO-1") if segment[0] not in ("BEG", "PO1")]))
    assert desk.set("850").validation == "invalid"
    item = only(replayed(desk))
    assert item.state == "failed"
    assert desk.posted() == []


def test_raw_reads_the_bytes_again_under_today_s_severities(make_desk: Callable[..., Desk], profiles: Profiles) -> None:
    profiles.severities(NORTHWIND, note_paired="reject")
    desk = make_desk()
    wrong = [segment[:9] if segment[0] == "PO1" else segment for segment in order("PO-1")]
    desk.drop(northwind(1, wrong))
    before = desk.set("850").validation
    profiles.severities(NORTHWIND, note_paired="off")
    again = make_desk()
    item = only(replayed(again, origin="raw", is_dry=True))
    assert item.state == "done", item.text
    assert before == "invalid"
    assert any(line.startswith("validation: was invalid") for line in item.told)


class TestWhatWeSent:
    def test_is_composed_again_and_not_sent(self, ordered: Desk) -> None:
        sent = ordered.sent()
        item = only(replayed(ordered, Selection(code="855"), origin="mapped"))
        assert (item.effect, item.told) == ("recomputed", [])
        assert ordered.sent() == sent

    def test_goes_again_under_new_numbers_when_told_to_after_they_rejected_it(self, ordered: Desk) -> None:
        ordered.drop(northwind(2, rejects("PR", 1, "855")))
        item = only(replayed(ordered, Selection(code="855"), origin="mapped", sends=True))
        assert item.effect == "sent again"
        first, second = ordered.sent("855")
        assert first.one("BAK") == second.one("BAK")
        assert first.one("ISA")[13] != second.one("ISA")[13]
        assert item.child == f"transaction:{ordered.sets('855')[1].id}"

    @pytest.mark.parametrize("is_dry", [True, False])
    def test_is_no_second_original_of_what_they_have(self, ordered: Desk, is_dry: bool) -> None:
        item = only(replayed(ordered, Selection(code="855"), origin="mapped", sends=True, is_dry=is_dry))
        assert item.effect == "recomputed"
        assert "did not reject it (awaited): this would be a second original" in item.text
        assert len(ordered.sent("855")) == 1

    def test_goes_again_in_the_same_interchange_when_numbers_are_kept(self, ordered: Desk) -> None:
        unfetched = only(replayed(ordered, Selection(code="855"), origin="mapped", sends=True, numbers="kept"))
        assert (unfetched.state, "they have not fetched it" in unfetched.text) == ("failed", True)
        ordered.fetch()
        replayed(ordered, Selection(code="855"), origin="mapped", sends=True, numbers="kept")
        first, second = ordered.sent("855")
        assert first.body == second.body

    def test_is_not_sent_by_two_replays_that_both_only_look(self, ordered: Desk) -> None:
        for versions in ("current", "current"):
            replayed(ordered, Selection(direction="out"), origin="mapped", versions=versions)
        assert len(ordered.sent("855")) == 1
        assert len(ordered.sent("997")) == 1

    def test_waits_for_a_second_person_where_the_profile_says_so(
        self, make_desk: Callable[..., Desk], profiles: Profiles
    ) -> None:
        profiles.add(NORTHWIND, "second_person: [855]")
        desk = make_desk()
        desk.drop(northwind(1, order("PO-1")))
        desk.later(minutes=10)
        desk.drop(northwind(2, rejects("PR", 1, "855")))
        item = only(replayed(desk, Selection(code="855"), origin="mapped", sends=True))
        assert item.effect == "asked"
        assert len(desk.sent("855")) == 1


class TestAnOrderPostedAgainWhereASecondPersonAgreesToItsAnswers:
    """The profile names sets that would follow."""

    @pytest.fixture
    def desk(self, make_desk: Callable[..., Desk], profiles: Profiles) -> Desk:
        profiles.add(NORTHWIND, "second_person: [810, 856]")
        desk = make_desk()
        desk.drop(northwind(1, order("PO-1")))
        desk.later(hours=8)
        return desk

    def test_nothing_is_posted_and_nothing_leaves_before_that_one_agrees(self, desk: Desk) -> None:
        item = only(replayed(desk, sends=True))
        desk.later(hours=8)
        assert (item.effect, "waits for a second person (approval 1)" in item.text) == ("asked", True)
        assert (desk.posted(), len(desk.sent("856")), len(desk.sent("810"))) == (["PO-1"], 1, 1)
        with pytest.raises(WrongInput, match="ann asked for this; another person has to agree"):
            give(desk.tools, 1, by="ann")
        assert give(desk.tools, 1, by="bob").text == "850 PO-1 is posted again"
        desk.later(hours=8)
        assert (desk.posted(), len(desk.sent("856")), len(desk.sent("810"))) == (["PO-1"] * 2, 2, 2)
        assert desk.set("850").document_id == item.child.partition(":")[2]

    def test_where_that_one_does_not_nothing_follows_and_it_may_be_asked_again(self, desk: Desk) -> None:
        replayed(desk, sends=True)
        assert "waits already, ann asked for it" in only(replayed(desk, sends=True)).text
        refuse(desk.tools, 1, because="they have it", by="bob")
        assert only(replayed(desk, sends=True)).effect == "asked"
        desk.later(hours=8)
        assert desk.posted() == ["PO-1"]

    def test_computing_it_alone_asks_nobody(self, desk: Desk) -> None:
        assert only(replayed(desk)).effect == "recomputed"
        with desk.store.read() as unit:
            assert unit.approvals.open() == []


class TestOneThatWasStopped:
    """By a kill, an error or a person."""

    @pytest.fixture
    def held(self, desk: Desk) -> Desk:
        with_map(desk, " BEG03", " BEG09")
        desk.drop(northwind(1, *(order(f"PO-{number}") for number in range(1, 8))))
        desk.use(maps=library(ROOT / "maps"))
        return desk

    def test_goes_on_where_it_was_and_posts_everything_once(self, held: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(replay, "BATCH", 2)
        id = replay.begin(held.tools, Selection(state="held"), Terms(), because="mended", by="ann")
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                replay.run(held.tools, id, progress=_stop)
            held.run()
        replay.run(held.tools, id)
        replay.run(held.tools, id)
        held.run()
        assert sorted(held.posted()) == [f"PO-{number}" for number in range(1, 8)]
        assert len(held.events("replay.ended")) == 1

    def test_in_the_middle_of_a_commit_has_done_all_of_it_or_nothing(self, held: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(replay, "BATCH", 3)
        id = replay.begin(held.tools, Selection(state="held"), Terms(), because="mended", by="ann")
        whole, times = replay._record, iter(range(100))

        def dies(*given: Any) -> None:
            whole(*given)
            if next(times) == 4:
                raise KeyboardInterrupt

        monkeypatch.setattr(replay, "_record", dies)
        with pytest.raises(KeyboardInterrupt):
            replay.run(held.tools, id)
        assert len(held.flows("held")) == 4  # the first commit's three went on
        replay.run(held.tools, id)
        held.run()
        assert sorted(held.posted()) == [f"PO-{number}" for number in range(1, 8)]

    def test_two_that_mean_the_same_sets_post_them_once(self, held: Desk) -> None:
        one, other = (
            replay.begin(held.tools, Selection(state="held"), Terms(), because="mended", by=who) for who in ("ann", "bob")
        )
        for id in (one, other, one):
            replay.run(held.tools, id)
        held.run()
        assert sorted(held.posted()) == [f"PO-{number}" for number in range(1, 8)]
        with held.store.read() as unit:
            assert {item.effect for item in unit.replays.items(other, 10)} == {"on its way"}


class TestWhichSets:
    @pytest.fixture
    def desk(self, desk: Desk) -> Desk:
        desk.drop(northwind(1, order("PO-1"), order("PO-2", price="1")))
        desk.drop(northwind(2, change("PO-1")))
        desk.later(minutes=10)
        desk.drop(northwind(3, rejects("PR", 1, "855")))
        return desk

    @pytest.mark.parametrize(
        ("meant", "numbers"),
        [
            (Selection(code="850"), ["PO-1", "PO-2"]),
            (Selection(code="850", state="held"), ["PO-2"]),
            (Selection(state="delivered"), ["PO-1"]),
            (Selection(number="PO-2"), ["PO-2"]),
            (Selection(state="rejected", direction="out"), ["PO-1"]),
            (Selection(partner="cascade"), []),
            (Selection(finding="element.missing", direction="out"), ["PO-1"]),
            (Selection(finding="element.", direction="out"), ["PO-1"]),
            (Selection(finding="1", direction="out"), ["PO-1"]),
        ],
    )
    def test_are_meant(self, desk: Desk, meant: Selection, numbers: list[str]) -> None:
        with desk.store.reading() as connection:
            ids = [row[0] for row in connection.execute(meant.query())]
        assert [row.business_number for row in desk.sets() if row.id in ids] == numbers

    def test_none_by_accident(self, desk: Desk) -> None:
        with pytest.raises(WrongInput, match="nothing says which sets"):
            replay.begin(desk.tools, Selection(), Terms(), because="all", by="ann")

    def test_without_a_reason_nothing_is_replayed(self, desk: Desk) -> None:
        with pytest.raises(WrongInput, match="a reason is needed"):
            replay.begin(desk.tools, Selection(code="850"), Terms(), because="", by="ann")


def _stop(_count: int) -> None:
    raise KeyboardInterrupt


def test_a_preview_is_confirmed_once(ordered: Desk) -> None:
    dry = replay.begin(ordered.tools, Selection(code="850"), Terms(sends=True, is_dry=True), because="lost", by="ann")
    with pytest.raises(WrongInput, match=f"preview {dry} is not through yet"):
        replay.confirm(ordered.tools, dry, by="ann")
    replay.run(ordered.tools, dry)
    ordered.drop(northwind(9, order("PO-9")))  # what was previewed is meant, not what the same words mean by then
    real = replay.confirm(ordered.tools, dry, by="ann")
    with pytest.raises(WrongInput, match=f"preview {dry} was confirmed already, by ann — see what came of it: replay {real}"):
        replay.confirm(ordered.tools, dry, by="ben")
    replay.run(ordered.tools, dry)
    replay.run(ordered.tools, real)
    with ordered.store.read() as unit:
        assert [(row.id, row.state) for row in unit.replays.newest(9)] == [(real, "done"), (dry, "confirmed")]
        of_preview, of_real = ([each.transaction_id for each in unit.replays.items(id, 9)] for id in (dry, real))
    assert of_preview == of_real


def test_to_confirm_a_preview_of_many_sets_tells_the_database_no_more_than_to_confirm_one(any_desk: Desk) -> None:
    any_desk.drop(northwind(1, *(order(f"PO-{number}") for number in range(4))))
    told = [_values(any_desk, _preview(any_desk, meant)) for meant in (Selection(number="PO-1"), Selection(code="850"))]
    assert told[0] == told[1]


def _preview(desk: Desk, meant: Selection) -> int:
    dry = replay.begin(desk.tools, meant, Terms(is_dry=True), because="lost", by="ann")
    replay.run(desk.tools, dry)
    return dry


def _values(desk: Desk, dry: int) -> int:
    """How many values statements are given while a preview is confirmed; a database takes 32,766 or 65,535 in one of them."""
    found: list[int] = []

    def count(*told: Any) -> None:
        found.append(len(told[3]))

    sa.event.listen(desk.store.engine, "before_cursor_execute", count)
    replay.confirm(desk.tools, dry, by="ann")
    sa.event.remove(desk.store.engine, "before_cursor_execute", count)
    return sum(found)


def test_an_order_that_waits_for_an_approval_is_asked_about_anew_and_only_as_it_is_now(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", 99999)))
    with desk.store.read() as unit:
        (before,) = unit.approvals.open()
    only(replayed(desk))
    with desk.store.read() as unit:
        (now,) = unit.approvals.open()
    assert now.subject == f"document:{desk.set('850').document_id}" != before.subject
    with pytest.raises(WrongInput):
        approve_order(desk.store, before.id, because="fine", by="ann")
    approve_order(desk.store, now.id, because="fine", by="ann")
    desk.run()
    assert desk.posted() == ["PO-1"]
