"""Answers that got lost: what may have happened is asked for, and never simply done again, over this way or another one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, BinaryIO

import httpx
import pytest
from desk import CASCADE, NORTHWIND, Desk, Profiles
from partner_says import northwind, order

from edi_gateway.erp.base import Posted
from edi_gateway.erp.rest import RestErp
from edi_gateway.erp.rest.http import Http
from edi_gateway.errors import NeedsPerson, TryAgain, Uncertain
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.resume import resume
from edi_gateway.plainyaml import loads
from edi_gateway.trading.connector import RestConnector
from edi_gateway.transports.base import Receipt
from edi_gateway.worker.moves import MOST_DEFECTS, MOST_TRIES

FALLBACK = "connection: northwind-mailbox\nfallback: {connection: cascade-mailbox, after: 30m}"


class Forgetful:
    """An ERP that keeps to no key: each post is one more order. Its first answer is lost, and its calls can be made to fail."""

    def __init__(self, real: Any) -> None:
        self._real, self.made, self.known, self.away = real, [], True, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def find(self, key: str) -> Posted | None:
        if self.away:
            self.away -= 1
            raise TryAgain("cannot be reached")
        return Posted("SO1") if self.known and key in self.made else None

    def post_order(self, key: str, partner: str, order: Any) -> Posted:
        self.made.append(key)
        if len(self.made) == 1:
            raise Uncertain("gave no answer in time")
        return Posted(f"SO{len(self.made)}")


class Line:
    """A connection whose partner takes every file at once. Its first answer is lost, and then it is dead for a while."""

    sees_everything = False
    is_at_hand = False

    def __init__(self, *, dead: int = 0, takes_once: bool = False) -> None:
        self.taken: list[str] = []
        self._dead, self._takes_once, self.sees_everything = dead, takes_once, takes_once

    def send(self, name: str, payload: BinaryIO) -> Receipt:
        if self.taken and self._dead:
            self._dead -= 1
            raise TryAgain("the line is dead")
        self.taken.append(name)
        if len(self.taken) == 1:
            raise Uncertain("the line dropped before the answer")
        return Receipt(name)

    def sent(self, _name: str, _size: int) -> Receipt | None:
        return None

    def may_have(self, name: str) -> bool:
        return self._takes_once and name in self.taken


@pytest.fixture
def erp(desk: Desk) -> Forgetful:
    erps = {name: Forgetful(erp) for name, erp in desk.tools.erps.items()}
    object.__setattr__(desk.tools, "erps", erps)
    return erps["simulator"]


def until_asked(desk: Desk) -> None:
    """Until the question is due that the flow waits for."""
    desk.clock.advance(desk.flow("attempting").due_at - desk.clock.now())
    desk.run()


def over(desk: Desk, line: Line) -> Desk:
    sink = desk.connections.sink
    object.__setattr__(desk.tools, "sink", lambda name: line if name == "northwind-mailbox" else sink(name))
    return desk


def test_an_order_whose_answer_was_lost_is_asked_for_and_not_posted_again(desk: Desk, erp: Forgetful) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=4)
    assert len(erp.made) == 1
    assert [event.text for event in desk.events("document.delivered")] == ["the ERP has it as SO1"]


def test_while_the_erp_cannot_be_asked_nothing_is_posted_again(desk: Desk, erp: Forgetful) -> None:
    erp.away = 3
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=2)
    assert (desk.flow("attempting").stage, len(erp.made)) == ("deliver", 1)
    desk.later(hours=4)
    assert (len(erp.made), len(desk.events("document.delivered"))) == (1, 1)


def test_what_the_erp_says_it_does_not_have_is_posted_again(desk: Desk, erp: Forgetful) -> None:
    erp.known = False
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=4)
    assert [event.text for event in desk.events("document.delivered")] == ["the ERP has it as SO2"]


def test_however_often_it_was_asked_what_the_erp_does_not_have_goes_as_soon_as_it_says_so(desk: Desk, erp: Forgetful) -> None:
    erp.known, erp.away = False, 20
    desk.drop(northwind(1, order("PO-1")))
    for _ in range(20):
        until_asked(desk)
    assert (erp.away, desk.flow("attempting").tries, len(erp.made)) == (0, 0, 1)
    assert desk.flow("attempting").due_at - desk.clock.now() <= timedelta(minutes=6)
    desk.drop(northwind(2, order("PO-2")))
    until_asked(desk)
    assert [event.text for event in desk.events("document.delivered")] == ["the ERP has it as SO2", "the ERP has it as SO3"]


def test_what_is_never_answered_and_never_there_is_given_up_as_late_as_what_a_dead_line_does(desk: Desk, erp: Forgetful) -> None:
    erp.known, erp.post_order = False, post_that_loses_every_answer
    desk.drop(northwind(1, order("PO-1")))
    for _ in range(MOST_TRIES + 2):
        until_asked(desk)
    assert desk.flow("attempting").tries == MOST_TRIES + 2
    assert desk.flow("attempting").due_at - desk.clock.now() >= timedelta(minutes=4)


def post_that_loses_every_answer(_key: str, _partner: str, _order: Any) -> Posted:
    raise Uncertain("gave no answer in time")


def test_a_question_that_fails_in_a_way_it_should_not_is_asked_again_and_then_held_and_nothing_is_posted(
    desk: Desk, erp: Forgetful
) -> None:
    asked: list[str] = []

    def find(key: str) -> Posted | None:
        asked.append(key)
        raise KeyError("no")

    erp.find = find
    desk.drop(northwind(1, order("PO-1")))
    for _ in range(MOST_DEFECTS):
        until_asked(desk)
    assert (len(asked), len(erp.made)) == (MOST_DEFECTS, 1)
    [held] = desk.held()
    assert "cannot be learned: KeyError: 'no' — it may have happened; look there before you resume" in held


def test_a_file_whose_answer_was_lost_and_that_was_taken_already_is_not_sent_again(desk: Desk) -> None:
    line = Line()
    over(desk, line).drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    [first, *_] = line.taken
    assert line.taken.count(first) == 1
    [because] = [flow.because for flow in desk.flows("held") if flow.stage == "send"]
    assert f"whether {first} arrived is not known" in because


def test_where_a_part_lies_there_a_person_is_told_how_much_and_nothing_goes_before_they_say_so(desk: Desk) -> None:
    def sent(name: str, size: int) -> Receipt | None:
        raise NeedsPerson(f"only 40 of {size} bytes lie there", where=name)

    line = Line()
    line.sent = sent
    over(desk, line).drop(northwind(1, order("PO-1")))
    until_asked(desk)
    [first, *_] = line.taken
    [held] = [flow for flow in desk.flows("held") if flow.stage == "send"]
    assert held.because.startswith(f"{first}: only 40 of ")
    resume(desk.store, held.id, by="ann")
    desk.run()
    assert line.taken.count(first) == 2


def test_what_a_person_resumes_after_a_lost_answer_goes_again_under_its_name(desk: Desk) -> None:
    line = Line()
    over(desk, line).drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    resume(desk.store, desk.flow("held").id, by="ann")
    desk.later(minutes=10)
    assert line.taken.count(line.taken[0]) == 2
    assert desk.flows("held") == []


def test_what_may_have_arrived_goes_no_other_way_until_a_person_says_so(
    profiles: Profiles, make_desk: Callable[..., Desk]
) -> None:
    profiles.replace(NORTHWIND, "connection: northwind-mailbox", FALLBACK)
    desk, line = make_desk(), Line(dead=100, takes_once=True)
    over(desk, line).drop(northwind(1, order("PO-1")))
    desk.later(hours=4)
    assert "997" not in desk.codes(to=CASCADE)
    [held] = [flow for flow in desk.flows("held") if flow.stage == "send"]
    assert f"{line.taken[0]} may have arrived over northwind-mailbox" in held.because
    assert "resume lets it go over cascade-mailbox" in held.because
    resume(desk.store, held.id, by="ann")
    desk.later(minutes=10)
    assert "997" in desk.codes(to=CASCADE)
    [gone] = [one for one in desk.transmissions("out") if held.subject == f"transmission:{one.id}"]
    assert gone.connection == "cascade-mailbox"


def test_what_a_person_resumed_after_a_lost_answer_goes_no_other_way_unasked(
    profiles: Profiles, make_desk: Callable[..., Desk]
) -> None:
    profiles.replace(NORTHWIND, "connection: northwind-mailbox", FALLBACK)
    desk, line = make_desk(), Line(dead=1000)
    over(desk, line).drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    [held] = [flow for flow in desk.flows("held") if flow.stage == "send"]
    resume(desk.store, held.id, by="ann")
    for _ in range(8):
        desk.later(minutes=6)
    assert "997" not in desk.codes(to=CASCADE)
    [held] = [flow for flow in desk.flows("held") if flow.stage == "send"]
    assert f"{line.taken[0]} may have arrived over northwind-mailbox" in held.because


def test_over_the_fallback_a_lost_answer_is_asked_for_as_well(profiles: Profiles, make_desk: Callable[..., Desk]) -> None:
    profiles.replace(NORTHWIND, "connection: northwind-mailbox", FALLBACK)
    desk, other = make_desk(), Line()
    usual = Line(dead=1000)
    usual.taken.append("something before it")
    lines = {"northwind-mailbox": usual, "cascade-mailbox": other}
    object.__setattr__(desk.tools, "sink", lines.__getitem__)
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=4)
    assert other.taken
    assert max(map(other.taken.count, other.taken)) == 1
    assert any("whether" in flow.because and "is not known" in flow.because for flow in desk.flows("held"))


def dead_in_doubt(desk: Desk, erp: Forgetful) -> int:
    """A flow whose order the ERP took, given up because nobody could learn that it did."""
    erp.away = 10**9
    desk.drop(northwind(1, order("PO-1")))
    with desk.store.write() as unit:
        flow = desk.flow("attempting")
        attempt = unit.attempts.open(flow)
        assert attempt is not None
        unit.attempts.end(*attempt, "unknown")
        unit.flows.move(flow, state="dead", because="its worker died 3 times while it was at 'deliver'")
    return flow.id


def test_dismissing_what_the_erp_may_have_keeps_its_number_taken_and_says_so(desk: Desk, erp: Forgetful) -> None:
    dismiss(desk.store, dead_in_doubt(desk, erp), because="posted by hand", by="ann")
    assert "the ERP may have it" in desk.events("flow.dismissed")[0].text
    erp.away = 0
    desk.drop(northwind(2, order("PO-1")))
    desk.later(hours=4)
    assert len(erp.made) == 1
    assert len(desk.flows("held")) == 1  # a repetition, for a person


def test_an_interchange_of_which_the_erp_may_have_something_is_not_read_anew(desk: Desk, erp: Forgetful) -> None:
    dismiss(desk.store, dead_in_doubt(desk, erp), because="posted by hand", by="ann")
    erp.away = 0
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=4)
    assert [row.state for row in desk.interchanges()] == ["read", "duplicate"]
    assert len(erp.made) == 1


def test_resuming_what_the_erp_may_have_asks_before_it_is_posted(desk: Desk, erp: Forgetful) -> None:
    flow = dead_in_doubt(desk, erp)
    erp.away = 0
    resume(desk.store, flow, by="ann")
    desk.later(hours=4)
    assert (len(erp.made), len(desk.events("document.delivered"))) == (1, 1)


def test_a_slow_erp_is_given_time_before_it_is_asked(desk: Desk, erp: Forgetful) -> None:
    desk.drop(northwind(1, order("PO-1")))
    assert desk.flow("attempting").due_at - desk.clock.now() >= timedelta(seconds=30)


def test_an_erp_over_http_that_keeps_to_no_key_gets_one_order(desk: Desk) -> None:
    about = RestConnector.model_validate(loads(OVER_HTTP, "acme.yaml"))
    made: list[str] = []

    def erp(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            made.append(f"SO{len(made) + 1}")
            raise httpx.ReadTimeout("the answer got lost")
        return httpx.Response(200, json={"no": made[0]} if "by-id" in request.url.path else {"events": []})

    http = RestErp(about, desk.clock, Http(about, transport=httpx.MockTransport(erp)))
    object.__setattr__(desk.tools, "erps", {"simulator": http})
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=4)
    assert made == ["SO1"]
    assert [event.text for event in desk.events("document.delivered")] == ["the ERP has it as SO1"]


OVER_HTTP = """
name: acme
kind: rest
url: http://erp.example
requests:
  post_order: {call: POST /orders, send: {id: key}, read: {reference: no}}
  find: [{call: "GET /orders/by-id/{key}", read: {reference: no}}]
  pending: {call: GET /events, each: events, kind: type}
  confirm: {call: "POST /events/{id}/ack"}
"""
