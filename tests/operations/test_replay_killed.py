"""A replay whose process is killed goes on, and every order is posted once."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from desk import NOON, Desk, Profiles
from partner_says import northwind, order

from edi_gateway.clock import MovableClock
from edi_gateway.operations import replay
from edi_gateway.store.replays import Terms
from edi_gateway.store.selection import Selection

ORDERS = 20
_OTHER_PROCESS = """
import sys
from pathlib import Path
from desk import NOON, Desk
from edi_gateway.clock import MovableClock
from edi_gateway.operations import replay

replay.BATCH = 3
desk = Desk(Path(sys.argv[1]), Path(sys.argv[2]), MovableClock(NOON))
replay.run(desk.tools, 1, progress=lambda count: print(count, flush=True))
"""


@pytest.mark.slow
def test_killed_at_any_moment_it_goes_on_and_posts_everything_once(tmp_path: Path) -> None:
    profiles = Profiles(tmp_path / "partners")
    kept = profiles.folder / "northwind/partner.yaml"
    agreed = kept.read_text()
    profiles.replace("northwind", "map: northwind/850-order ", "map: 820-remittance ")  # a map that cannot
    before = Desk(tmp_path / "data", profiles.folder, MovableClock(NOON))
    before.drop(northwind(1, *(order(f"PO-{number}") for number in range(ORDERS))))
    assert len(before.flows("held")) == ORDERS
    before.close()
    kept.write_text(agreed)
    desk = Desk(tmp_path / "data", profiles.folder, MovableClock(NOON))
    id = replay.begin(desk.tools, Selection(state="held"), Terms(), because="mended", by="ann")
    assert _killed_after(2, tmp_path / "data", profiles.folder)
    assert 0 < len(desk.flows("held")) < ORDERS
    replay.run(desk.tools, id)
    desk.run()
    assert sorted(desk.posted()) == sorted(f"PO-{number}" for number in range(ORDERS))
    desk.close()


def _killed_after(lines: int, data: Path, partners: Path) -> bool:
    """Runs the replay in a process of its own and kills it after it recorded some batches; whether it was still running."""
    command = [sys.executable, "-c", _OTHER_PROCESS, str(data), str(partners)]
    environment = {"PYTHONPATH": str(Path(__file__).parents[1])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        for _ in range(lines):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    return process.returncode == -signal.SIGKILL
