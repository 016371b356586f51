"""The other libraries, each in an environment of its own under ``build/bench-env``: none is part of the product."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parents[1] / "build" / "bench-env"
PATIENCE = 180  # seconds for one command


class Unavailable(Exception):
    """A library that cannot be measured here; the message says why."""


class Program(NamedTuple):
    """How to run a library's program: the interpreter, and what its environment variables add."""

    interpreter: str
    variables: dict[str, str] = {}


def own() -> Program:
    """The environment this runs in, which has the product and pyx12."""
    return Program(sys.executable)


def python(name: str, requirement: str) -> Callable[[], Program]:
    """A virtual environment with one package."""

    def prepare() -> Program:
        folder = HERE / name
        interpreter, done = folder / "bin" / "python", folder / ".installed"
        if not done.exists() or done.read_text() != requirement:
            _run(sys.executable, "-m", "venv", "--clear", str(folder))
            _run(str(interpreter), "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", "install", requirement)
            done.write_text(requirement)
        return Program(str(interpreter))

    return prepare


def node(name: str, package: str) -> Callable[[], Program]:
    """A folder of node modules with one package."""

    def prepare() -> Program:
        interpreter, npm = shutil.which("node"), shutil.which("npm")
        if interpreter is None or npm is None:
            raise Unavailable("there is no node here")
        folder = HERE / name
        done = folder / ".installed"
        if not done.exists() or done.read_text() != package:
            folder.mkdir(parents=True, exist_ok=True)
            _run(npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), package)
            done.write_text(package)
        return Program(interpreter, {"NODE_X12": str(folder / "node_modules")})

    return prepare


def _run(*command: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"installing it took longer than {PATIENCE} s") from error
    if done.returncode:
        raise Unavailable(f"it cannot be installed: {last_line(done.stderr)}")


def last_line(text: str) -> str:
    """What a program said last, which is where the reason stands."""
    lines = [line.strip() for line in text.splitlines() if "rror" in line] or text.splitlines() or ["no reason given"]
    return lines[-1][:160]
