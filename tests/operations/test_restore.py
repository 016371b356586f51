"""Backup and restore: nothing is lost that was there, no number is given twice, and nothing goes a second time unseen."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from desk import NORTHWIND, Desk, Profiles
from partner_says import accepts, northwind, order
from world_stages import AtTheWorld

from edi_gateway.bootstrap import open_store
from edi_gateway.clock import MovableClock
from edi_gateway.errors import NeedsPerson, TryAgain, WrongInput
from edi_gateway.operations.after_restore import LEAST_JUMP, after_restore
from edi_gateway.operations.audit import verify
from edi_gateway.operations.backup import _copy, backup, put_back, read_whole
from edi_gateway.operations.cutover import load_orders, seed_numbers
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.reconcile import ask_others, record_sent
from edi_gateway.operations.restore import restore
from edi_gateway.operations.resume import resume
from edi_gateway.operations.silence import UNFETCHED, watch_silence
from edi_gateway.pipeline.outbound.labels import LEAST_LABELS, counter_of_labels, next_labels
from edi_gateway.pipeline.stages import STAGES, WORLD_STAGES
from edi_gateway.pipeline.tools import Record
from edi_gateway.settings import Settings
from edi_gateway.store.payloads import IN_ROW
from edi_gateway.views.deadlines import deadlines
from edi_gateway.views.numbers import counters
from edi_gateway.worker.runner import Runner

PREFIX = "0614141"


@pytest.fixture
def ordered(desk: Desk) -> Desk:
    """One order, posted and answered."""
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    return desk


def restored(desk: Desk, folder: Path) -> Desk:
    """Another gateway on what a backup held; the partner's boxes are those of the first."""
    about = read_whole(folder, folder.parent / "new data")
    put_back(folder, folder.parent / "new data")
    other = Desk(folder.parent / "new data", desk.partners, desk.clock)
    after_restore(other.store, about.made_at, by="ann")
    return other


def test_a_backup_of_a_running_gateway_comes_back_whole(ordered: Desk, tmp_path: Path) -> None:
    backup(ordered.store, ordered.folder, tmp_path / "backup")
    other = restored(ordered, tmp_path / "backup")
    assert [row.business_number for row in other.sets("850")] == ["PO-1"]
    assert verify(other.store).broken_at is None
    assert other.posted() == ["PO-1"]
    with other.store.read() as unit:
        assert unit.payloads.read(other.transmissions("in")[0].payload) == northwind(1, order("PO-1"))
    other.close()


def test_numbers_jump_past_what_was_drawn_since(ordered: Desk, tmp_path: Path) -> None:
    backup(ordered.store, ordered.folder, tmp_path / "backup")
    ordered.drop(northwind(2, order("PO-2")))
    ordered.later(minutes=10)
    other = restored(ordered, tmp_path / "backup")
    other.drop(northwind(3, order("PO-3")))
    other.later(minutes=10)
    assert [int(sent.one("ISA")[13]) for sent in ordered.sent()] == [1, 2, 3, 4]
    assert [int(sent.one("ISA")[13]) for sent in other.sent()] == [1, 2, LEAST_JUMP + 3, LEAST_JUMP + 4]
    other.close()


def test_a_counter_that_was_new_since_the_backup_jumps_too(desk: Desk, tmp_path: Path) -> None:
    backup(desk.store, desk.folder, tmp_path / "backup")
    desk.drop(northwind(1, order("PO-1")))
    with desk.store.write() as unit:
        gone = next_labels(unit, PREFIX, 300)
    other = restored(desk, tmp_path / "backup")
    other.drop(northwind(2, order("PO-2")))
    assert [(int(sent.one("ISA")[13]), int(sent.one("GS")[6])) for sent in desk.sent("997")] == [(1, 1)]
    [sent] = other.sent("997")
    assert {row.last for row in counters(other.store)} == {LEAST_JUMP + 1}
    assert (int(sent.one("ISA")[13]), int(sent.one("GS")[6])) == (LEAST_JUMP + 1, LEAST_JUMP + 1)
    with other.store.write() as unit:
        assert not set(next_labels(unit, PREFIX, 300)) & set(gone)
    other.close()


def test_labels_jump_by_what_a_shipment_takes_and_not_by_what_is_sent(ordered: Desk, tmp_path: Path) -> None:
    with ordered.store.write() as unit:
        next_labels(unit, PREFIX, 1)
    backup(ordered.store, ordered.folder, tmp_path / "backup")
    with ordered.store.write() as unit:
        since = next_labels(unit, PREFIX, 2 * LEAST_JUMP)  # one long day at the dock
    other = restored(ordered, tmp_path / "backup")
    with other.store.write() as unit:
        assert next_labels(unit, PREFIX, 1)[0] not in since
        assert unit.control_numbers.last(counter_of_labels(PREFIX)) == 1 + LEAST_LABELS + 1
    other.close()


