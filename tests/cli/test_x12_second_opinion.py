"""``x12 validate --second-opinion``: both opinions, each difference with its reason, and our exit code."""

import json

import pytest
from typer.testing import CliRunner

from edi_gateway.cli.x12.commands import app

HEADER = "ISA*00*          *00*          *ZZ*NORTHWIND      *01*004510123      *260301*1405*U*00401*000000101*0*T*>~"
ORDER = (
    f"{HEADER}GS*PO*NORTHWIND*OURSHOP*20260301*1405*7*X*004010~"
    "ST*850*0001~BEG*00*SA*4711**20260301~PO1*1*12*EA*2.5**UP*036000291452~CTT*1~SE*5*0001~GE*1*7~IEA*1*000000101~"
)
OLD = ORDER.replace("4711**20260301", "4711**17760704")
BROKEN = ORDER.replace("PO1*1*12*EA", "PO1*1*TWELVE*EA")


@pytest.fixture
def run(tmp_path):
    def run(content, *options):
        file = tmp_path / "payload.edi"
        file.write_text(content, encoding="latin-1")
        return CliRunner().invoke(app, ["validate", "--second-opinion", *options, str(file)])

    return run


def test_two_that_agree_say_so(run):
    told = run(ORDER)
    assert told.exit_code == 0
    assert "850 0001: we say accepted; pyx12 accepts it" in told.output
    assert "both say the same" in told.output


def test_what_pyx12_says_of_a_fault_stands_with_its_place_and_code(run):
    told = run(BROKEN)
    assert told.exit_code == 1
    (line,) = [line for line in told.output.splitlines() if line.startswith("  segment 3 PO1, PO102: ")]
    assert line.endswith("AK403 6")


def test_a_difference_is_told_with_its_rule_and_the_exit_code_stays_ours(run):
    told = run(OLD)
    assert told.exit_code == 0
    assert "pyx12 does not accept it" in told.output
    assert "only pyx12: segment 2 BEG, BEG05 AK403 8" in told.output
    assert "dates before 1800: " in told.output


def test_no_opinion_is_told_with_its_reason(run):
    told = run(ORDER.replace("CTT*1~", "~CTT*1~").replace("SE*5", "SE*6"))
    assert "pyx12 has no opinion: pyx12 stopped reading behind segment 3" in told.output


def test_a_set_nobody_defines_has_no_second_opinion(run):
    assert "has no opinion: there is no definition of set 199" in run(ORDER.replace("ST*850", "ST*199")).output


def test_as_json(run):
    (told,) = json.loads(run(OLD, "--json").output)["second_opinion"]
    assert (told["verdict"], told["accepts"], told["same"], told["unexplained"]) == ("accepted", False, False, [])
    assert told["findings"][0]["code"] == "AK403 8"
    assert told["explained"][0]["rule"] == "dates before 1800"


def test_what_stands_in_a_document_cannot_steer_the_terminal(run):
    assert "\x1b[2J" not in run(ORDER.replace("*12*EA", "*\x1b[2J*EA")).output
