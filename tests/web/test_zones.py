"""Moments in forms and filters are in the viewer's zone, as the times on the pages are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape

import pytest
from desk import Desk
from hypothesis import given
from hypothesis import strategies as st
from visiting import Visitor

from edi_gateway.errors import WrongInput
from edi_gateway.trading.certificate_files import exported
from edi_gateway.trading.certificate_making import make_certificate
from edi_gateway.web.moments import beginning_of, moment

SignedIn = Callable[[str], Visitor]
THERE = "zone=Pacific/Auckland"  # where it is the 18th, four in the morning, when the desk's order comes
SET = '/documents/1">850'


def test_a_day_is_the_viewers_in_the_list_and_in_its_csv(desk: Desk, signed_in: SignedIn) -> None:
    desk.drop("northwind-850-plain.edi")
    viewer = signed_in("viewer")
    for search, is_found in (
        (f"since=2026-11-18&{THERE}", True),
        (f"until=2026-11-18&{THERE}", False),
        ("since=2026-11-18", False),  # without scripts, and in addresses of old: UTC
        ("until=2026-11-18", True),
        ("since=2026-11-18&zone=America/Chicago", False),
    ):
        assert (SET in viewer.get(f"/documents?{search}").text) is is_found, search
        assert ("4500881201" in viewer.get(f"/documents.csv?code=850&{search}").text) is is_found, search


def test_moments_in_a_csv_say_their_offset_and_are_in_the_viewers_zone(desk: Desk, signed_in: SignedIn) -> None:
    desk.drop("northwind-850-plain.edi")
    viewer = signed_in("viewer")
    assert "2026-11-18T04:00:00+13:00" in viewer.get("/transmissions.csv?shown_in=Pacific/Auckland").text
    assert "2026-11-17T15:00:00+00:00" in viewer.get("/transmissions.csv").text  # without scripts: UTC, as the page says
    assert "is no time zone" in unescape(viewer.get("/transmissions.csv?shown_in=Mars/Base").text)


def test_the_zone_a_csv_is_shown_in_moves_no_filter(desk: Desk, signed_in: SignedIn) -> None:
    desk.drop("northwind-850-plain.edi")
    viewer = signed_in("viewer")
    for search in ("since=2026-11-17&until=2026-11-18", "since=2026-11-18", f"until=2026-11-18&{THERE}"):
        rows, shown = (viewer.get(f"/documents.csv?{search}{of}").text for of in ("", "&shown_in=Pacific/Auckland"))
        assert shown.count("\n") == rows.count("\n"), search
        assert (shown == rows) is (rows.count("\n") == 1), search  # its moments are those of that zone


def test_a_replays_window_is_in_the_viewers_zone(desk: Desk, signed_in: SignedIn) -> None:
    desk.drop("northwind-850-plain.edi")
    operator, window = signed_in("operator"), {"since": "2026-11-18T03:30", "until": "2026-11-18T04:30", "code": "850"}
    to = operator.post("/replays/new", **window, zone="Pacific/Auckland", because="x").headers["location"]
    assert "1 of 1 set" in operator.get(to).text
    assert operator.post("/replays/new", **window, because="x").status_code == 422  # nothing came then in UTC


def test_a_search_that_is_saved_or_handed_on_keeps_its_zone(desk: Desk, signed_in: SignedIn) -> None:
    desk.drop("northwind-850-plain.edi")
    viewer = signed_in("viewer")
    query = "since=2026-11-18&zone=Pacific%2FAuckland"
    assert viewer.post("/documents/saved", name="a", query=query).headers["location"] == f"/documents?{query}"
    page = viewer.get(f"/documents?{query}").text
    assert "<span data-zone-name>Pacific/Auckland</span>" in page
    assert f'/replays/new?{query.replace("&", "&amp;")}"' in page
    assert "zone" not in viewer.post("/documents/saved", name="b", query="code=850&zone=UTC").headers["location"]


def test_a_certificate_is_switched_to_when_the_viewers_day_begins(desk: Desk, signed_in: SignedIn) -> None:
    bundle = make_certificate("NORTHWIND", "Northwind Stores", desk.clock.now(), days=90, bits=2048)
    files = {"file": ("theirs.der", exported(bundle, "der"))}
    of = {"owner": "connection:northwind-mailbox", "role": "any", "use_from": "2026-12-01", "zone": "Pacific/Auckland"}
    signed_in("analyst").upload("/certificates", files, **of)
    with desk.store.read() as unit:
        (kept,) = unit.certificates.of("connection:northwind-mailbox")
    assert kept.use_from == datetime(2026, 11, 30, 11, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Mars/Base", "../../etc/passwd", "America", "\x00", "x" * 300])
def test_a_zone_there_is_not_is_told(signed_in: SignedIn, zone: str) -> None:
    with pytest.raises(WrongInput, match="is no time zone"):
        moment("2026-11-18", zone)


@given(st.datetimes(), st.sampled_from(["", "Pacific/Auckland", "America/St_Johns", "Europe/Berlin"]))
def test_whatever_moment_is_given_is_one_or_is_told(given: datetime, zone: str) -> None:
    for read in (moment, beginning_of):
        try:
            found = read(given.date().isoformat(), zone)
            assert found is not None
            assert found.tzinfo is UTC
        except WrongInput:
            assert given.year in (1, 9999)


def test_a_moment_that_names_its_zone_keeps_it() -> None:
    assert moment("2026-11-18T01:00+01:00", "Pacific/Auckland") == datetime(2026, 11, 18, tzinfo=UTC)
