"""kill -9 at every point of every stage: a clean start on the same data folder ends where an undisturbed run ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk import Desk, Profiles, new_postgres
from play import End, clock_of, differences, end_state, play, prepare

from edi_gateway.pipeline.stages import STAGES, WORLD_STAGES
from edi_gateway.pipeline.way import WAY

pytestmark = pytest.mark.soak

POINTS = [
    *(f"{point}:{stage}:1" for stage in STAGES for point in ("computed", "recorded")),
    *(f"{point}:{stage}:1" for stage in WORLD_STAGES for point in ("announcing", "announced", "touched", "recorded")),
    "touched:send:4",  # the first order acknowledgment
    "announced:deliver:3",  # the remittance
    "touched:deliver:3",
    "claimed:collect:1",
    "recorded:collect:1",
    "finished:collect:1",
    "recorded:collect events:1",
    "confirmed:collect events:1",
]
SAMPLE = ["recorded:read:1", "recorded:envelope:2", "touched:send:4", "touched:deliver:1", "computed:confirm:1"]


@pytest.fixture(scope="module")
def killer() -> Iterator[subprocess.Popen[str]]:
    """The process whose children kill themselves."""
    program = [sys.executable, str(Path(__file__).with_name("killing.py"))]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> End:
    """How it ends when nothing happens."""
    place = tmp_path_factory.mktemp("undisturbed")
    prepare(place / "data")
    desk = Desk(place / "data", Profiles(place / "partners").folder, clock_of(place / "data"))
    play(desk, place / "data")
    return end_state(desk)


Kill = Callable[[str, str], int]


@pytest.fixture
def kill(tmp_path: Path, killer: subprocess.Popen[str]) -> Kill:
    """Plays on the scene's data folder in another process that kills itself at a point; its exit code."""
    prepare(tmp_path / "data")
    profiles = Profiles(tmp_path / "partners")

    def kill(where: str, database: str) -> int:
        line = {"folder": str(tmp_path / "data"), "partners": str(profiles.folder), "database": database, "where": where}
        assert killer.stdin is not None
        assert killer.stdout is not None
        killer.stdin.write(json.dumps(line) + "\n")
        killer.stdin.flush()
        return int(killer.stdout.readline())

    return kill


def started_again(tmp_path: Path, database: str = "") -> End:
    """The end after a clean start on the same data folder."""
    folder = tmp_path / "data"
    desk = Desk(folder, tmp_path / "partners", clock_of(folder), database=database)
    play(desk, folder)
    return end_state(desk)


def test_the_script_comes_through_every_stage_there_is(undisturbed: End) -> None:
    assert {point.split(":")[1] for point in POINTS} >= set(WAY)
    assert not [flow for flow in undisturbed["flow"] if " | ready | " in flow or " | attempting | " in flow]
    assert undisturbed["order the ERP has"] == {"PO-1": 1, "PO-2": 1}


@pytest.mark.slow
@pytest.mark.parametrize("where", POINTS)
def test_killed_anywhere_nothing_is_lost_and_nothing_doubled(where: str, kill: Kill, tmp_path: Path, undisturbed: End) -> None:
    assert kill(where, "") == -signal.SIGKILL
    assert differences(started_again(tmp_path), undisturbed) == []


@pytest.mark.slow
@pytest.mark.parametrize("stage", WORLD_STAGES)
def test_killed_again_while_asking_what_came_of_it_nothing_is_doubled(
    stage: str, kill: Kill, tmp_path: Path, undisturbed: End
) -> None:
    assert kill(f"touched:{stage}:1", "") == -signal.SIGKILL
    assert kill(f"asked:{stage}:1", "") == -signal.SIGKILL
    assert differences(started_again(tmp_path), undisturbed) == []


@pytest.mark.slow
@pytest.mark.parametrize("where", SAMPLE)
def test_killed_on_postgresql_nothing_is_lost_and_nothing_doubled(
    where: str, kill: Kill, tmp_path: Path, undisturbed: End, postgres_url: str
) -> None:
    database = new_postgres(postgres_url)
    assert kill(where, database) == -signal.SIGKILL
    assert differences(started_again(tmp_path, database), undisturbed) == []
