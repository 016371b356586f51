"""The demo is the main job; it must end well, and say how it ended in a way programs can read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "edi_gateway.cli.main", "demo", *arguments]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=110, env={**os.environ, **(environment or {})}
    )


@pytest.mark.slow
def test_every_order_of_the_demo_ends_paid_and_nothing_is_open(tmp_path: Path) -> None:
    ended = run("--json", "--data", str(tmp_path / "demo"))
    told = json.loads(ended.stdout)
    assert ended.returncode == 0, ended.stderr
    assert told["mistakes"] == []
    assert {order["state"] for order in told["orders"]} == {"paid"}
    assert {float(order["open"]) for order in told["orders"]} == {0.0}
    assert any(float(order["shipped"]) < float(order["ordered"]) for order in told["orders"])


def test_the_demo_refuses_a_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("keep me")
    ended = run("--data", str(tmp_path))
    assert ended.returncode == 2
    assert "fresh folder" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_mistake_in_the_partner_files_is_told_with_its_line_and_no_traceback(tmp_path: Path) -> None:
    partners = tmp_path / "partners"
    partners.mkdir()
    (partners / "_ourselves.yaml").write_text("identities:\n  - name: [main\n")
    ended = run("--data", str(tmp_path / "demo"), environment={"EDI_GATEWAY_PARTNERS": str(partners)})
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
