"""Logs are structured, and keep secrets."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from edi_gateway import log


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    out = io.StringIO()
    log.configure(level="info", form="json", to=out)
    yield out
    structlog.reset_defaults()


def only(lines: io.StringIO) -> dict[str, Any]:
    (line,) = lines.getvalue().splitlines()
    return json.loads(line)


def test_an_event_is_one_line_with_its_module_and_its_time_in_utc(lines: io.StringIO):
    log.logger("pipeline.read").info("set found", control_number="0001")

    event = only(lines)
    assert (event["event"], event["module"], event["level"], event["control_number"]) == (
        "set found",
        "pipeline.read",
        "info",
        "0001",
    )
    assert event["timestamp"].endswith("Z")


def test_what_is_bound_holds_inside_the_block_and_not_after_it(lines: io.StringIO):
    with log.bind(partner="northwind"):
        log.logger("x").info("inside")
    log.logger("x").info("outside")

    inside, outside = map(json.loads, lines.getvalue().splitlines())
    assert inside["partner"] == "northwind"
    assert "partner" not in outside


def test_what_is_below_the_level_is_not_logged(lines: io.StringIO):
    log.logger("x").debug("detail")

    assert lines.getvalue() == ""


@pytest.mark.parametrize(
    "said",
    [
        {"password": "opensesame"},
        {"Proxy_Authorization": "opensesame"},
        {"headers": {"Authorization": "opensesame"}},
        {"connections": [{"login": {"key_passphrase": "opensesame"}}]},
        {"database": "postgresql+psycopg://gateway:opensesame@db/gateway"},
        {"urls": ("sftp://acme:opensesame@host",)},
    ],
)
def test_a_secret_never_reaches_the_log(lines: io.StringIO, said: dict[str, Any]):
    log.logger("x").info("connecting", **said)

    assert "opensesame" not in lines.getvalue()
    assert "***" in lines.getvalue()


def test_a_url_inside_an_exception_loses_its_password_too(lines: io.StringIO):
    try:
        raise ConnectionError("no answer from postgresql://gateway:opensesame@db")
    except ConnectionError:
        log.logger("x").exception("the database is away")

    assert "ConnectionError" in only(lines)["exception"]
    assert "opensesame" not in lines.getvalue()


def test_what_is_no_secret_stays_as_it_is(lines: io.StringIO):
    log.logger("x").info("sent", to="https://partner.example:8443/as2?id=1@2", sizes=[1, 2])

    event = only(lines)
    assert event["to"] == "https://partner.example:8443/as2?id=1@2"
    assert event["sizes"] == [1, 2]


def test_people_get_a_line_to_read():
    out = io.StringIO()
    log.configure(form="console", to=out)
    log.logger("worker").warning("lane waits", lane="wire:northwind")
    structlog.reset_defaults()

    assert "lane waits" in out.getvalue()
    assert "lane=wire:northwind" in out.getvalue()


def test_an_error_stream_closed_since_fails_nobody(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as then:
        then.setattr("sys.stderr", closed := io.StringIO())
        log.configure("warning")
    closed.close()
    log.logger("worker").warning("an engine is gone")
    log.configure("error")

    assert "an engine is gone" in capsys.readouterr().err


_FAILS = """
from edi_gateway import log
def asked(given):
    raise ValueError("no such route")
try:
    asked("Bearer egw_0123")
except ValueError as error:
    log.logger("x").error("a request met a defect", exc_info=error)
"""


def test_a_traceback_shows_no_variables_also_where_nobody_set_the_log_up():
    told = subprocess.run([sys.executable, "-c", _FAILS], capture_output=True, text=True, check=True).stderr
    assert "ValueError: no such route" in told
    assert told.count("egw_") == told.count('asked("Bearer egw_0123")')  # in no line but that of the source, if that
