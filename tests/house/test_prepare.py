"""A machine that lacks something is answered with what to type, never with a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def prepare(root: Path, tmp_path: Path):
    """Runs tools/prepare with an interpreter that was first told ``lie`` about itself."""

    def run(lie: str = "", python: str = sys.executable) -> subprocess.CompletedProcess[str]:
        (tmp_path / "sitecustomize.py").write_text(f"import sys\n{lie}\n")
        command = [root / "tools" / "prepare", python, tmp_path / "venv", "requirements.txt"]
        return subprocess.run(command, cwd=root, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(tmp_path)})

    return run


def test_a_missing_venv_module_is_answered_with_the_one_command_that_installs_it(prepare, tmp_path: Path):
    answer = prepare("sys.modules['ensurepip'] = None")

    assert answer.returncode == 1
    assert answer.stderr.splitlines()[-1] == "  sudo apt-get install python3-venv"
    assert "Traceback" not in answer.stderr
    assert not (tmp_path / "venv").exists()


def test_a_python_that_is_too_old_is_told_apart(prepare):
    answer = prepare("sys.version_info = (3, 9, 2)")

    assert answer.returncode == 1
    assert "needs Python 3.11 or later" in answer.stderr
    assert "is 3.9.2" in answer.stderr


def test_a_python_that_is_not_there_is_named(prepare):
    answer = prepare(python="python3.99")

    assert answer.returncode == 1
    assert answer.stderr.startswith("There is no Python called 'python3.99'.")
