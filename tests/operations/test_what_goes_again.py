"""What goes again: an interchange as a whole while they answered nothing of it, over the connection of today, however often."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import NORTHWIND, Desk, Profiles
from partner_says import accepts, northwind, order, rejects, ta1

from edi_gateway.bootstrap.connections import Connections
from edi_gateway.errors import NeedsPerson, WrongInput
from edi_gateway.operations.correct import corrected
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.request import Answer, Request
from edi_gateway.operations.second_pair import ask
from edi_gateway.trading.loader import load

Make = Callable[..., Desk]
AWAITED = 'guide: "855"\n    awaits: {within: 24h'
TOGETHER = '    batch: {at: ["12:00"]}'  # three hours after the scene begins


def again(desk: Desk, operation: str, place: int = 0) -> Answer:
    """Asks for the ``place``th 855 of ours."""
    answer = ask(desk.tools, Request(operation=operation, transaction=desk.sets("855")[place].id, because="they ask", by="ann"))
    desk.run()
    return answer


def two_in_one_interchange(profiles: Profiles, make_desk: Make, awaits: str = "") -> Desk:
    """Two 855s left in one interchange; nobody answered yet."""
    profiles.replace(NORTHWIND, AWAITED + "}", f"{AWAITED}{awaits}}}\n{TOGETHER}")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1"), order("PO-2")))
    desk.later(hours=4)
    assert len(desk.sent("855")) == 1
    return desk


def one_has_left(desk: Desk) -> Desk:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    desk.fetch()
    return desk


class Refusing:
    """The partner's server takes nothing."""

    sees_everything = is_at_hand = False

    def send(self, name: str, payload: object) -> None:
        raise NeedsPerson("their server refuses us")


class TestWhatTheyAnsweredInPartTheyHave:
    """The interchange goes again as a whole or not at all."""

    @pytest.mark.parametrize("verdict", [rejects, accepts])
    def test_it_is_not_retransmitted_for_the_one_they_left_out(
        self, profiles: Profiles, make_desk: Make, verdict: Callable[..., list[list[str]]]
    ) -> None:
        desk = two_in_one_interchange(profiles, make_desk)
        desk.drop(northwind(2, verdict("PR", 1, "855")))
        assert [one.acknowledgment for one in desk.sets("855")][1] == "awaited"
        with pytest.raises(WrongInput, match=r"answered 855 PO-1 .*of the same interchange 000000002, so they have 855 PO-2"):
            again(desk, "retransmit", 1)
        assert len(desk.sent("855")) == 1

    def test_what_they_left_out_and_miss_goes_alone_once_it_is_overdue(self, profiles: Profiles, make_desk: Make) -> None:
        desk = two_in_one_interchange(profiles, make_desk)
        desk.drop(northwind(2, accepts("PR", 1, "855")))
        with pytest.raises(WrongInput, match="did not reject"):
            again(desk, "re-envelope", 1)
        desk.later(hours=30)
        again(desk, "re-envelope", 1)
        assert [one.one("BAK")[3] for one in desk.sent("855")[1:]] == ["PO-2"]
        with pytest.raises(WrongInput, match="went again already"):
            again(desk, "re-envelope", 1)
        desk.drop(northwind(3, rejects("PR", 2, "855")))
        again(desk, "re-envelope", 2)
        assert [one.acknowledgment for one in desk.sets("855")] == ["accepted", "none", "rejected", "awaited"]
        assert desk.held() == []

    def test_what_they_miss_may_be_asked_for_again_after_it_was_dismissed(self, profiles: Profiles, make_desk: Make) -> None:
        desk = two_in_one_interchange(profiles, make_desk)
        desk.drop(northwind(2, accepts("PR", 1, "855")))
        desk.later(hours=30)
        real = desk.tools.sink
        desk.use(sink=lambda _: Refusing())
        again(desk, "re-envelope", 1)
        desk.later(hours=24)
        dismiss(desk.store, desk.flow("held").id, because="their server is down", by="ann")
        desk.use(sink=real)
        again(desk, "re-envelope", 1)
        desk.later(hours=24)
        assert [one.one("BAK")[3] for one in desk.sent("855")[1:]] == ["PO-2"]

    @pytest.mark.parametrize("operation", ["re-envelope", "retransmit"])
    def test_of_what_no_answer_is_awaited_there_is_no_second_original(
        self, profiles: Profiles, make_desk: Make, operation: str
    ) -> None:
        profiles.replace(NORTHWIND, AWAITED, AWAITED.replace("within", "acknowledgment: false, within"))
        desk = one_has_left(make_desk())
        desk.drop(ta1(2, 2))
        desk.later(hours=30)
        with pytest.raises(WrongInput, match="no answer to it is awaited, so none will be overdue: ask them"):
            again(desk, operation)
        assert len(desk.sent("855")) == 1

    def test_what_went_beside_something_they_took_after_all_goes_alone(self, profiles: Profiles, make_desk: Make) -> None:
        desk = two_in_one_interchange(profiles, make_desk)
        desk.drop(northwind(2, [["ST", "997", ""], ["AK1", "PR", "1"], ["AK9", "R", "2", "2", "0"]]))
        for row in desk.sets("855"):
            text = corrected(desk.tools, row.id, "", ["seller_order_number=SO-7"])
            wish = Request(operation="correct", transaction=row.id, because="typo", by="ann", arguments={"document": text})
            ask(desk.tools, wish)
        desk.later(hours=24)
        assert [bak[3] for bak in desk.sent("855")[1].all("BAK")] == ["PO-1", "PO-2"]
        desk.fetch()
        desk.drop(northwind(4, accepts("PR", 1, "855")))
        with pytest.raises(WrongInput, match=r"they have 855 PO-1 after all, as set \d+ \(accepted\) — ask them for its answer"):
            again(desk, "retransmit", 3)
        desk.later(hours=30)
        again(desk, "re-envelope", 3)
        desk.later(hours=24)
        assert [one.one("BAK")[3] for one in desk.sent("855")[2:]] == ["PO-2"]

    def test_nor_is_there_one_of_a_997_of_ours(self, desk: Desk) -> None:
        one_has_left(desk).drop(ta1(2, 1))
        [ours] = desk.sets("997")
        with pytest.raises(WrongInput, match="no answer to it is awaited"):
            ask(desk.tools, Request(operation="re-envelope", transaction=ours.id, because="they ask", by="ann"))

    def test_nor_where_a_ta1_took_it(self, desk: Desk) -> None:
        one_has_left(desk).drop(ta1(2, 2))
        with pytest.raises(WrongInput, match=r"answered interchange 000000002 \(accepted\), so they have 855 PO-1"):
            again(desk, "retransmit")

    def test_nor_by_itself_and_why_is_told(self, profiles: Profiles, make_desk: Make) -> None:
        desk = two_in_one_interchange(profiles, make_desk, ", retransmit: true")
        desk.drop(northwind(2, rejects("PR", 1, "855")))
        desk.later(hours=30)
        assert len(desk.sent("855")) == 1
        [told] = desk.events("set.not_retransmitted")
        assert "855 PO-2 does not go again by itself: they answered 855 PO-1" in told.text


