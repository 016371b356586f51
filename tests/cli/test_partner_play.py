"""``edi-gateway partner test``: a partner certified in a private gateway."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from desk import library
from typer.testing import CliRunner, Result

from edi_gateway.bootstrap.certification.orders import source_of
from edi_gateway.bootstrap.certification.stage import Stage
from edi_gateway.cli.main import app
from edi_gateway.cli.partner.play_report import write_report
from edi_gateway.clock import MovableClock
from edi_gateway.errors import WrongInput
from edi_gateway.simulated_partner.certification import HABITS, Invented, Report, Scenario, Step
from edi_gateway.trading.loader import load

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_docs"


def run(*words: str, partners: Path = ROOT / "partners") -> Result:
    return CliRunner().invoke(app, ["partner", "test", *words, "--partners", str(partners), "--maps", str(ROOT / "maps")])


def report(*words: str, partners: Path = ROOT / "partners") -> dict[str, Any]:
    told = run(*words, "--json", partners=partners)
    assert told.exception is None or isinstance(told.exception, SystemExit), told.exception
    return json.loads(told.stdout)  # type: ignore[no-any-return]  # an object, as the test says


def steps(told: dict[str, Any], scenario: str) -> dict[str, tuple[bool, str]]:
    """Of one scenario: what each step was about, whether it passed, and what happened."""
    (found,) = [each for each in told["scenarios"] if each["name"] == scenario]
    return {step["what"]: (step["passed"], step["happened"]) for step in found["steps"]}


def failed(told: dict[str, Any]) -> list[str]:
    return [f"{step['what']}: {step['happened']}" for each in told["scenarios"] for step in each["steps"] if not step["passed"]]


@pytest.fixture
def partners(tmp_path: Path) -> Path:
    """The partners, for a scene to change."""
    shutil.copytree(ROOT / "partners", tmp_path / "partners")
    return tmp_path / "partners"


def test_a_partner_plays_its_samples_from_the_order_to_the_money() -> None:
    told = report("northwind", "--samples", str(SAMPLES / "northwind-850-plain.edi"))
    assert (told["passed"], failed(told)) == (True, [])
    played = steps(told, "order-to-cash")
    assert played["997 for 850 4500881201"] == (True, "accepted after 0 min")
    assert played["810 for 4500881201"][1].endswith("asks for 3,080.40")
    assert played["the bank's entry"] == (True, "the order is paid")


def test_what_is_invented_and_what_came_of_it_are_of_the_day_the_clock_says() -> None:
    directory, then = load(ROOT / "partners"), datetime(2024, 2, 29, 18, tzinfo=UTC)
    stage = Stage(directory, "cascade", library(ROOT / "maps"), clock=MovableClock(then))
    assert stage.report(()).played_at == then
    invented = source_of((), directory, directory.partner("cascade"), "production", then)
    assert isinstance(invented, Invented)
    assert {each.ordered_on for each in invented.orders} == {then.date()}


@pytest.mark.parametrize("partner", ["cascade", "fairmont"])
def test_without_samples_orders_are_invented_by_its_maps_and_guide(partner: str) -> None:
    told = report(partner)
    assert told["orders_from"].startswith("invented")
    assert failed(told) == []


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.parametrize(("partner", "sample"), [("northwind", "northwind-850-plain.edi"), ("cascade", "cascade-850-plain.edi")])
def test_every_bad_habit_is_borne(partner: str, sample: str) -> None:
    told = report(partner, "--habit", "all", "--samples", str(SAMPLES / sample))
    assert [each["name"] for each in told["scenarios"]] == ["order-to-cash", *HABITS]
    assert failed(told) == []


def test_a_repeated_order_is_held_or_refused_as_the_profile_says() -> None:
    held = steps(report("northwind", "--habit", "duplicate-order"), "duplicate-order")["the second order"]
    refused = steps(report("cascade", "--habit", "duplicate-order"), "duplicate-order")["the second order"]
    assert held[0]
    assert "is on record already" in held[1]
    assert refused == (True, "855: order TEST-1001 is rejected")


def test_what_breaks_the_partners_guide_fails_and_says_where_to_look(partners: Path) -> None:
    guide = partners / "northwind" / "guides" / "810.yaml"
    guide.write_text(guide.read_text() + "  BIG06: required\n")
    told = run("northwind", "--samples", str(SAMPLES / "northwind-850-plain.edi"), partners=partners)
    assert told.exit_code == 1
    assert "FAILED" in told.stdout
    assert "BIG06" in " ".join(told.stdout.split())
    assert "look: hold list" in told.stdout


def test_every_habit_is_in_the_reference() -> None:
    page = (ROOT / "docs" / "reference" / "partner-test.md").read_text()
    assert re.findall(r"^\| `([a-z0-9-]+)` \|", page, re.M) == list(HABITS)


def test_test_usage_is_played_by_a_sample_of_it() -> None:
    told = report("northwind", "--samples", str(SAMPLES / "northwind-850-test-usage.edi"))
    assert told["usage"] == "test"
    assert failed(told) == []


def test_a_change_that_is_not_agreed_is_answered_and_held() -> None:
    played = steps(report("fairmont", "--habit", "change-after-confirm"), "change-after-confirm")
    assert played["997 for 860 TEST-1001"][0]
    assert "no agreement for 860" in played["860 for TEST-1001"][1]


@pytest.mark.parametrize("suffix", [".md", ".html", ".json"])
def test_the_report_is_written_in_the_form_its_name_says(tmp_path: Path, suffix: str) -> None:
    good = Step(what="997", expected="accepted", happened="accepted", passed=True)
    bad = Step(what="855", expected="every line | once", happened="<none> came", passed=False, look="hold list")
    played = Report(
        partner="acme",
        title="Acme & Sons",
        usage="production",
        profile_version="ab" * 32,
        maps={"850-order": "cd" * 32},
        orders_from="samples first.edi",
        played_at=datetime(2026, 1, 5, tzinfo=UTC),
        scenarios=(Scenario(name="order-to-cash", title="orders", steps=(good, bad)),),
    )
    write_report(played, tmp_path / f"report{suffix}")
    text = (tmp_path / f"report{suffix}").read_text()
    shown = {".md": "every line \\| once", ".html": "&lt;none&gt; came", ".json": "<none> came"}
    assert shown[suffix] in text
    assert ('"passed": false' if suffix == ".json" else "FAILED") in text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--habit", "late-99"], "there is no habit 'late-99' — did you mean 'late-997'?"),
        (["--report", "report.pdf"], "a report is a .md, .html or .json file"),
        (["--usage", "test"], "no 850 from cascade is agreed for usage 'test'"),
        (["--samples", str(SAMPLES / "northwind-997-accepted.edi")], "holds no 850 in an interchange"),
        (["--samples", "nowhere.edi"], "nowhere.edi: cannot be read"),
    ],
)
def test_what_cannot_be_played_is_told_before_anything_is(words: list[str], says: str) -> None:
    told = run("cascade", *words)
    assert isinstance(told.exception, WrongInput)
    assert says in str(told.exception)
