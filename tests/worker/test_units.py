"""The systemd units as they are written: started in a folder of their own, on a real PostgreSQL, and stopped as systemd does."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import ROOT, Profiles, new_postgres
from partner_says import northwind, order

UNITS = ROOT / "deploy/systemd"
SERVE, WORKER = UNITS / "edi-gateway.service", UNITS / "edi-gateway-worker@.service"
INSTALLED = "/opt/edi-gateway/.venv/bin/edi-gateway"


def says(unit: Path, name: str) -> str:
    (value,) = re.findall(rf"^{name}=(.*)$", unit.read_text(), re.M)
    return str(value)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here")
@pytest.mark.parametrize("unit", [SERVE, WORKER], ids=lambda path: path.stem)
def test_systemd_finds_nothing_wrong_with_the_unit(unit: Path, tmp_path: Path) -> None:
    text = unit.read_text().replace(INSTALLED, sys.executable).replace("User=edi-gateway\n", "")  # neither is on this machine
    (tmp_path / unit.name).write_text(text)
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / unit.name], capture_output=True, text=True, check=True
    )
    assert told.stderr == ""


@pytest.fixture
def environment(tmp_path: Path, postgres_url: str) -> dict[str, str]:
    """What the units' environment file says, but for where the database and the folders of this machine are."""
    said = dict(line.split("=", 1) for line in (UNITS / "edi-gateway.env").read_text().splitlines() if line.startswith("EDI_"))
    here = {"EDI_GATEWAY_DATABASE": new_postgres(postgres_url), "EDI_GATEWAY_DATA": str(tmp_path / "data")}
    assert here.keys() <= said.keys()
    ports = {"EDI_GATEWAY_WEB_PORT": "0", "EDI_GATEWAY_SFTP_PORT": "0"}
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **said, **here, **ports}


@pytest.fixture
def opt(tmp_path: Path) -> Path:
    """The working directory: maps and partners lie in it."""
    folder = tmp_path / "opt"
    folder.mkdir()
    (folder / "maps").symlink_to(ROOT / "maps")
    Profiles(folder / "partners")
    return folder


@pytest.fixture
def running(environment: dict[str, str], opt: Path) -> Iterator[list[subprocess.Popen[str]]]:
    processes = [start(unit, environment, opt) for unit in (SERVE, WORKER, WORKER)]
    yield processes
    for process in processes:
        process.kill()
        process.wait()
        process.stdout.close()  # type: ignore[union-attr]  # it is piped


def start(unit: Path, environment: dict[str, str], folder: Path) -> subprocess.Popen[str]:
    program, *words = says(unit, "ExecStart").split()
    assert program == INSTALLED
    command = [sys.executable, "-m", "edi_gateway.cli.main", *words]
    return subprocess.Popen(command, env=environment, cwd=folder, stdout=subprocess.PIPE, text=True)


@pytest.mark.soak
def test_the_units_run_take_an_order_and_end_in_time_when_told_to(
    running: list[subprocess.Popen[str]], environment: dict[str, str], opt: Path
) -> None:
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline(), "it ended instead"
    box = Path(environment["EDI_GATEWAY_DATA"]) / "mailboxes/northwind"
    end = time.monotonic() + 100
    while not (box / "inbox").is_dir():
        assert time.monotonic() < end, "there was no mailbox"
        time.sleep(0.1)
    (box / "new.part").write_bytes(northwind(1, order("PO-1")))
    (box / "new.part").rename(box / "inbox/order.edi")
    hurry = [sys.executable, "-m", "edi_gateway.cli.main", "schedule", "run", "collect northwind-mailbox"]
    subprocess.run(hurry, env=environment, cwd=opt, check=True, timeout=60)
    while not list((box / "outbox").glob("997*.edi")):
        assert time.monotonic() < end, "it was not answered"
        time.sleep(0.1)
    for process in running:
        process.send_signal(signal.SIGTERM)
    for process in running:
        assert process.wait(int(says(SERVE, "TimeoutStopSec"))) == 0


@pytest.mark.soak
def test_a_worker_with_a_data_folder_of_its_own_is_refused_with_what_to_do(
    running: list[subprocess.Popen[str]], environment: dict[str, str], opt: Path, tmp_path: Path
) -> None:
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline(), "it ended instead"
    command = [sys.executable, "-m", "edi_gateway.cli.main", says(WORKER, "ExecStart").split()[-1]]
    elsewhere = {**environment, "EDI_GATEWAY_DATA": str(tmp_path / "another machine")}
    refused = subprocess.run(command, env=elsewhere, cwd=opt, capture_output=True, text=True, timeout=60, check=False)
    assert refused.returncode == 2
    assert "a shared volume" in " ".join(refused.stderr.split())
