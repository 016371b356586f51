"""Counterparts that are started for a test and ended after it, and a clock that is moved by hand."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from counterparts import Key, RunningMailbox, Sshd

from edi_gateway.clock import MovableClock


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return Key(tmp_path_factory.mktemp("key") / "id_ed25519")


@pytest.fixture
def mailbox(tmp_path: Path, key: Key) -> Iterator[RunningMailbox]:
    running = RunningMailbox(tmp_path, key)
    with running.server:
        yield running


@pytest.fixture
def start_mailbox(tmp_path: Path, key: Key) -> Iterator[Any]:
    """Starts a mailbox server with options of the test's own."""
    started: list[RunningMailbox] = []

    def start(**options: Any) -> RunningMailbox:
        started.append(RunningMailbox(tmp_path, key, **options))
        started[-1].server.start()
        return started[-1]

    yield start
    for running in started:
        running.server.stop()


@pytest.fixture(scope="session")
def sshd(key: Key) -> Iterator[Sshd]:
    program = shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.skip("OpenSSH's sshd is not installed")
    running = Sshd(program, key)
    yield running
    running.stop()
