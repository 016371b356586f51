"""``x12 show``, ``validate`` and ``acknowledge`` on files and on the standard input, whatever stands in them."""

import json

import pytest
from typer.testing import CliRunner

from edi_gateway.cli.x12 import app
from edi_gateway.errors import WrongInput

HEADER = "ISA*00*          *00*          *ZZ*NORTHWIND      *01*004510123      *260301*1405*U*00401*000000101*0*T*>~"
ORDER = (
    f"{HEADER}GS*PO*NORTHWIND*OURSHOP*20260301*1405*7*X*004010~"
    "ST*850*0001~BEG*00*SA*4711**20260301~PO1*1*12*EA*2.5**UP*036000291452~CTT*1~SE*5*0001~GE*1*7~IEA*1*000000101~"
)
BROKEN = ORDER.replace("20260301~PO1", "20261301~PO1")


@pytest.fixture
def run(tmp_path):
    def run(command, content, *options):
        file = tmp_path / "payload.edi"
        file.write_bytes(content if isinstance(content, bytes) else content.encode("latin-1"))
        return CliRunner().invoke(app, [command, *options, str(file)])

    return run


def test_show_names_elements_and_codes(run):
    told = run("show", ORDER)
    assert told.exit_code == 0
    assert "850 Purchase Order 0001  accepted" in told.output
    assert any("BEG02" in line and "Stand-alone Order" in line for line in told.output.splitlines())


def test_show_puts_findings_under_their_segment(run):
    told = run("show", BROKEN).output.splitlines()
    at = next(number for number, line in enumerate(told) if "is no date" in line)
    assert "AK403 8" in told[at]
    assert any("BEG  Beginning" in line for line in told[at - 6 : at])


def test_show_brief_has_segments_as_they_stand(run):
    assert "PO1*1*12*EA*2.5**UP*036000291452" in run("show", ORDER, "--brief").output


def test_show_as_json(run):
    told = json.loads(run("show", BROKEN, "--json").output)
    assert [one["is"] for one in told] == ["interchange", "group", "set", "end", "end"]


def test_a_document_cannot_steer_the_terminal(run):
    told = run("show", ORDER.replace("4711", "\x1b[2Jboo[bold]"))
    assert "\x1b[2J" not in told.output
    assert "\\x1b[2Jboo[bold]" in told.output


def test_validate_is_0_for_a_valid_file_and_1_for_another(run):
    assert run("validate", ORDER).exit_code == 0
    told = run("validate", BROKEN)
    assert told.exit_code == 1
    assert "850 0001: rejected, 1 finding" in told.output


def test_validate_takes_warnings_for_mistakes_when_asked(run):
    text = ORDER.replace("GE*1", "GE*2")
    assert run("validate", text).exit_code == 0
    assert run("validate", text, "--strict").exit_code == 1


def test_validate_as_json(run):
    told = json.loads(run("validate", BROKEN, "--json").output)
    assert told["valid"] is False
    assert told["sets"][0]["rejecting"] == 1
    assert told["findings"][0]["place"] == "segment 2 BEG, BEG05"


def test_acknowledge_prints_what_would_be_sent(run):
    told = run("acknowledge", BROKEN, "--ta1")
    assert told.exit_code == 0
    assert "TA1*000000101*260301*1405*A*000~\n" in told.output
    assert "AK4*5*373*8*20261301~\nAK5*R*5~\nAK9*R*1*1*0~\n" in told.output


def test_acknowledge_with_a_999(run):
    assert "IK5*R*5~" in run("acknowledge", BROKEN, "--form", "999").output


def test_acknowledge_refuses_a_form_there_is_not(run):
    assert isinstance(run("acknowledge", ORDER, "--form", "998").exception, WrongInput)


def test_acknowledge_says_what_cannot_be_answered(run):
    told = run("acknowledge", ORDER.replace("*NORTHWIND*OURSHOP*", "*N*OURSHOP*"))
    assert told.exit_code == 1
    assert "not answered" in told.stderr


@pytest.mark.parametrize("command", ["show", "validate", "acknowledge"])
def test_a_file_comes_from_the_standard_input(command):
    assert "850" in CliRunner().invoke(app, [command, "-"], input=ORDER).output


@pytest.mark.parametrize("command", ["show", "validate", "acknowledge"])
@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), ORDER.encode("utf-16"), ORDER[:300].encode(), bytes(200)]
)
def test_no_content_ends_in_a_traceback(run, command, content):
    told = run(command, content)
    assert told.exception is None or isinstance(told.exception, SystemExit)


@pytest.mark.parametrize("command", ["show", "validate", "acknowledge"])
def test_a_file_that_is_not_there_is_told_in_a_sentence(command):
    told = CliRunner().invoke(app, [command, "nowhere.edi"])
    assert isinstance(told.exception, WrongInput)
    assert "nowhere.edi: it cannot be read" in str(told.exception)


def test_a_folder_is_no_file(tmp_path):
    assert isinstance(CliRunner().invoke(app, ["show", str(tmp_path)]).exception, WrongInput)