def test_labels_jump_by_ten_times_those_that_usually_go(ordered: Desk, tmp_path: Path) -> None:
    with ordered.store.write() as unit:
        unit.label_uses.use(next_labels(unit, PREFIX, 11_000), "0" * 32, usage="P")
    ordered.clock.advance(timedelta(days=1))
    backup(ordered.store, ordered.folder, tmp_path / "backup")
    ordered.clock.advance(timedelta(days=30))
    other = restored(ordered, tmp_path / "backup")
    with other.store.read() as unit:
        assert unit.control_numbers.last(counter_of_labels(PREFIX)) == 11 * 11_000
    other.close()


def test_of_a_prefix_with_room_for_few_labels_a_hundredth_is_passed_over(ordered: Desk) -> None:
    with ordered.store.write() as unit:
        next_labels(unit, "061414100000", 5)
    after_restore(ordered.store, ordered.clock.now(), by="ann", jump=7)
    with ordered.store.read() as unit:
        assert unit.control_numbers.last(counter_of_labels("061414100000")) == 1005


def test_the_labels_of_a_ship_notice_that_is_found_to_have_gone_are_not_given_again(desk: Desk, tmp_path: Path) -> None:
    backup(desk.store, desk.folder, tmp_path / "backup")
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=8)
    [gone] = desk.sent("856")
    labels = [mark[2].removeprefix("00") for mark in gone.all("MAN")]
    other = restored(desk, tmp_path / "backup")
    record_sent(other.tools, gone.name, gone.body, by="ann")
    with other.store.write() as unit:
        unit.control_numbers.seed(counter_of_labels(PREFIX), 0)
        assert not set(next_labels(unit, PREFIX, 2 * len(labels))) & set(labels)
    assert labels
    other.close()


def test_nothing_is_restored_over_another_gateway(ordered: Desk, tmp_path: Path) -> None:
    backup(ordered.store, ordered.folder, tmp_path / "backup")
    with pytest.raises(WrongInput, match="is not empty"):
        restore(tmp_path / "backup", ordered.folder, ordered.clock, by="ann")
    with pytest.raises(WrongInput, match="is there already"):
        backup(ordered.store, ordered.folder, tmp_path / "backup")


def test_what_retention_removes_while_a_backup_is_made_is_removed_in_the_backup_too(
    ordered: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ordered.store.write() as unit:
        large = unit.payloads.put(b"ISA" * IN_ROW)

    def retained(*given: Path) -> int:
        with ordered.store.write() as unit:
            unit.payloads.remove(large)
            unit.payloads.delete_files(ordered.clock.now())
        return _copy(*given)

    monkeypatch.setattr("edi_gateway.operations.backup._copy", retained)
    backup(ordered.store, ordered.folder, tmp_path / "backup")
    monkeypatch.undo()
    other = restored(ordered, tmp_path / "backup")
    with other.store.read() as unit:
        assert unit.payloads.find(large) is None
    other.close()


def test_what_is_no_backup_is_told_in_words_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match=r"nowhere: there is no such folder — name a folder that 'edi-gateway backup' made"):
        restore(tmp_path / "nowhere", tmp_path / "data", MovableClock(), by="ann")
    (tmp_path / "empty").mkdir()
    with pytest.raises(WrongInput, match=r"empty: is no backup: there is no \S+ in it — name a folder"):
        restore(tmp_path / "empty", tmp_path / "data", MovableClock(), by="ann")
    assert not (tmp_path / "data").exists()


def test_a_damaged_backup_is_told_before_anything_is_made_of_it(ordered: Desk, tmp_path: Path) -> None:
    backup(ordered.store, ordered.folder, tmp_path / "backup")
    with (tmp_path / "backup/gateway.sqlite3").open("r+b") as file:
        file.seek(5000)
        file.write(b"damage")
    with pytest.raises(WrongInput, match="is not as it was written"):
        restore(tmp_path / "backup", tmp_path / "new data", ordered.clock, by="ann")
    assert not (tmp_path / "new data").exists()


