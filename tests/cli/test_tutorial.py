"""The tutorial does what it shows: its files are written, its commands run, its output compared but for what it leaves out."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from edi_gateway.cli.main import app
from edi_gateway.errors import GatewayError

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "tutorial" / "first-partner.md"
BOXES = re.compile("[─-╿]+")


class Block(NamedTuple):
    """A fenced block of the page: what kind it is, and its lines."""

    kind: str
    lines: list[str]


def blocks(page: Path) -> Iterator[Block]:
    for kind, body in re.findall(r"^```(\w+)\n(.*?)^```$", page.read_text(), re.M | re.S):
        yield Block(kind, body.splitlines())


class Reader:
    """Somebody who does what a page says, in a folder of their own."""

    def __init__(self) -> None:
        self.exit_code = 0

    def do(self, block: Block) -> None:
        if block.kind == "yaml":
            write(block.lines)
        elif block.kind == "diff":
            edit(block.lines)
        elif block.kind == "console":
            for command, shown in commands(block.lines):
                self.run(command, shown)

    def run(self, command: str, shown: list[str]) -> None:
        told = f"{self.exit_code}\n" if command == "echo $?" else self.told(command)
        expected = [BOXES.sub(" ", line).split() for line in "\n".join(shown).split("…")]
        words = [word for piece in expected for word in piece]
        assert words == [] or in_order(expected, " ".join(BOXES.sub(" ", told).split())), f"{command}\n{told}"

    def told(self, command: str) -> str:
        program, *words = shlex.split(command)
        if program == "mkdir":
            Path(words[-1]).mkdir(parents=True)
        elif program == "cp":
            shutil.copy(*words)
        if program != "edi-gateway":
            return ""
        target = Path(words.pop()) if words[-2:-1] == [">"] else None
        result = CliRunner().invoke(app, [word for word in words if word != ">"])
        assert result.exception is None or isinstance(result.exception, SystemExit | GatewayError), result.exception
        self.exit_code = result.exit_code
        if target is not None:
            target.write_text(result.stdout)
        return result.stdout + result.stderr + str(result.exception or "")


def commands(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each command behind a ``$``, and what is shown under it."""
    starts = [place for place, line in enumerate(lines) if line.startswith("$ ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield lines[start].removeprefix("$ "), lines[start + 1 : end]


def in_order(pieces: list[list[str]], told: str) -> bool:
    """Whether the pieces stand in what was told, one behind the other."""
    at = 0
    for piece in pieces:
        text = " ".join(piece)
        found = told.find(text, at)
        if found < 0:
            return False
        at = found + len(text)
    return True


def write(lines: list[str]) -> None:
    """A file that is shown whole, under its name."""
    path = Path(lines[0].removeprefix("# "))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


def edit(lines: list[str]) -> None:
    """What stands behind - becomes what stands behind +."""
    path = Path(lines[0].removeprefix("--- "))
    text = path.read_text()
    for old, new in re.findall(r"^-(.*)\n((?:\+.*\n?)+)", "\n".join(lines[1:]), re.M):
        assert old in text, f"{path} does not say {old!r}"
        text = text.replace(old, "\n".join(line.removeprefix("+") for line in new.splitlines()))
    path.write_text(text)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project's folder, as a reader has it."""
    for name in ("partners", "maps", "sample_docs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    for name in ("DATA", "DATABASE", "PARTNERS", "MAPS"):
        monkeypatch.delenv(f"EDI_GATEWAY_{name}", raising=False)
    return tmp_path


@pytest.mark.slow
def test_the_tutorial_leads_from_samples_to_a_partner_in_force(folder: Path) -> None:
    reader = Reader()
    for block in blocks(PAGE):
        reader.do(block)
    assert "PASSED" in (folder / "report.html").read_text()
    assert reader.exit_code == 0


@pytest.mark.parametrize(
    ("shown", "told", "agrees"),
    [
        (["a b", "…", "c"], "a  b\nx\nc\n", True),
        (["a", "…", "c", "b"], "a\nb\nc\n", False),
        (["held: … last"], "│ held: the │ 810 last │", True),
        (["nothing"], "something\n", False),
    ],
)
def test_what_is_shown_is_held_against_what_is_told(shown: list[str], told: str, agrees: bool) -> None:
    reader = Reader()
    reader.told = lambda _command: told  # type: ignore[method-assign]  # what a command would have told
    if agrees:
        reader.run("edi-gateway", shown)
    else:
        with pytest.raises(AssertionError):
            reader.run("edi-gateway", shown)
