"""``edi-gateway partner new``: asked, told by flags, or left open."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from edi_gateway.cli.main import app
from edi_gateway.errors import WrongInput

ROOT = Path(__file__).parents[2]
SAMPLE = str(ROOT / "sample_docs" / "tutorial" / "juniper-850-1.edi")


@pytest.fixture
def partners(tmp_path: Path) -> Path:
    (tmp_path / "partners").mkdir()
    shutil.copy(ROOT / "partners" / "_ourselves.yaml", tmp_path / "partners")
    shutil.copytree(ROOT / "maps", tmp_path / "maps")
    return tmp_path / "partners"


def run(partners: Path, *words: str, said: str | None = None) -> Result:
    folders = ["--partners", str(partners), "--maps", str(partners.parent / "maps")]
    return CliRunner().invoke(app, ["partner", "new", *words, *folders], input=said)


def test_what_is_asked_and_answered_is_not_open(partners: Path) -> None:
    answers = ["Juniper Outfitters", "America/Denver", "24h", "", "sftp", "855", "y"]
    told = run(partners, "juniper", "--samples", SAMPLE, "--ask", said="\n".join(answers) + "\n")
    assert told.exit_code == 0, told.exception
    profile = (partners / "juniper" / "partner.yaml").read_text()
    assert "title: Juniper Outfitters\n" in profile
    assert "time_zone: America/Denver\n" in profile
    assert 'order_acknowledgment_within: "?"' in profile  # it was not answered
    assert "ship_notice: false" in profile
    assert 'set: "820"' in profile
    assert (partners / "connections" / "juniper-sftp.yaml").exists()


def test_away_from_a_terminal_nothing_is_asked(partners: Path) -> None:
    told = run(partners, "juniper", "--samples", SAMPLE)
    assert told.exit_code == 0
    assert "time zone" not in told.stdout
    assert "open questions: 4; then: edi-gateway partner check" in told.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["Juniper", "--samples", SAMPLE], "'Juniper' cannot be a partner's name"),
        (["juniper", "--samples", "nowhere.edi"], "nowhere.edi: cannot be read"),
        (["juniper", "--samples", SAMPLE, "--connection", "pigeon"], "'pigeon' is none of mailbox, sftp, folder"),
        (["juniper", "--samples", SAMPLE, "--wants", "855,997"], "'997' is nothing we send by itself"),
    ],
)
def test_what_cannot_be_begun_is_told_and_nothing_is_written(partners: Path, words: list[str], says: str) -> None:
    told = run(partners, *words)
    assert isinstance(told.exception, WrongInput)
    assert says in str(told.exception)
    assert sorted(path.name for path in partners.iterdir()) == ["_ourselves.yaml"]


def test_a_partner_that_is_there_is_left_as_it_is(partners: Path) -> None:
    run(partners, "juniper", "--samples", SAMPLE)
    told = run(partners, "juniper", "--samples", SAMPLE)
    assert isinstance(told.exception, WrongInput)
