"""Pages of lists that change while they are read: nothing that was there is left out, or told twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from calling import Calls
from desk import CASCADE, NORTHWIND, Desk
from fastapi.testclient import TestClient

from edi_gateway.api.page import cursor_to_place, part_of
from edi_gateway.api.problem import Problem
from edi_gateway.store.alerts import Level
from edi_gateway.views.set_list import every_held


def hold(calls: Calls, count: int) -> list[int]:
    """So many flows that are held; their numbers, the newest first."""
    how = {"lane_id": "apply:northwind", "stage": "apply", "partner": NORTHWIND, "state": "held", "because": "it is a scene"}
    with calls.desk.store.write() as unit:
        held = [f"document:{len(unit.flows.in_state('held')) + n}" for n in range(count)]
        for subject in held:
            unit.flows.start(subject=subject, **how)
        ids = [flow.id for subject in held for flow in unit.flows.of(subject)]
    return ids[::-1]


def alarm(calls: Calls, level: Level, partner: str, count: int = 1) -> list[int]:
    """So many open alerts; their numbers, the newest first."""
    now = calls.desk.clock.now()
    same = {"level": level, "partner": partner, "state": "open", "text": "it is a scene", "count": 1, "escalation": "e"}
    with calls.desk.store.write() as unit:
        keys = [f"{level} {partner} {n}" for n in range(count)]
        return [unit.alerts.add(rule="r", key=key, began_at=now, last_at=now, **same) for key in keys][::-1]


def paged(client: TestClient, path: str, limit: int, meanwhile: Callable[[int], object] = str, **query: Any) -> list[int]:
    """The ids of every page; ``meanwhile`` is done with each of them between one page and the next."""
    ids, cursor = list[int](), ""
    while cursor is not None:
        answer = client.get(path, params={"limit": limit, "cursor": cursor, **query})
        assert answer.status_code == 200, answer.text
        cursor = answer.json()["next"]
        for item in answer.json()["items"]:
            ids.append(item["id"])
            meanwhile(item["id"])
    return ids


def test_whoever_ends_the_holds_of_a_page_is_told_all_of_the_next(calls: Calls) -> None:
    def end(id: int) -> None:
        with calls.desk.store.write() as unit:
            unit.flows.move(unit.flows.get(id), state="done")  # type: ignore[arg-type]  # it is there

    held = hold(calls, 5)
    assert paged(calls.admin, "/holds", 2, end) == held
    assert calls.get("/holds")["items"] == []


def test_of_more_than_500_holds_all_can_be_had(calls: Calls) -> None:
    held = hold(calls, 503)
    assert paged(calls.admin, "/holds", 500) == held
    assert [row.id for row in every_held(calls.desk.store)] == held


def test_alerts_are_told_the_gravest_first_however_they_come_and_go(any_desk: Desk) -> None:
    calls = Calls(any_desk)
    notices, urgent, later = alarm(calls, "notice", NORTHWIND, 2), alarm(calls, "urgent", NORTHWIND, 2), list[int]()
    told = paged(calls.admin, "/alerts", 1, lambda _: later or later.extend(alarm(calls, "urgent", CASCADE)))
    assert told == [*urgent, *notices]
    assert paged(calls.admin, "/alerts", 2, all=True) == [*later, *urgent, *notices]


def test_a_partners_key_is_told_of_all_its_alerts_whatever_others_have(calls: Calls) -> None:
    mine = alarm(calls, "notice", CASCADE, 3)
    alarm(calls, "urgent", NORTHWIND, 501)
    assert paged(calls.client("read", CASCADE), "/alerts", 2) == mine


def test_rows_that_stand_at_one_place_are_all_told() -> None:
    first = part_of(["a", "b", "b", "b"], 2, "", lambda row: (row,))
    second = part_of(["b", "b", "b"], 2, first["next"], lambda row: (row,))  # "a" is gone
    assert (first["items"], second["items"], second["next"]) == (["a", "b"], ["b", "b"], None)


@pytest.mark.parametrize("cursor", ["MTIz", "W10", cursor_to_place(("a", 1)), cursor_to_place((1, 2**63))])
def test_a_cursor_of_another_list_is_none(calls: Calls, cursor: str) -> None:
    answer = calls.admin.get("/alerts", params={"cursor": cursor})
    assert (answer.status_code, "is no cursor" in answer.text) == (422, True)


def test_a_cursor_of_other_words_than_the_lists_is_none() -> None:
    with pytest.raises(Problem, match="is no cursor"):
        part_of(["a", "b"], 1, cursor_to_place((1, 1)), lambda row: (row,))
