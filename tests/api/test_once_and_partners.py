"""Idempotency keys, partners changed over the API, documents given in, replays, and the feed."""

from __future__ import annotations

import asyncio
import concurrent.futures
import json
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from calling import Calls
from desk import CASCADE, NORTHWIND, Desk, Profiles
from partner_says import northwind, order

from edi_gateway.api.pace import Pace
from edi_gateway.api.routes.feed import told
from edi_gateway.operations.apply import in_force
from edi_gateway.views.feed import changes

KEY = {"Idempotency-Key": "one-7"}
EASTWIND = """\
name: eastwind
title: Eastwind
interchange: [ZZ:EASTWIND]
group: [EASTWIND]
ours: main
connection: northwind-mailbox
currency: USD
agreements: []
"""
PACK = """\
pack: Northwind routing guide
source: Vendor Manual §4
dated: 2026-01-01
rules:
  R07: {does: warn, least_percent: "98", days: 28, fee: "25", per: line}
"""


@pytest.fixture
def ordered(calls: Calls) -> Calls:
    """One order has come and is confirmed."""
    calls.desk.drop(northwind(1, order("PO-1")))
    return calls


# -- once ------------------------------------------------------------------------------------------


def upload(calls: Calls, body: bytes, **headers: str) -> Any:
    given = {"content-type": "application/edi-x12", **headers}
    return calls.admin.post("/payloads", params={"partner": NORTHWIND, "name": "po.edi"}, content=body, headers=given)


def test_a_request_made_twice_under_one_key_is_done_once_and_answered_the_same(calls: Calls) -> None:
    first, second = upload(calls, b"one", **KEY), upload(calls, b"one", **KEY)
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json() == second.json()
    assert second.headers["idempotent-replayed"] == "true"
    assert len(calls.desk.events("payload.given")) == 1


def test_another_body_under_the_same_key_is_refused(calls: Calls) -> None:
    upload(calls, b"one", **KEY)
    answer = upload(calls, b"two", **KEY)
    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")


