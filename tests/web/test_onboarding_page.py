"""Onboarding: the checklist, and the simulated partner's play with its report."""

from __future__ import annotations

import re
from collections.abc import Callable

from desk import Desk, sample
from visiting import Visitor

from edi_gateway.bootstrap.certification import kept
from edi_gateway.simulated_partner.certification import Scenario, Step
from edi_gateway.views.onboarding import firsts

SignedIn = Callable[[str], Visitor]
PAGE = "/partners/northwind/onboarding"


def state_of(page: str, title: str) -> str:
    """The state of a step of the checklist."""
    (found,) = [state for state, text in re.findall(r'<li class="(\w+)">(.*?)</li>', page, re.S) if title in text]
    return str(found)


def test_a_step_is_done_when_it_has_happened(desk: Desk, signed_in: SignedIn) -> None:
    viewer = signed_in("viewer")
    assert state_of(viewer.get(PAGE).text, "Their first document came") == "open"
    desk.drop("northwind-850-plain.edi")
    page = viewer.get(PAGE).text
    assert state_of(page, "Their first document came") == "done"
    assert state_of(page, "They accepted our first document") == "open"
    assert firsts(desk.store, "cascade").came is None


def test_a_connection_that_was_tried_is_on_record(desk: Desk, signed_in: SignedIn) -> None:
    analyst = signed_in("analyst")
    assert state_of(analyst.get(PAGE).text, "The connection was tried") == "open"
    assert analyst.post("/connections/northwind-mailbox/ping").status_code == 200
    assert state_of(analyst.get(PAGE).text, "The connection was tried") in ("done", "failed")
    assert desk.events("connection.tested")[-1].actor == "analyst"


def test_the_simulated_partner_plays_the_profile_in_force_and_its_report_is_kept(desk: Desk, signed_in: SignedIn) -> None:
    analyst = signed_in("analyst")
    files = {"sample": ("850.edi", sample("northwind-850-plain.edi"))}
    to = analyst.upload("/partners/northwind/certifications", files).headers["location"]
    page = analyst.get(to).text
    assert "1 of 1 scenario" in page
    assert "997 for 850 4500881201" in page
    assert "samples 850.edi" in page
    assert analyst.get(f"{to}.json").json()["partner"] == "northwind"
    assert state_of(analyst.get(PAGE).text, "The simulated partner has played") == "done"
    assert desk.flows() == []  # nothing of the gateway itself was touched


def test_what_passed_before_the_profile_was_changed_is_to_be_played_again(desk: Desk, signed_in: SignedIn) -> None:
    with desk.store.write() as unit:
        unit.certifications.note(unit.certifications.begin("northwind", "an older version", 1, by="ann"), state="passed", done=1)
    page = signed_in("viewer").get(PAGE).text
    assert state_of(page, "The simulated partner has played") == "open"
    assert "the profile was changed since" in page


def test_one_play_at_a_time_and_one_whose_process_ended_stands_in_nobodys_way(desk: Desk, signed_in: SignedIn) -> None:
    with desk.store.write() as unit:
        id = unit.certifications.begin("cascade", "v", 3, by="ann")
    analyst = signed_in("analyst")
    answer = analyst.upload("/partners/northwind/certifications", {})
    assert answer.status_code == 503
    assert "plays cascade now, begun by ann" in answer.text
    desk.later(minutes=6)
    assert "It stands still" in analyst.get(f"/partners/cascade/certifications/{id}").text
    with desk.store.read() as unit:
        assert unit.certifications.running(desk.store.clock.now() - kept.STILL) == []


def test_a_play_that_breaks_says_why(desk: Desk, signed_in: SignedIn) -> None:
    class Breaking:
        version = "v"

        def play(self, habits: object):  # type: ignore[no-untyped-def]  # as a stage's
            yield Scenario(name="one", title="t", steps=(Step(what="w", expected="e", happened="h", passed=True),))
            raise RuntimeError("the stage fell down")

        def report(self, done: list[Scenario]) -> list[Scenario]:
            return done

    id = kept.begin(desk.store, Breaking(), "northwind", {}, by="ann")  # type: ignore[arg-type]  # stands in for a stage
    kept.play(desk.store, id, Breaking(), {})  # type: ignore[arg-type]
    with desk.store.read() as unit:
        row = unit.certifications.get(id)
    assert row is not None
    assert (row.state, row.done) == ("broken", 1)
    assert "the stage fell down" in row.because


def test_a_file_without_an_order_is_refused(signed_in: SignedIn) -> None:
    answer = signed_in("analyst").upload("/partners/northwind/certifications", {"sample": ("x.edi", b"hello")})
    assert answer.status_code == 422
    assert "x.edi" in answer.text