def test_what_a_second_person_has_to_agree_to_does_not_go_by_itself(profiles: Profiles, make_desk: Make) -> None:
    profiles.replace(NORTHWIND, AWAITED + "}", f"{AWAITED}, retransmit: true}}")
    profiles.add(NORTHWIND, "second_person: [855]")
    desk = one_has_left(make_desk())
    desk.later(hours=30)
    assert len(desk.sent("855")) == 1
    [told] = desk.events("set.not_retransmitted")
    assert "a second person has to agree" in told.text
    assert again(desk, "retransmit").approval is not None


def test_a_retransmission_that_was_dismissed_bars_no_other(desk: Desk) -> None:
    real = one_has_left(desk).tools.sink
    desk.use(sink=lambda _: Refusing())
    again(desk, "retransmit")
    dismiss(desk.store, desk.flow("held").id, because="wait for them", by="ann")
    desk.use(sink=real)
    again(desk, "retransmit")
    assert [one.state for one in desk.transmissions("out") if one.name.startswith("855")] == ["fetched", "to send", "sent"]


def test_who_moved_gets_it_where_they_are_now(profiles: Profiles, make_desk: Make) -> None:
    desk = one_has_left(make_desk())
    connections = profiles.folder / "connections"
    [old] = connections.glob("*northwind*")
    moved = old.read_text().replace("northwind-mailbox", "northwind-new").replace("account: northwind", "account: northwind2")
    (connections / "northwind-new.yaml").write_text(moved)
    old.unlink()
    profiles.replace(NORTHWIND, "connection: northwind-mailbox", "connection: northwind-new")
    directory = load(profiles.folder)
    desk.connections.close()
    desk.connections = Connections(directory, desk.folder / "mailboxes", desk.clock)
    desk.connections.source("northwind-new")
    desk.use(directory=directory, sink=desk.connections.sink)
    again(desk, "retransmit")
    assert [one.partner for one in desk.sent("855")] == ["northwind", "northwind2"]
    assert desk.held() == []
