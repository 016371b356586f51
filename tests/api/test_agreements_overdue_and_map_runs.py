"""What is agreed with whom, which answers are late, and a map tried on a set or a document, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from calling import Calls
from desk import CASCADE, NOON, NORTHWIND, ROOT, Desk, sample
from msgspec import to_builtins
from partner_says import accepts, northwind, order

from edi_gateway.clock import MovableClock
from edi_gateway.views.numbers import counters

READS, WRITES = "northwind/850-order", "invoice-810"


def pages(calls: Calls, path: str, **query: object) -> list[dict[str, Any]]:
    """Everything behind an address, two on a page."""
    found, cursor = [], ""
    while cursor is not None:
        page = calls.get(path, limit=2, cursor=cursor, **query)
        found, cursor = found + page["items"], page["next"]
    return found


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calls]:
    """A gateway that is only asked: one for all these scenes."""
    desk = Desk(tmp_path_factory.mktemp("asked"), ROOT / "partners", MovableClock(NOON))
    yield Calls(desk)
    desk.close()


class TestAgreements:
    def test_an_agreement_says_what_goes_which_way_under_which_release_map_and_terms(self, asked: Calls) -> None:
        told = [one["agreement"] for one in asked.get("/partners/northwind/agreements")]
        (order,) = [one for one in told if (one["set"], one["direction"], one["usage"]) == ("850", "in", "production")]
        assert (order["release"], order["map"]) == ("004010VICS", READS)
        assert order["acknowledgment"]["within"] == "1d"

    def test_pages_of_agreements_miss_none_and_repeat_none(self, asked: Calls) -> None:
        each = [one for name in asked.desk.directory.partners for one in asked.get(f"/partners/{name.name}/agreements")]
        assert pages(asked, "/agreements") == each

    def test_a_partners_key_sees_its_own_agreements_alone(self, asked: Calls) -> None:
        theirs = asked.client("read", CASCADE)
        assert {one["partner"] for one in theirs.get("/agreements").json()["items"]} == {CASCADE}
        assert theirs.get(f"/partners/{NORTHWIND}/agreements").status_code == 404

    def test_agreements_of_a_partner_there_is_not_are_not_found(self, asked: Calls) -> None:
        answer = asked.admin.get("/partners/nobody/agreements")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


class TestOverdue:
    @pytest.fixture
    def sent(self, calls: Calls) -> Calls:
        """An 855 has left, and its 997 is awaited."""
        calls.desk.drop(northwind(1, order("PO-1")))
        calls.desk.later(minutes=10)
        return calls

    def test_what_is_due_and_not_late_is_told_when_all_is_asked_for(self, sent: Calls) -> None:
        assert sent.get("/overdue")["items"] == []
        awaited = [one for one in sent.get("/overdue", all=True)["items"] if one["answer"] == "997"]
        assert [(one["who"], one["about"], one["number"], one["is_overdue"]) for one in awaited] == [
            ("they", "855", "PO-1", False)
        ]

    def test_an_answer_that_did_not_come_in_time_is_overdue_until_it_comes(self, sent: Calls) -> None:
        sent.desk.later(days=3)
        late = sent.get("/overdue")["items"]
        assert ("they", "997", "855") in {(one["who"], one["answer"], one["about"]) for one in late}
        assert all(one["is_overdue"] for one in late)
        assert [one["due_at"] for one in late] == sorted(one["due_at"] for one in late)
        sent.desk.drop(northwind(2, accepts("PR", 1, "855")))
        assert "855" not in {one["about"] for one in sent.get("/overdue")["items"]}

    def test_a_partners_key_sees_what_is_late_with_it_alone(self, sent: Calls) -> None:
        theirs, others = sent.client("read", NORTHWIND), sent.client("read", CASCADE)
        assert theirs.get("/overdue?all=true").json() == sent.get("/overdue", all=True)
        assert others.get("/overdue?all=true").json()["items"] == []
        assert others.get(f"/overdue?partner={NORTHWIND}").status_code == 404


class TestMapRuns:
    def run(self, calls: Calls, name: str, **what: object) -> Any:
        return calls.admin.post("/maps/run", params={"name": name}, json=what)

    def test_a_set_becomes_a_document_and_every_value_says_where_it_came_from(self, asked: Calls) -> None:
        before = len(asked.desk.events())
        told = self.run(asked, READS, x12=sample("northwind-850-plain.edi").decode()).json()
        (document,) = told["documents"]
        number = next(one for one in told["trace"] if one["made"] == "number")
        assert (document["number"], number["value"], number["source"]) == ("4500881201", "4500881201", "BEG03")
        assert "maps/850-order.yaml:" in number["rule"]
        assert len(asked.desk.events()) == before  # nothing is recorded

    def test_what_a_map_does_not_carry_is_told(self, asked: Calls) -> None:
        first, *rest = order("PO-1")
        text = northwind(1, [first, rest[0], ["MSG", "CALL US"], *rest[1:]]).decode()
        assert self.run(asked, READS, x12=text).json()["not_carried"] == ["segment 3, MSG01 = CALL US"]

    def test_every_set_of_the_maps_kind_is_read(self, asked: Calls) -> None:
        text = northwind(1, order("PO-1"), order("PO-2")).decode()
        assert [one["number"] for one in self.run(asked, READS, x12=text).json()["documents"]] == ["PO-1", "PO-2"]

    def test_a_document_becomes_segments(self, asked: Calls) -> None:
        invoice = {
            "number": "INV-1",
            "invoiced_on": "2026-11-17",
            "order_number": "PO-1",
            "ordered_on": "2026-11-16",
            "lines": [{"number": "001", "quantity": "4", "unit": "each", "unit_price": "18.5", "amount": "74"}],
            "total": "74",
        }
        answer = self.run(asked, WRITES, document=invoice)
        segments = {one[0]: one for one in answer.json()["segments"]}
        assert segments["BIG"][:5] == ["BIG", "20261117", "INV-1", "20261116", "PO-1"]
        assert segments["TDS"][1] == "7400"

    @pytest.mark.parametrize(
        ("what", "says"),
        [
            ({}, "either x12"),
            ({"x12": "ST*850*0001~SE*2*0001~", "document": {}}, "either x12"),
            ({"x12": "ST*855*0001~BAK*00*AC*PO-1*20261117~SE*3*0001~"}, "holds no 850"),
            ({"x12": "good morning"}, ""),
            ({"x12": "ST*850*0001~SE*2*0001~"}, ""),
            ({"document": {"number": "PO-1"}}, "purpose"),
        ],
    )
    def test_what_a_map_cannot_take_is_wrong_input(self, asked: Calls, what: dict[str, object], says: str) -> None:
        answer = self.run(asked, READS, **what)
        assert (answer.status_code, answer.json()["code"]) == (422, "wrong_input"), answer.text
        assert says in answer.text

    def test_a_document_that_is_none_of_the_maps_is_wrong_input_that_names_the_field(self, asked: Calls) -> None:
        answer = self.run(asked, WRITES, document={"number": 7})
        assert (answer.status_code, answer.json()["code"]) == (422, "wrong_input")
        assert "number" in answer.json()["detail"]

    def test_a_map_there_is_not_is_not_found(self, asked: Calls) -> None:
        assert self.run(asked, "850-nothing", x12="ISA").json()["code"] == "not_found"


def test_control_numbers_are_told_in_the_words_of_the_command(calls: Calls) -> None:
    calls.desk.drop(northwind(1, order("PO-1")))
    assert calls.get("/control-numbers")["items"] == to_builtins(counters(calls.desk.store))
