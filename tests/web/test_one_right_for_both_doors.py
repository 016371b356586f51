"""The console and the API are two doors to the same operations: what one has to be allowed is the same at both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest
from desk import Desk
from fastapi import FastAPI
from fastapi.routing import APIRoute
from visiting import Visitor

from edi_gateway.api.routes import ALL
from edi_gateway.operations.rights import RIGHTS, Right

OWN = {"/sign-in", "/sign-out", "/welcome", "/maps/{name:path}"}  # whoever comes signs in; a run on a sample changes nothing


Doors: TypeAlias = dict[str, list[tuple[str, Right | None]]]


def changing(routes: list[Any]) -> Iterator[tuple[str, Right | None]]:
    """The address of each route that takes a form or a body, and what its caller is asked for."""
    for route in routes:
        if hasattr(route, "original_router"):  # as FastAPI keeps a router that was included
            yield from changing(route.original_router.routes)
        elif isinstance(route, APIRoute) and route.methods - {"GET", "HEAD"} and route.path not in OWN:
            asked = [each.call.right for each in route.dependant.dependencies if hasattr(each.call, "right")]
            yield route.path, asked[0] if asked else None


@pytest.fixture
def doors(app: FastAPI) -> Doors:
    api = [route for router in ALL for route in router.routes if not route.path.startswith("/mailbox")]  # type: ignore[attr-defined]
    return {"console": list(changing(app.routes)), "api": list(changing(api))}


def test_every_route_of_either_door_that_changes_something_names_its_operation(doors: Doors) -> None:
    unnamed = [
        f"{door} {path}"
        for door, routes in doors.items()
        for path, right in routes
        if right is None or (right.operation not in RIGHTS and right.what != "read")
    ]
    assert unnamed == []
    assert len(doors["console"]) > 25
    assert len(doors["api"]) > 40


def test_an_operation_needs_the_same_right_at_both_doors(doors: Doors) -> None:
    needed = {
        door: {right.operation: right.what for _, right in routes if right and right.operation} for door, routes in doors.items()
    }
    shared = needed["console"].keys() & needed["api"].keys()
    assert {name: needed["console"][name] for name in shared} == {name: needed["api"][name] for name in shared}
    assert len(shared) > 15
    assert needed["console"].keys() | needed["api"].keys() == RIGHTS.keys()


def test_who_mends_a_code_and_does_not_operate_lets_nothing_go_on(desk: Desk, signed_in: Callable[[str], Visitor]) -> None:
    entry = {"partner": "northwind", "kind": "item", "theirs": "UP:1", "ours": "PB-1", "resume": "yes"}
    told = signed_in("analyst").post("/cross-references", **entry).headers["set-cookie"]
    assert "when%20somebody%20who%20operates" in told
    told = signed_in("admin").post("/cross-references", **entry).headers["set-cookie"]
    assert "Nothing%20waited%20for%20it" in told