def test_the_same_request_while_the_first_is_in_flight_is_a_conflict(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go = threading.Event(), threading.Event()

    def slowly(*_: object, **__: object) -> int:
        begun.set()
        assert go.wait(10)
        return 1

    monkeypatch.setattr("edi_gateway.api.routes.moved.give_in", slowly)
    first = threading.Thread(target=lambda: upload(calls, b"one", **KEY))
    first.start()
    assert begun.wait(10)
    answer = upload(calls, b"one", **KEY)
    go.set()
    first.join()
    assert (answer.status_code, answer.json()["code"]) == (409, "in_flight")


def test_a_request_that_was_cut_off_is_not_done_again_under_its_key(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(*_: object, **__: object) -> int:
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr("edi_gateway.api.routes.moved.give_in", cut_off)
        with suppress(asyncio.CancelledError, concurrent.futures.CancelledError):
            upload(calls, b"one", **KEY)
    assert upload(calls, b"one", **KEY).json()["code"] == "in_flight"
    calls.desk.clock.advance(timedelta(minutes=16))
    later = upload(calls, b"one", **KEY).json()
    assert (later["code"], "look whether it was done" in later["detail"]) == ("conflict", True)


def test_a_request_that_failed_gives_its_key_back(calls: Calls) -> None:
    assert calls.admin.post("/holds/99/resume", headers=KEY).status_code == 404
    assert upload(calls, b"one", **KEY).status_code == 202


def test_a_key_is_of_its_caller_alone(calls: Calls) -> None:
    upload(calls, b"one", **KEY)
    other = calls.client("operate").post("/holds/99/resume", headers=KEY)
    assert other.json()["code"] == "not_found"


def test_a_repeated_change_of_a_profile_is_answered_with_its_version_too(calls: Calls) -> None:
    first, again = (put_as_read(calls, KEY) for _ in range(2))
    assert (again.json(), again.headers["idempotent-replayed"]) == (first.json(), "true")
    assert again.headers["etag"] == first.headers["etag"]


def test_the_same_change_of_another_version_is_another_request(calls: Calls) -> None:
    assert put_as_read(calls, KEY).status_code == 200
    late = put_as_read(calls, {**KEY, "If-Match": '"another"'})
    assert (late.status_code, late.json()["code"]) == (422, "key_reused")


def put_as_read(calls: Calls, headers: dict[str, str]) -> Any:
    read = calls.admin.get(f"/partners/{NORTHWIND}")
    given = {"If-Match": read.headers["etag"], **headers}
    return calls.admin.put(f"/partners/{NORTHWIND}", json=read.json()["profile"], headers=given)


def test_a_request_with_a_key_counts_once_each_time_it_is_made(calls: Calls) -> None:
    calls.office.pace = Pace(rate=0.5, burst=2, now=lambda: 0.0)
    answers = [upload(calls, b"one", **KEY) for _ in range(3)]
    assert [each.status_code for each in answers] == [202, 202, 429]
    assert [each.headers["ratelimit-remaining"] for each in answers] == ["1", "0", "0"]


# -- partners --------------------------------------------------------------------------------------


def test_a_profile_put_back_as_it_was_read_is_the_same_version(calls: Calls) -> None:
    answer = calls.admin.get(f"/partners/{NORTHWIND}")
    again = calls.admin.put(f"/partners/{NORTHWIND}", json=answer.json()["profile"], headers={"If-Match": answer.headers["etag"]})
    assert again.status_code == 200, again.text
    assert again.headers["etag"] == answer.headers["etag"]


def test_a_changed_profile_is_in_force_and_its_history_says_what_changed_and_who(calls: Calls) -> None:
    answer = calls.admin.get(f"/partners/{NORTHWIND}")
    profile = answer.json()["profile"] | {"title": "Northwind Renamed"}
    checked = calls.admin.post(f"/partners/{NORTHWIND}/validate", json=profile).json()
    assert len(checked["differences"]) == 1
    put = calls.admin.put(f"/partners/{NORTHWIND}", json=profile, headers={"If-Match": answer.headers["etag"]})
    assert put.status_code == 200, put.text
    directory = in_force(calls.desk.store)
    assert directory is not None
    assert directory.partner(NORTHWIND).title == "Northwind Renamed"
    newest = calls.get(f"/partners/{NORTHWIND}/history")[-1]
    assert newest["differences"] == checked["differences"]
    assert newest["applied_by"].endswith("(a admin key)")


def test_who_read_an_older_version_changes_nothing(calls: Calls) -> None:
    answer = calls.admin.get(f"/partners/{NORTHWIND}")
    etag = {"If-Match": answer.headers["etag"]}
    calls.admin.put(f"/partners/{NORTHWIND}", json=answer.json()["profile"] | {"title": "A"}, headers=etag)
    late = calls.admin.put(f"/partners/{NORTHWIND}", json=answer.json()["profile"] | {"title": "B"}, headers=etag)
    assert (late.status_code, late.json()["code"]) == (412, "version_changed")
    assert calls.get(f"/partners/{NORTHWIND}")["profile"]["title"] == "A"


def test_a_change_without_a_version_is_refused(calls: Calls) -> None:
    answer = calls.admin.put(f"/partners/{NORTHWIND}", json={})
    assert (answer.status_code, answer.json()["code"]) == (428, "version_needed")


def test_every_mistake_in_a_profile_is_told_with_its_line(calls: Calls) -> None:
    profile = calls.get(f"/partners/{NORTHWIND}")["profile"] | {"connection": "nowhere", "currency": "dollars"}
    answer = calls.admin.put(f"/partners/{NORTHWIND}", json=profile, headers={"If-Match": "*"})
    assert answer.status_code == 422
    assert any(each["where"].startswith("northwind/partner.yaml:") for each in answer.json()["mistakes"])


def test_a_new_partner_is_made_and_taken_away(calls: Calls) -> None:
    profile = calls.get(f"/partners/{NORTHWIND}")["profile"]
    new = {**profile, "name": "eastwind", "interchange": ["ZZ:EASTWIND"], "group": ["EASTWIND"], "agreements": []}
    new = {name: value for name, value in new.items() if name not in ("test", "fallback")}
    made = calls.admin.put("/partners/eastwind", json=new, headers={"If-None-Match": "*"})
    assert made.status_code == 201, made.text
    twice = calls.admin.put("/partners/eastwind", json=new, headers={"If-None-Match": "*"})
    assert twice.status_code == 412
    assert calls.admin.delete("/partners/eastwind", headers={"If-Match": made.headers["etag"]}).status_code == 204
    assert calls.admin.get("/partners/eastwind").status_code == 404
    assert [each["version"] for each in calls.get("/partners/eastwind/history")][-1] == ""


def test_a_partner_is_taken_away_with_its_compliance_pack(profiles: Profiles, make_desk: Callable[[], Desk]) -> None:
    folder = profiles.folder / "eastwind"
    folder.mkdir()
    (folder / "partner.yaml").write_text(EASTWIND)
    (folder / "compliance.yaml").write_text(PACK)
    calls = Calls(make_desk())
    answer = calls.admin.delete("/partners/eastwind", headers={"If-Match": "*"})
    assert answer.status_code == 204, answer.text
    directory = in_force(calls.desk.store)
    assert directory is not None
    assert "eastwind" not in [each.name for each in directory.partners]
    assert directory.packs == {}


def test_a_connection_is_tried_step_by_step(calls: Calls) -> None:
    steps = calls.admin.post(f"/partners/{NORTHWIND}/test-connection").json()
    assert [each["ok"] for each in steps] == [True, False]
    assert calls.pinged == ["northwind-mailbox"]


# -- documents given in, replays -------------------------------------------------------------------


def test_a_payload_given_in_is_read_like_one_that_came(calls: Calls) -> None:
    upload(calls, northwind(1, order("PO-9")))
    calls.desk.run()
    assert calls.desk.posted() == ["PO-9"]
    assert len(calls.desk.events("payload.given")) == 1


def test_an_invoice_about_no_order_of_theirs_is_refused(calls: Calls) -> None:
    invoice = {"number": "INV-1", "invoiced_on": "2026-11-17", "order_number": "PO-404", "lines": [], "total": "0"}
    answer = calls.admin.post("/documents", json={"partner": NORTHWIND, "kind": "invoice", "document": invoice})
    assert answer.status_code == 422
    assert "PO-404" in answer.json()["detail"]


def test_a_document_that_is_none_says_which_field_is_wrong(calls: Calls) -> None:
    answer = calls.admin.post("/documents", json={"partner": NORTHWIND, "kind": "invoice", "document": {"number": 7}})
    assert "number" in answer.json()["detail"]


def test_an_order_acknowledgment_given_in_leaves_as_an_855(ordered: Calls) -> None:
    ordered.desk.later(minutes=10)
    first = ordered.get("/documents", type="855")["items"][0]["id"]
    document = ordered.get(f"/documents/{first}/model")["document"]
    answer = ordered.admin.post(
        "/documents", json={"partner": NORTHWIND, "kind": "order acknowledgment", "document": document}, headers=KEY
    )
    assert answer.status_code == 202, answer.text
    ordered.desk.later(minutes=10)
    assert [one.delivery for one in ordered.desk.sets("855")] == ["sent", "sent"]
    [given] = ordered.desk.events("document.given")
    assert given.partner == NORTHWIND


def test_a_replay_is_accepted_runs_behind_and_tells_its_progress(ordered: Calls) -> None:
    meant = {"meant": {"partner": NORTHWIND, "type": "850"}, "because": "to see", "dry_run": True}
    answer = ordered.admin.post("/replays", json=meant, headers=KEY)
    assert answer.status_code == 202
    again = ordered.admin.post("/replays", json=meant, headers=KEY)
    assert (again.json(), again.headers["location"]) == (answer.json(), answer.headers["location"])
    progress = ordered.get(answer.headers["location"].removeprefix("/api/v1"))
    assert (progress["state"], progress["done"], progress["total"]) == ("done", 1, 1)
    assert len(ordered.get(f"/replays/{progress['id']}/items")["items"]) == 1
    assert ordered.client("read", CASCADE).get(f"/replays/{progress['id']}").status_code == 404


def test_a_key_of_one_partner_lists_its_own_replays_page_by_page_whatever_others_began(ordered: Calls) -> None:
    def begun(**meant: str) -> int:
        new = {"meant": {"type": "850", **meant}, "because": "to see", "dry_run": True}
        return int(ordered.admin.post("/replays", json=new).json()["id"])

    own = [begun(partner=NORTHWIND), begun(partner=NORTHWIND)]
    others = [begun() for _ in range(3)]
    key, found, cursor = ordered.client("read", NORTHWIND), list[int](), ""
    while page := key.get("/replays", params={"limit": 1, "cursor": cursor}).json():
        found += [each["id"] for each in page["items"]]
        if not (cursor := page["next"] or ""):
            break
    assert found == own[::-1]
    assert [each["id"] for each in ordered.get("/replays")["items"]] == [*others[::-1], *own[::-1]]


def test_a_replay_of_everything_is_never_meant_by_accident(ordered: Calls) -> None:
    assert ordered.admin.post("/replays", json={"meant": {}, "because": "x"}).status_code == 422


# -- the feed --------------------------------------------------------------------------------------


def test_whoever_follows_the_feed_has_every_event_once(ordered: Calls) -> None:
    got, after = [], 0
    while (page := ordered.get("/events", after=after, limit=7))["items"]:
        got += [each["id"] for each in page["items"]]
        after = page["next"]
    assert got == list(range(1, len(got) + 1))
    assert got[-1] == ordered.desk.events()[-1].id


def test_a_filtered_feed_goes_on_behind_what_it_left_out(ordered: Calls) -> None:
    page = ordered.get("/events", kind="set.", limit=500)
    assert all(each["kind"].startswith("set.") for each in page["items"])
    assert page["next"] == ordered.desk.events()[-1].id


def test_a_partners_key_is_told_of_its_partner_alone(ordered: Calls) -> None:
    page = ordered.client("read", NORTHWIND).get("/events").json()
    assert {each["partner"] for each in page["items"]} == {NORTHWIND}


def test_the_stream_tells_what_happens_and_ends_when_its_caller_may_no_longer_listen(ordered: Calls) -> None:
    async def listen() -> list[bytes]:
        async def stays() -> bool:
            return False

        def look(after: int) -> Any:
            return changes(ordered.desk.store, after=after, limit=100)

        return [frame async for frame in told(0, look, lambda: False, stays, every=0)]

    frames = asyncio.run(listen())
    events = [frame.decode().splitlines() for frame in frames if frame.startswith(b"id: ")]
    assert [int(lines[0][4:]) for lines in events] == [each.id for each in ordered.desk.events()]
    assert json.loads(events[0][2].removeprefix("data: "))["id"] == 1


def test_a_caller_that_asks_too_much_is_told_to_wait() -> None:
    now = [0.0]
    pace = Pace(rate=2, burst=3, now=lambda: now[0])
    assert [pace.take("ann").remaining for _ in range(3)] == [2, 1, 0]
    assert pace.take("ann").wait == 1
    assert pace.take("ben").wait == 0
    now[0] = 0.5
    assert pace.take("ann").wait == 0


def test_the_figures_are_as_prometheus_reads_them(ordered: Calls) -> None:
    text = ordered.admin.get("/metrics").text
    assert 'edi_gateway_flows{state="done"}' in text
    assert all(line.startswith("#") or float(line.rpartition(" ")[2]) >= 0 for line in text.splitlines())
