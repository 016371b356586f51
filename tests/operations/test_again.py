"""Retransmit and re-envelope: what was sent goes again in the one way that is right, and in no other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import NORTHWIND, Desk, Profiles
from partner_says import accepts, northwind, order, rejects

from edi_gateway.errors import WrongInput
from edi_gateway.operations import keys
from edi_gateway.operations.request import Answer, Request
from edi_gateway.operations.retransmit import UNFETCHED
from edi_gateway.operations.second_pair import ask, give, refuse


def again(desk: Desk, operation: str, code: str = "855", *, by: str = "ann", because: str = "they asked") -> Answer:
    return ask(desk.tools, Request(operation=operation, transaction=desk.sets(code)[0].id, because=because, by=by))


@pytest.fixture
def acknowledged_order(desk: Desk) -> Desk:
    """An order came and its 855 has left and was fetched, not answered yet."""
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    desk.fetch()
    return desk


def test_retransmitted_are_the_same_bytes_under_another_name(acknowledged_order: Desk) -> None:
    desk = acknowledged_order
    again(desk, "retransmit")
    desk.run()
    first, second = desk.sent("855")
    assert first.name != second.name
    assert first.body == second.body
    assert len(desk.sets("855")) == 1


def test_who_retransmitted_and_why_is_on_record_and_the_copy_knows_its_first(acknowledged_order: Desk) -> None:
    desk = acknowledged_order
    answer = again(desk, "retransmit", because="their VAN lost it")
    [told] = desk.events("set.retransmitted")
    assert (told.actor, told.text.endswith("their VAN lost it")) == ("ann", True)
    with desk.store.read() as unit:
        assert len(unit.descent.family(answer.child)) == 2


def test_what_is_on_its_way_again_is_not_sent_a_third_time_by_a_second_click(acknowledged_order: Desk) -> None:
    desk = acknowledged_order
    again(desk, "retransmit")
    with pytest.raises(WrongInput, match="on its way again already"):
        again(desk, "retransmit")
    desk.run()
    assert len(desk.sent("855")) == 2


def test_what_lies_unfetched_in_its_mailbox_gets_no_second_file_beside_it_unless_somebody_says_so(any_desk: Desk) -> None:
    desk = any_desk
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    name = desk.sent("855")[0].name
    with pytest.raises(WrongInput, match=f"it still lies in mailbox northwind-mailbox as {name}: they have not fetched it"):
        again(desk, "retransmit")
    ask(
        desk.tools,
        Request(
            operation="retransmit",
            transaction=desk.set("855").id,
            because="they see nothing there",
            by="ann",
            arguments={UNFETCHED: "too"},
        ),
    )
    desk.run()
    assert len(desk.sent("855")) == 2


def test_what_lies_unfetched_does_not_go_again_by_itself_and_that_is_told(
    profiles: Profiles, make_desk: Callable[..., Desk]
) -> None:
    profiles.replace(
        NORTHWIND, 'guide: "855"\n    awaits: {within: 24h}', 'guide: "855"\n    awaits: {within: 2h, retransmit: true}'
    )
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=12)
    assert len(desk.sent("855")) == 1
    assert "they have not fetched it" in desk.events("set.not_retransmitted")[0].text


def test_what_was_accepted_is_not_retransmitted(acknowledged_order: Desk) -> None:
    desk = acknowledged_order
    desk.drop(northwind(2, accepts("PR", 1, "855")))
    with pytest.raises(WrongInput, match="answered 855 PO-1 already: accepted"):
        again(desk, "retransmit")


def test_a_reason_is_asked(acknowledged_order: Desk) -> None:
    with pytest.raises(WrongInput, match="a reason is needed"):
        again(acknowledged_order, "retransmit", because="  ")


def test_what_came_is_not_sent(acknowledged_order: Desk) -> None:
    with pytest.raises(WrongInput, match="only what we sent goes again"):
        again(acknowledged_order, "retransmit", "850")


def test_what_was_rejected_goes_again_as_an_original_under_new_control_numbers(acknowledged_order: Desk) -> None:
    desk = acknowledged_order
    desk.drop(northwind(2, rejects("PR", 1, "855")))
    again(desk, "re-envelope")
    desk.run()
    first, second = desk.sent("855")
    assert first.segments[3:-3] == second.segments[3:-3]  # from BAK to CTT
    assert first.one("ISA")[13] != second.one("ISA")[13]
    assert first.one("GS")[6] != second.one("GS")[6]
    assert second.one("BAK")[1] == "00"
    assert [row.acknowledgment for row in desk.sets("855")] == ["rejected", "awaited"]
    assert desk.held() == []


def test_what_was_not_rejected_is_not_re_enveloped(acknowledged_order: Desk) -> None:
    with pytest.raises(WrongInput, match="did not reject 855 PO-1"):
        again(acknowledged_order, "re-envelope")


def test_there_is_one_unrejected_original(acknowledged_order: Desk) -> None:
    desk = acknowledged_order
    desk.drop(northwind(2, rejects("PR", 1, "855")))
    again(desk, "re-envelope")
    with pytest.raises(WrongInput, match="went again already"):
        again(desk, "re-envelope")
    desk.later(minutes=10)
    desk.drop(northwind(3, rejects("PR", 2, "855")))
    again(desk, "re-envelope")
    desk.run()
    assert len(desk.sent("855")) == 3


def test_what_is_agreed_no_longer_as_it_was_written_is_not_re_enveloped(
    profiles: Profiles, make_desk: Callable[..., Desk]
) -> None:
    map_ = "    map: order-acknowledgment-855\n"
    profiles.replace(NORTHWIND, map_, f"{map_}    valid_until: 2026-11-17\n")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    desk.drop(northwind(2, rejects("PR", 1, "855")))
    desk.later(hours=20)
    with pytest.raises(WrongInput, match=r"855 PO-1 cannot go as it was.* until 2026-11-17.*send it anew"):
        again(desk, "re-envelope")


class TestASecondPersonAgrees:
    """Where the profile names the set."""

    @pytest.fixture
    def desk(self, make_desk: Callable[..., Desk], profiles: Profiles) -> Desk:
        profiles.add(NORTHWIND, "second_person: [855]")
        desk = make_desk()
        desk.drop(northwind(1, order("PO-1")))
        desk.later(minutes=10)
        desk.fetch()
        return desk

    def test_nothing_goes_before_another_person_agrees(self, desk: Desk) -> None:
        asked = again(desk, "retransmit")
        desk.run()
        assert asked.approval is not None
        assert len(desk.sent("855")) == 1
        give(desk.tools, asked.approval, by="bob")
        desk.run()
        assert len(desk.sent("855")) == 2
        assert [event.actor for event in desk.events("approval.given")] == ["bob"]

    def test_who_asked_does_not_agree_with_oneself(self, desk: Desk) -> None:
        asked = again(desk, "retransmit")
        assert asked.approval is not None
        with pytest.raises(WrongInput, match="another person"):
            give(desk.tools, asked.approval, by="ann")
        desk.run()
        assert len(desk.sent("855")) == 1

    def test_a_key_speaks_for_who_made_it(self, desk: Desk) -> None:
        clear, _ = keys.make(desk.store, "my script", "operate", by="ann")
        key = keys.known(desk.store, clear)
        asked = again(desk, "retransmit")
        assert asked.approval is not None
        assert key is not None
        with pytest.raises(WrongInput, match="ann asked for this; another person has to agree"):
            give(desk.tools, asked.approval, by=keys.signed(key))

    def test_it_is_given_once(self, desk: Desk) -> None:
        asked = again(desk, "retransmit")
        assert asked.approval is not None
        give(desk.tools, asked.approval, by="bob")
        with pytest.raises(WrongInput, match="is given already, by bob"):
            give(desk.tools, asked.approval, by="eve")

    def test_one_that_things_changed_since_is_stale(self, desk: Desk) -> None:
        asked = again(desk, "retransmit")
        assert asked.approval is not None
        desk.drop(northwind(2, accepts("PR", 1, "855")))
        with pytest.raises(WrongInput, match="things changed since"):
            give(desk.tools, asked.approval, by="bob")
        with pytest.raises(WrongInput, match="is stale already"):
            give(desk.tools, asked.approval, by="bob")
        desk.run()
        assert len(desk.sent("855")) == 1

    def test_a_refusal_ends_it(self, desk: Desk) -> None:
        asked = again(desk, "retransmit")
        assert asked.approval is not None
        refuse(desk.tools, asked.approval, because="they have it", by="bob")
        with pytest.raises(WrongInput, match="is refused already"):
            give(desk.tools, asked.approval, by="bob")

    def test_it_is_asked_for_once_at_a_time(self, desk: Desk) -> None:
        again(desk, "retransmit")
        with pytest.raises(WrongInput, match="waits already, ann asked for it"):
            again(desk, "retransmit", by="bob")

    def test_what_could_not_be_done_anyhow_is_not_asked_for(self, desk: Desk) -> None:
        with pytest.raises(WrongInput, match="did not reject"):
            again(desk, "re-envelope")
