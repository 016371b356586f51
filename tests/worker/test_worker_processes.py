"""The programs themselves: a server and two workers on one PostgreSQL, real partners, one worker killed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk import ROOT, Profiles, new_postgres
from partner_says import northwind, order

pytestmark = pytest.mark.soak

ORDERS = 12
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path, postgres_url: str) -> Iterator[Start]:
    """Starts one of our programs as systemd would, and waits until it says that it runs."""
    settings = {
        "DATABASE": new_postgres(postgres_url),
        "DATA": str(tmp_path / "data"),
        "PARTNERS": str(Profiles(tmp_path / "partners").folder),
        "MAPS": str(ROOT / "maps"),
        "WEB_PORT": "0",
        "SFTP_PORT": "0",
        "LOG_LEVEL": "error",
    }
    environment = {**os.environ, **{f"EDI_GATEWAY_{name}": value for name, value in settings.items()}}
    started: list[subprocess.Popen[str]] = []

    def start(*words: str) -> subprocess.Popen[str]:
        program = [sys.executable, "-m", "edi_gateway.cli.main", *words]
        process = subprocess.Popen(program, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()  # type: ignore[union-attr]  # it is piped


def runs(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline(), "it ended instead"


def orders_in_erp(tmp_path: Path) -> list[str]:
    journal = tmp_path / "data/erp/journal.jsonl"
    return re.findall(r'"order":\{"number":"([^"]+)"', journal.read_text()) if journal.exists() else []


def acknowledged(tmp_path: Path) -> int:
    return len(list((tmp_path / "data/mailboxes/northwind/outbox").glob("997*.edi")))


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end, "it did not come so far"
        time.sleep(0.1)


@pytest.mark.slow
def test_orders_go_through_once_and_in_order_though_a_worker_is_killed(start: Start, tmp_path: Path) -> None:
    processes = [start("serve"), start("worker"), start("worker")]
    for process in processes:
        runs(process)
    inbox = tmp_path / "data/mailboxes/northwind/inbox"
    wait_until(inbox.is_dir)
    for number in range(1, ORDERS + 1):
        (tmp_path / "new").write_bytes(northwind(number, order(f"PO-{number:03}")))
        (tmp_path / "new").rename(inbox / f"{number:03}.edi")
    assert start("schedule", "run", "collect northwind-mailbox").wait(30) == 0
    wait_until(lambda: len(orders_in_erp(tmp_path)) > 0)
    processes[1].send_signal(signal.SIGKILL)
    wait_until(lambda: len(orders_in_erp(tmp_path)) >= ORDERS and acknowledged(tmp_path) >= ORDERS)
    assert orders_in_erp(tmp_path) == [f"PO-{number:03}" for number in range(1, ORDERS + 1)]
    assert acknowledged(tmp_path) == ORDERS
    for process in (processes[0], processes[2]):
        process.terminate()
        assert process.wait(30) == 0
