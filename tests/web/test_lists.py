"""Every list of the console comes as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC
from html import unescape

import pytest
from desk import Desk
from fastapi import FastAPI, Request
from partner_says import northwind, order
from visiting import Visitor

from edi_gateway.operations import replay
from edi_gateway.pipeline.tools import start
from edi_gateway.store.replays import Terms
from edi_gateway.store.selection import Selection
from edi_gateway.views import alerts, set_list
from edi_gateway.web import export
from edi_gateway.web.routes import holds, replays

SignedIn = Callable[[str], Visitor]
ASKED = Request({"type": "http", "query_string": b""})
LISTS = {
    "/documents.csv",
    "/holds.csv",
    "/alerts.csv",
    "/approvals.csv",
    "/orders.csv",
    "/acknowledgments.csv",
    "/compliance.csv",
    "/transmissions.csv",
    "/replays.csv",
    "/replays/{id}.csv",
    "/partners.csv",
    "/partners/{name}/flows.csv",
    "/partners/{name}/history.csv",
    "/certificates.csv",
    "/cross-references/{partner}.csv",
    "/maps.csv",
    "/maps/{name}/tests.csv",
    "/schedule.csv",
    "/engines.csv",
    "/audit.csv",
    "/sync.csv",
    "/settings/people.csv",
    "/settings/keys.csv",
    "/settings/webhooks.csv",
}


def test_the_lists_that_come_as_csv(app: FastAPI) -> None:
    assert {path for path in app.openapi()["paths"] if path.endswith(".csv")} == LISTS


def test_holds_of_a_state_there_is_not_are_refused_with_the_nearest(signed_in: SignedIn) -> None:
    for path in ("/holds?state=rejekted", "/holds.csv?state=rejekted"):
        answer = signed_in("admin").get(path)
        assert answer.status_code in (400, 422)
        assert "did you mean 'rejected'" in unescape(answer.text)


def test_a_page_of_holds_says_that_there_are_more_and_leads_to_them(
    desk: Desk, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk.store.write() as unit:
        for number in range(3):
            start(unit, "translate", f"transaction:{number}", partner="northwind", state="held")
    viewer, path, shown = signed_in("viewer"), "/holds", []
    assert "There are more" not in viewer.get(path).text
    monkeypatch.setattr(holds, "MOST", 2)
    while path:
        page = unescape(viewer.get(path).text)
        shown.append(len(re.findall(r'id="flow-', page)))
        assert "/holds.csv?" in page
        path = next(iter(re.findall(r'There are more: <a href="([^"]+)"', page)), "")
    assert shown == [2, 1]


@pytest.mark.parametrize("path", sorted(path for path in LISTS if "{" not in path or path.startswith("/partners")))
def test_a_csv_has_a_heading_and_rows_as_wide(desk: Desk, signed_in: SignedIn, path: str) -> None:
    desk.drop("northwind-850-plain.edi")
    answer = signed_in("admin").get(path.replace("{name}", "northwind"))
    assert answer.headers["content-type"].startswith("text/csv")
    heading, *rows = csv.reader(io.StringIO(answer.text))
    assert heading
    assert {len(row) for row in rows} <= {len(heading)}


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """A gateway with two orders, alerts and replays, and what came of them."""
    desk.drop(northwind(1, order("PO-1"), order("PO-2")))
    desk.later(hours=8)
    now = desk.clock.now()
    for number in range(2):
        replay.begin(desk.tools, Selection(code="850"), Terms(is_dry=True), because="to see", by="scene")
        same = {"rule": "held", "level": "urgent", "state": "open", "text": "x", "count": 1, "escalation": ""}
        with desk.store.write() as unit:
            unit.alerts.add(key=f"key {number}", began_at=now, last_at=now, **same)
    return desk


LONG = ("documents?answers=yes", "orders?", "transmissions?", "audit?", "compliance?result=kept", "alerts?", "replays?", "holds?")


def test_a_csv_holds_every_row_however_many_are_read_in_one_go(
    busy: Desk, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with busy.store.write() as unit:
        for number in range(2):
            start(unit, "translate", f"transaction:{number}", partner="northwind", state="held")
    viewer, paths = signed_in("viewer"), [f"/{each.replace('?', '.csv?')}" for each in LONG] + ["/replays/1.csv"]
    whole = {path: list(csv.reader(io.StringIO(viewer.get(path).text))) for path in paths}
    assert {path: len(rows) for path, rows in whole.items() if len(rows) < 3} == {}  # a heading and two
    for module in (export, replays):
        monkeypatch.setattr(module, "AT_ONCE", 1)
    for rows_in_one_go in (alerts.alerts, set_list.held):
        monkeypatch.setitem(rows_in_one_go.__kwdefaults__, "limit", 1)
    for path, rows in whole.items():
        assert list(csv.reader(io.StringIO(viewer.get(path).text))) == rows, path


def test_a_csv_is_written_while_it_is_read() -> None:
    """A million rows are never in memory at once, and what is asked for wrongly is told before anything is sent."""
    read: list[int] = []

    def rows() -> Iterator[tuple[int]]:
        for number in range(3 * export.AT_ONCE):
            read.append(number)
            yield (number,)

    answer = export.csv_of(ASKED, "x", ("a",), rows())
    assert answer.headers["content-disposition"] == 'attachment; filename="x.csv"'
    assert len(read) == export.AT_ONCE


def test_a_spreadsheet_takes_no_cell_for_a_formula() -> None:
    (body,) = export.written(("a",), [("=1+1",), ("-2",), (-2,)], UTC)
    assert body.splitlines() == ["a", "'=1+1", "'-2", "-2"]


@pytest.mark.parametrize(
    ("list_", "narrowed", "left"),
    [
        ("documents", "code=855", 0),
        ("orders", "q=999", 0),
        ("orders", "partner=cascade", 0),
        ("orders", "state=received", 1),
        ("holds", "state=dead", 0),
        ("transmissions", "q=nothing", 0),
        ("acknowledgments", "late=yes", 0),
        ("audit", "actor=nobody", 0),
    ],
)
def test_a_list_that_is_narrowed_leads_to_a_csv_that_is_narrowed_too(
    desk: Desk, signed_in: SignedIn, list_: str, narrowed: str, left: int
) -> None:
    desk.drop("northwind-850-plain.edi")
    viewer = signed_in("viewer")
    [to] = re.findall(rf'href="(/{list_}\.csv[^"]*)"', viewer.get(f"/{list_}?{narrowed}").text)
    _, *rows = csv.reader(io.StringIO(viewer.get(unescape(to)).text))
    assert len(rows) == left


@pytest.mark.parametrize("list_", ["documents", "orders", "transmissions", "compliance"])
def test_what_a_search_as_you_type_renews_holds_the_link_to_the_csv_of_what_it_found(signed_in: SignedIn, list_: str) -> None:
    page = signed_in("viewer").get(f"/{list_}?partner=cascade").text
    (to,) = re.findall(rf'href="(/{list_}\.csv[^"]*)"', page)
    assert f'"{to}"' in found_in(page)
    assert "partner=cascade" in to


def test_what_a_search_as_you_type_renews_holds_the_link_that_replays_what_it_found(desk: Desk, signed_in: SignedIn) -> None:
    desk.drop("northwind-850-plain.edi")
    page = signed_in("operator").get("/documents?partner=northwind&code=850").text
    assert page.count("Replay these") == 1
    assert 'href="/replays/new?partner=northwind&amp;code=850">Replay these' in found_in(page)


@pytest.mark.parametrize("typed", ["4500", "000004101", "4101"])
def test_what_a_search_found_is_what_is_replayed(desk: Desk, signed_in: SignedIn, typed: str) -> None:
    """The beginning of a number, or that of an interchange, is no whole business number."""
    desk.drop("northwind-850-plain.edi")
    desk.later(hours=5)
    operator = signed_in("operator")
    page = operator.get(f"/documents?q={typed}").text
    shown = re.findall(r'<a href="/documents/(\d+)">', found_in(page))
    assert shown
    (to,) = re.findall(r'href="([^"]+)">Replay these', page)
    form = operator.get(unescape(to)).text
    (ids,) = re.findall(r'name="ids" value="([^"]*)"', form)
    assert ids.split(", ") == shown
    assert not re.search(r'name="number" value="[^"]+"', form)
    told = operator.post("/replays/new", ids=ids, because="to see").headers["location"]
    assert f"of {len(shown)} set" in operator.get(told).text


def test_a_search_that_finds_more_than_a_form_names_is_narrowed_before_it_is_replayed(
    desk: Desk, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.drop("northwind-850-plain.edi")
    desk.later(hours=5)
    monkeypatch.setattr(replays, "NAMED", 1)
    for typed, said in (("4500881201", "more than 1 document"), ("nothing-such", "no document is found")):
        answer = signed_in("operator").get(f"/replays/new?q={typed}")
        assert (answer.status_code, said in unescape(answer.text)) == (422, True)


def found_in(page: str) -> str:
    """What htmx takes of a page to renew a list."""
    return page.partition('id="found"')[2].partition("</section>")[0]


@pytest.mark.parametrize(
    "path", ["/documents?answers=yes", "/audit?kind=", "/transmissions?direction=", "/compliance?result=kept"]
)
def test_an_older_page_that_is_renewed_stays_that_page(desk: Desk, signed_in: SignedIn, path: str) -> None:
    desk.drop("northwind-850-plain.edi")
    viewer = signed_in("viewer")
    assert "before" not in renewal(viewer.get(path).text)
    page = viewer.get(f"{path}&before=3").text
    assert "before=3" in renewal(page)
    assert found_in(viewer.get(renewal(page)).text) == found_in(page)


def renewal(page: str) -> str:
    """Where the list of a page is looked for again when something has happened."""
    (to,) = re.findall(r'id="found"[^>]* data-live hx-get="([^"]+)"', page)
    return unescape(to)


def test_the_maps_in_force_as_csv(signed_in: SignedIn) -> None:
    rows = {row["map"]: row for row in csv.DictReader(io.StringIO(signed_in("viewer").get("/maps.csv").text))}
    assert (rows["northwind/850-order"]["reads"], rows["northwind/850-order"]["extends"]) == ("850", "850-order")
    assert (rows["invoice-810"]["writes"], rows["invoice-810"]["used"]) == ("810", "out")


def test_the_stored_tests_of_a_map_as_csv(signed_in: SignedIn) -> None:
    (row, *_) = csv.DictReader(io.StringIO(signed_in("viewer").get("/maps/864-text-message/tests.csv").text))
    assert (row["good"], row["differences"], int(row["left_out_once"]) > 0) == ("True", "", True)


def test_the_history_of_a_profile_as_csv_says_what_was_handled_under_each_version(desk: Desk, signed_in: SignedIn) -> None:
    desk.drop("northwind-850-plain.edi")
    (row,) = csv.DictReader(io.StringIO(signed_in("viewer").get("/partners/northwind/history.csv").text))
    assert (row["applied_by"], row["changes"], int(row["handled"]) > 0) == ("ann", "", True)