@pytest.mark.parametrize("where", ["backup._copy", "restore.after_restore"])
def test_on_a_restore_that_was_cut_off_no_gateway_runs(
    ordered: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    backup(ordered.store, ordered.folder, tmp_path / "backup")

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"edi_gateway.operations.{where}", killed)
    with pytest.raises(KeyboardInterrupt):
        restore(tmp_path / "backup", tmp_path / "new data", ordered.clock, by="ann")
    monkeypatch.undo()
    for again in (lambda: open_store(Settings(data=tmp_path / "new data")), lambda: came_back(ordered, tmp_path)):
        with pytest.raises(WrongInput, match=r"new data: a restore into it was cut off: .* — remove what is in it"):
            again()
    shutil.rmtree(tmp_path / "new data")
    came_back(ordered, tmp_path)
    open_store(Settings(data=tmp_path / "new data")).close()


def came_back(desk: Desk, folder: Path) -> None:
    restore(folder / "backup", folder / "new data", desk.clock, by="ann")


def test_a_disk_that_is_full_ends_a_restore_in_words(ordered: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backup(ordered.store, ordered.folder, tmp_path / "backup")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("edi_gateway.operations.backup._copy", full)
    with pytest.raises(TryAgain, match="new data: could not restore: No space left on device"):
        came_back(ordered, tmp_path)


class ServerIsAway(AtTheWorld):
    """What is to be sent stays on its way."""

    def does(self, *_: object) -> Record:
        raise NeedsPerson("their server is away")


def test_what_was_answered_after_the_backup_does_not_go_again_by_itself(
    profiles: Profiles, make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    profiles.replace(
        NORTHWIND, 'guide: "855"\n    awaits: {within: 24h}', 'guide: "855"\n    awaits: {within: 2h, retransmit: true}'
    )
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    backup(desk.store, desk.folder, tmp_path / "backup")
    desk.drop(northwind(2, accepts("PR", 1, "855")))
    other = restored(desk, tmp_path / "backup")
    other.later(hours=12)
    assert other.set("855").acknowledgment == "overdue"
    assert (len(other.sent("855")), len(other.events("set.not_retransmitted"))) == (1, 1)
    other.close()


class TestWhatWasOnItsWay:
    @pytest.fixture
    def backed_up(self, make_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
        """An 855 was ready to be sent when the backup was made, and went afterwards."""
        desk = make_desk(world={**WORLD_STAGES, "send": ServerIsAway("send")})
        desk.drop(northwind(1, order("PO-1")))
        desk.later(minutes=10)
        for flow in desk.flows("held"):
            with desk.store.write() as unit:
                unit.flows.move(flow, state="ready")
        backup(desk.store, desk.folder, tmp_path / "backup")
        desk.runner = Runner(desk.tools, STAGES, WORLD_STAGES)
        desk.runner.take_over()
        desk.run()
        assert len(desk.sent("855")) == 1
        return desk

    def test_is_held_and_not_sent_again(self, backed_up: Desk, tmp_path: Path) -> None:
        other = restored(backed_up, tmp_path / "backup")
        other.run()
        assert other.sent("855") == []
        assert len(other.flows("held")) == 2
        other.close()

    def test_a_copy_of_what_had_gone_ends_it_and_its_acknowledgment_finds_it(self, backed_up: Desk, tmp_path: Path) -> None:
        other = restored(backed_up, tmp_path / "backup")
        [gone] = backed_up.sent("855")
        assert record_sent(other.tools, gone.name, gone.body, by="ann") == 1
        other.run()
        assert other.sent("855") == []
        assert other.set("855").acknowledgment == "awaited"
        other.drop(northwind(2, accepts("PR", 1, "855")))
        assert other.set("855").acknowledgment == "accepted"
        other.close()

    def test_what_was_written_after_the_backup_is_put_on_record_from_a_copy(self, backed_up: Desk, tmp_path: Path) -> None:
        backed_up.drop(northwind(2, order("PO-2")))
        backed_up.later(minutes=10)
        other = restored(backed_up, tmp_path / "backup")
        gone = backed_up.sent("855")[-1]
        record_sent(other.tools, gone.name, gone.body, by="ann")
        other.drop(northwind(3, accepts("PR", 2, "855")))
        [found] = [row for row in other.sets("855") if row.business_number == "PO-2"]
        assert (found.delivery, found.acknowledgment) == ("sent", "accepted")
        with pytest.raises(WrongInput, match="is on record already"):
            record_sent(other.tools, gone.name, gone.body, by="ann")
        other.close()

    def test_of_copies_that_went_silence_is_told_and_only_of_what_is_to_be_answered(self, desk: Desk, tmp_path: Path) -> None:
        backup(desk.store, desk.folder, tmp_path / "backup")
        desk.drop(northwind(1, order("PO-1")))
        desk.later(minutes=10)
        other = restored(desk, tmp_path / "backup")
        for gone in desk.sent():
            record_sent(other.tools, gone.name, gone.body, by="ann")
        assert [(row.code, row.acknowledgment) for row in other.sets()] == [("997", "none"), ("855", "awaited")]
        [due] = deadlines(other.store)
        assert (due.who, due.due_at) == ("they", other.clock.now() + timedelta(hours=24))
        other.later(hours=25)
        told = [event.kind for event in other.events() if event.kind.startswith("acknowledgment")]
        assert told == ["acknowledgment.half_time", "acknowledgment.overdue"]
        other.later(days=3)
        assert watch_silence(other.store, other.directory) == 0  # nothing of it lies in a mailbox
        other.close()

    def test_an_answer_that_had_gone_is_owed_no_longer(
        self, profiles: Profiles, make_desk: Callable[..., Desk], tmp_path: Path
    ) -> None:
        profiles.replace(NORTHWIND, 'guide: "855"\n', 'guide: "855"\n    batch: {at: ["12:00"]}\n')
        desk = make_desk()
        desk.drop(northwind(1, order("PO-1")))
        desk.later(minutes=10)
        backup(desk.store, desk.folder, tmp_path / "backup")  # the 855 waits for its window
        desk.later(hours=8)
        other = restored(desk, tmp_path / "backup")
        assert "855" in [each.answer for each in deadlines(other.store)]
        [gone] = desk.sent("855")
        record_sent(other.tools, gone.name, gone.body, by="ann")
        assert "855" not in [each.answer for each in deadlines(other.store)]
        other.close()

    def test_numbers_pass_over_what_went_beside_a_copy(self, desk: Desk, tmp_path: Path) -> None:
        backup(desk.store, desk.folder, tmp_path / "backup")
        for number in (1, 2, 3):
            desk.drop(northwind(number, order(f"PO-{number}")))
        other = restored(desk, tmp_path / "backup")
        first, *_ = desk.sent("997")
        record_sent(other.tools, first.name, first.body, by="ann")
        other.drop(northwind(4, order("PO-4")))
        assert int(other.sent("997")[-1].one("ISA")[13]) == LEAST_JUMP + 1
        other.close()

    def test_a_server_that_shows_everything_is_asked(self, backed_up: Desk, tmp_path: Path) -> None:
        other = restored(backed_up, tmp_path / "backup")
        found = ask_others(other.tools, other.erps, by="ann")
        other.run()
        assert found.gone + found.go_on + found.unknown == 2
        assert len(other.sent("855")) <= 1
        other.close()


class TestCutover:
    def test_open_orders_are_loaded_answering_and_posting_nothing(self, desk: Desk) -> None:
        body = northwind(900, order("PO-8"), order("PO-9"))
        loaded = load_orders(desk.tools, "open orders.edi", body, because="from the old system", by="ann")
        desk.later(minutes=30)
        assert [each.number for each in loaded] == ["PO-8", "PO-9"]
        assert desk.sent() == []
        assert desk.posted() == []
        assert desk.order("PO-8").state == "received"
        assert desk.flows() == []

    def test_an_order_that_was_cut_over_is_known_when_it_comes_again(self, desk: Desk) -> None:
        load_orders(desk.tools, "open.edi", northwind(900, order("PO-8")), because="from the old system", by="ann")
        desk.drop(northwind(1, order("PO-8")))
        assert desk.posted() == []
        assert [because[:40] for because in desk.held()] == ["order PO-8 of northwind is on record alr"]

    def test_a_file_is_loaded_whole_or_not_at_all_and_once(self, desk: Desk) -> None:
        load_orders(desk.tools, "open.edi", northwind(900, order("PO-8")), because="from the old system", by="ann")
        with pytest.raises(WrongInput, match="on record already"):
            load_orders(desk.tools, "more.edi", northwind(901, order("PO-9"), order("PO-8")), because="the rest", by="ann")
        assert [row.business_number for row in desk.sets()] == ["PO-8"]

    def test_numbers_go_on_where_the_other_system_s_ended(self, desk: Desk) -> None:
        seed_numbers(desk.tools, NORTHWIND, interchange=4711, groups={"PR": 815}, by="ann")
        seed_numbers(desk.tools, NORTHWIND, interchange=17, by="ann")
        desk.drop(northwind(1, order("PO-1")))
        desk.later(minutes=10)
        [answer] = desk.sent("855")
        assert int(answer.one("ISA")[13]) in (4712, 4713)
        assert answer.one("GS")[6] == "816"


@pytest.fixture
def answered(ordered: Desk, tmp_path: Path) -> Desk:
    """A gateway restored from a backup that was made when its 997 and 855 lay in Northwind's outbox."""
    backup(ordered.store, ordered.folder, tmp_path / "backup")
    _, done = restore(tmp_path / "backup", tmp_path / "new data", ordered.clock, by="ann")
    assert (done.held, done.aside) == (2, 2)
    return Desk(tmp_path / "new data", ordered.partners, ordered.clock)


def test_what_lay_in_an_outbox_may_have_been_fetched_so_it_lies_there_no_more_and_a_person_is_asked(answered: Desk) -> None:
    assert answered.sent() == []
    assert {"lay in the outbox then and may have been fetched since" in because for because in answered.held()} == {True}
    assert len(list(answered.folder.glob("outboxes-of-the-backup/northwind/*.edi"))) == 2
    assert ask_others(answered.tools, answered.erps, by="ann").unknown == 2  # its mailbox knows no more than the backup
    assert answered.sent() == []
    answered.close()


def test_what_they_did_not_fetch_is_put_back_under_its_name_and_awaited_once(answered: Desk) -> None:
    before = [(flow.stage, flow.state, flow.subject) for flow in answered.flows("waiting")]
    for flow in answered.flows("held"):
        resume(answered.store, flow.id, by="ann")
    answered.run()
    assert (answered.codes(), answered.held()) == (["997", "855"], [])
    assert answered.sent("855")[0].name == answered.transmissions("out")[1].name
    assert [(flow.stage, flow.state, flow.subject) for flow in answered.flows("waiting")] == before
    answered.later(hours=8)
    assert answered.held() == []
    answered.close()


def test_what_lies_in_no_outbox_any_more_is_told_as_left_there_only_once_it_is_put_back(answered: Desk) -> None:
    def told() -> set[str]:
        answered.clock.advance(timedelta(days=3))
        watch_silence(answered.store, answered.directory)
        return {event.text.partition("_")[0] for event in answered.events(UNFETCHED)}

    assert told() == set()
    for flow in answered.flows("held"):
        resume(answered.store, flow.id, by="ann")
    answered.run()
    assert {"997", "855"} <= told()
    answered.close()


@pytest.mark.parametrize(("lies_there", "told"), [(b"", ["855"]), (b"other bytes", []), (None, [])])
def test_a_copy_of_what_lies_in_an_outbox_is_told_as_left_there(
    desk: Desk, tmp_path: Path, lies_there: bytes | None, told: list[str]
) -> None:
    backup(desk.store, desk.folder, tmp_path / "backup")
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    [gone] = desk.sent("855")
    other = restored(desk, tmp_path / "backup")
    if lies_there is not None:  # its database was backed up before it went, and its mailbox after that
        (other.folder / "mailboxes" / NORTHWIND / "outbox" / gone.name).write_bytes(lies_there or gone.body)
    record_sent(other.tools, gone.name, gone.body, by="ann", data=other.folder)
    other.clock.advance(timedelta(days=3))
    watch_silence(other.store, other.directory)
    assert [event.text.partition("_")[0] for event in other.events(UNFETCHED)] == told
    other.close()


def test_what_they_fetched_is_dismissed_and_everything_stays_as_it_was(answered: Desk) -> None:
    for flow in answered.flows("held"):
        dismiss(answered.store, flow.id, because="they have it", by="ann")
    answered.run()
    assert (answered.sent(), answered.held()) == ([], [])
    assert (answered.set("855").delivery, answered.set("855").acknowledgment) == ("sent", "awaited")
    answered.close()


def test_what_left_after_the_database_was_backed_up_stays_for_the_partner_and_is_told(answered: Desk) -> None:
    left = answered.folder / "mailboxes" / NORTHWIND / "outbox" / "850-left-since.edi"
    left.write_bytes(b"ISA, of which the backup knows nothing")
    done = after_restore(answered.store, answered.clock.now(), by="ann", data=answered.folder)
    assert (done.aside, done.unknown, left.exists()) == (0, 1, True)
    (event,) = answered.events("outbox.unknown")
    assert f"mailboxes/{NORTHWIND}/outbox/850-left-since.edi" in event.text
    answered.close()


def test_the_same_once_more_holds_nothing_twice(answered: Desk) -> None:
    assert after_restore(answered.store, answered.clock.now(), by="ann", data=answered.folder).aside == 0
    assert len(answered.held()) == 2
    answered.close()
