"""The gateway as it is run: pages and API in a process of their own, an engine in another, and what asks them."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from edi_gateway.operations import keys, people
from edi_gateway.store.database import Database

HOST = "127.0.0.1"
PASSWORD = "correct horse battery staple"
SETTLED_WITHIN = 1800.0  # seconds


class Server(NamedTuple):
    """Where it listens, and the process it is."""

    port: int
    process: int

    def processor_seconds(self) -> float:
        """What it has had of the processors so far; 0 where the system does not tell."""
        try:
            told = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(url: str, data: Path) -> Iterator[Server]:
    """A web server over the store; it is stopped at the end."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = int(free.getsockname()[1])
    words = ["uvicorn", "edi_gateway.asgi:create", "--factory", "--host", HOST, "--port", str(port)]
    with _process([*words, "--log-level", "warning", "--no-access-log", "--timeout-keep-alive", "600"], url, data) as process:
        _wait(port)
        yield Server(port, process)


@contextmanager
def engine(store: Database, url: str, data: Path) -> Iterator[float]:
    """A worker that takes documents in meanwhile, from when it has settled; yields how many seconds that took."""
    began = time.monotonic()
    with _process(["edi_gateway.cli.main", "worker"], url, data):
        while not _has_settled(store):
            if time.monotonic() - began > SETTLED_WITHIN:
                raise SystemExit("what the engine does when it begins did not end")
            time.sleep(0.2)
        yield time.monotonic() - began


def _has_settled(store: Database) -> bool:
    """Whether nothing that recurs is due or being done: on a new store all of it is due at once, what is nightly too."""
    with store.read() as unit:
        jobs, now = unit.schedule.all(), unit.clock.now()
    return bool(jobs) and all(
        job.next_run > now and job.last_run and job.last_ended and job.last_ended >= job.last_run for job in jobs
    )


@contextmanager
def _process(words: list[str], url: str, data: Path) -> Iterator[int]:
    environment = {"EDI_GATEWAY_DATABASE": url, "EDI_GATEWAY_DATA": str(data), "EDI_GATEWAY_LOG_LEVEL": "error"}
    log = (data / f"{words[0]}.log").open("ab")
    process = subprocess.Popen([sys.executable, "-m", *words], env=os.environ | environment, stdout=log, stderr=log)
    try:
        yield process.pid
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()
        log.close()


def _wait(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection((HOST, port), 1):
            return
        time.sleep(0.05)
    raise SystemExit("the web server did not begin within a minute")


class Client:
    """One who asks over a connection that stays open, with a key, or signed in as a person."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self._headers = headers
        self._connection = http.client.HTTPConnection(HOST, port, timeout=120)

    def get(self, path: str) -> float:
        """Milliseconds until the whole answer was there. Raises SystemExit for one that is none."""
        return self._ask("GET", path, None)

    def post(self, path: str, body: bytes) -> float:
        """The same for something given in."""
        return self._ask("POST", path, body)

    def _ask(self, method: str, path: str, body: bytes | None) -> float:
        began = time.perf_counter()
        more = {"Content-Type": "application/edi-x12"} if body else {}
        self._connection.request(method, path, body, self._headers | more)
        answer = self._connection.getresponse()
        told = answer.read()
        if answer.status >= 400:
            raise SystemExit(f"{path} was answered with {answer.status}: {told[:300].decode(errors='replace')}")
        return (time.perf_counter() - began) * 1000


def program(store: Database, port: int, name: str = "benchmark", scope: str = "operate") -> Client:
    """A client with a key of its own, since the pace is kept for each."""
    key, _ = keys.make(store, name, scope, by="benchmark")
    return Client(port, {"Authorization": f"Bearer {key}"})


def person(store: Database, port: int) -> Client:
    """Somebody who is signed in at the console."""
    name = f"ann{time.time_ns()}"
    session = people.accept(store, people.invite(store, name, "viewer", by="benchmark"), "", PASSWORD, HOST)
    return Client(port, {"Cookie": f"edi_gateway_session={session.token}"})
