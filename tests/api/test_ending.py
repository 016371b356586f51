"""A server that is told to stop while programs and pages listen: streams end, and nobody is shown a traceback."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from calling import Calls
from desk import ROOT, new_sqlite
from fastapi import FastAPI

from edi_gateway import asgi
from edi_gateway.api.app import PATH
from edi_gateway.cli.running.serve import Web
from edi_gateway.clock import SystemClock
from edi_gateway.operations import keys
from edi_gateway.store.database import Database

SERVERS = {
    "serve": ["-m", "edi_gateway.cli.main", "serve", "--web-port", "0", "--sftp-port", "0"],
    "uvicorn": ["-m", "uvicorn", "edi_gateway.asgi:create", "--factory", "--port", "0"],
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    new_sqlite(tmp_path)
    return tmp_path


@pytest.fixture
def key(data: Path) -> str:
    store = Database(f"sqlite:///{data}/gateway.sqlite3", SystemClock(), data / "payloads")
    key, _ = keys.make(store, "who listens", "read", by="scene")
    store.close()
    return key


@contextmanager
def served(server: str, data: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and its address."""
    environment = {**os.environ, "EDI_GATEWAY_DATA": str(data), "EDI_GATEWAY_DATABASE": f"sqlite:///{data}/gateway.sqlite3"}
    command = [sys.executable, *SERVERS[server]]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert process.stdout is not None
    try:
        said, address = "", None
        while address is None:
            line = process.stdout.readline()
            assert line, said
            said, address = said + line, re.search(r"http://[\d.:]+", line)
        yield process, address[0]
    finally:
        process.kill()


@pytest.mark.soak
@pytest.mark.parametrize("server", SERVERS)
def test_a_server_that_is_stopped_ends_its_streams_and_itself_without_a_traceback(data: Path, key: str, server: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    with served(server, data) as (process, address):
        with httpx.stream("GET", f"{address}{PATH}/events/stream", headers=headers, timeout=30) as listening:
            lines: Iterator[str] = listening.iter_lines()
            assert next(lines) == "retry: 2000"
            process.send_signal(signal.SIGTERM)
            list(lines)  # to its end, which is one: what is cut off raises
        said, _ = process.communicate(timeout=30)
    assert "Traceback" not in said
    assert process.returncode == (0 if server == "serve" else -signal.SIGTERM), said  # uvicorn ends, and then by the signal


def test_under_another_server_it_logs_as_the_settings_say(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    logs: list[tuple[str, str]] = []
    monkeypatch.setenv("EDI_GATEWAY_DATA", str(data))
    monkeypatch.setenv("EDI_GATEWAY_LOG_LEVEL", "error")
    monkeypatch.setenv("EDI_GATEWAY_LOG_FORM", "json")
    monkeypatch.setattr("edi_gateway.log.configure", lambda *given: logs.append(given))
    for process_wide in ("_end_with_the_server", "settle"):
        monkeypatch.setattr(asgi, process_wide, lambda *_: None)
    asgi.create()
    assert logs == [("error", "json")]


def test_a_stream_ends_with_the_server_that_serves_it(calls: Calls, capfd: pytest.CaptureFixture[str]) -> None:
    outer = FastAPI(openapi_url=None)
    outer.state.ending = calls.office.ending  # as edi_gateway.asgi shares it
    outer.mount(PATH, calls.app)
    web = Web(outer, "127.0.0.1", 0)
    web.start()
    with httpx.stream("GET", f"{web.url}api/v1/events/stream", headers=dict(calls.admin.headers)) as listening:
        lines: Iterator[str] = listening.iter_lines()
        assert next(lines) == "retry: 2000"
        stopping = threading.Thread(target=web.stop)
        stopping.start()
        assert [line for line in lines if line] == []
        stopping.join()
    assert "Traceback" not in capfd.readouterr().err
