"""The API asked whatever its own description allows: no answer is outside of it, and none is a defect."""

from __future__ import annotations

from pathlib import Path

import pytest
import schemathesis
from calling import Calls
from desk import NOON, NORTHWIND, ROOT, Desk
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from partner_says import northwind, order
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from edi_gateway.api.app import PATH, mount
from edi_gateway.clock import MovableClock

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
KEY: dict[str, str] = {}
MAILBOX_KEY: dict[str, str] = {}  # for what no other key opens
EXAMPLES = 6  # of each route: a bounded look; what it found once has a test of its own


@schemathesis.serializer("application/edi-x12")
def _as_it_is(_context: object, value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> schemathesis.BaseSchema:
    """The API of a gateway that has two orders, one of them held."""
    folder: Path = tmp_path_factory.mktemp("asked")
    desk = Desk(folder / "data", ROOT / "partners", MovableClock(NOON))
    desk.drop(northwind(1, order("PO-1"), order("PO-2", price="1")))
    calls = Calls(desk)
    calls.keep_maps()
    outer = FastAPI(openapi_url=None)
    mount(outer, calls.app)
    schema = schemathesis.openapi.from_asgi(f"{PATH}/openapi.json", outer)
    KEY["Authorization"] = calls.admin.headers["Authorization"]
    MAILBOX_KEY["Authorization"] = calls.client("mailbox", connection=f"{NORTHWIND}-mailbox").headers["Authorization"]
    return schema.exclude(path="/events/stream")  # never ends


@pytest.mark.slow
def test_every_answer_is_one_the_description_tells(described: schemathesis.BaseSchema) -> None:
    wrong: dict[str, str] = {}
    for found in described.get_all_operations():
        operation = found.ok()

        @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True)
        @given(case=operation.as_strategy())
        def ask(case: schemathesis.Case) -> None:
            case.call_and_validate(headers=MAILBOX_KEY if "/mailbox/" in case.path else KEY, checks=CHECKS)

        try:
            ask()
        except (
            Exception,
            BaseExceptionGroup,
        ) as error:  # told with its route; the others have their turn
            wrong[operation.label] = str(error)[:2000]
    assert not wrong, "\n\n".join(f"{label}\n{error}" for label, error in wrong.items())
