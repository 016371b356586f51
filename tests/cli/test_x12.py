"""``edi-gateway x12`` on files and on the standard input, whatever stands in them."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from edi_gateway.cli.x12.commands import app
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


@pytest.mark.parametrize("content", ["", "hello", f"hello{ORDER}"])
def test_acknowledge_is_not_silent_on_bytes_that_nobody_can_be_answered_for(run, content):
    told = run("acknowledge", content)
    assert told.exit_code == 1
    assert "not answered: bytes 0 to " in told.stderr
    assert ("AK1*PO*7~" in told.output) == (ORDER in content)


@pytest.mark.parametrize("command", ["show", "validate", "acknowledge", "format"])
def test_a_file_comes_from_the_standard_input(command):
    assert "850" in CliRunner().invoke(app, [command, "-"], input=ORDER).output


@pytest.mark.parametrize("command", ["show", "validate", "acknowledge", "format"])
@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), ORDER.encode("utf-16"), ORDER[:300].encode(), bytes(200)]
)
def test_no_content_ends_in_a_traceback(run, command, content):
    told = run(command, content)
    assert told.exception is None or isinstance(told.exception, SystemExit)


@pytest.mark.parametrize("command", ["show", "validate", "acknowledge", "format"])
def test_a_file_that_is_not_there_is_told_in_a_sentence(command):
    told = CliRunner().invoke(app, [command, "nowhere.edi"])
    assert isinstance(told.exception, WrongInput)
    assert "nowhere.edi: cannot be read" in str(told.exception)


def test_a_folder_is_no_file(tmp_path):
    assert isinstance(CliRunner().invoke(app, ["show", str(tmp_path)]).exception, WrongInput)


def test_show_as_a_page_is_complete_in_itself_and_has_no_scripts(run, tmp_path):
    assert run("show", BROKEN, "--html", str(tmp_path / "page.html")).exit_code == 0
    page = (tmp_path / "page.html").read_text()
    assert page.startswith("<!doctype html>")
    assert page.endswith("</html>\n")
    assert "Stand-alone Order" in page
    assert '<li class="reject">BEG05: &#x27;20261301&#x27; is no date' in page
    assert not any(word in page for word in ("<script", "http:", "https:", "@import", "url("))


def test_nothing_in_a_document_is_markup_on_a_page(run):
    page = run("show", ORDER.replace("4711", '<img src=x onerror="a()">&\x1b'), "--html", "-").output
    assert "<img" not in page
    assert "&lt;img src=x onerror=&quot;a()&quot;&gt;&amp;\\x1b" in page


def test_a_page_that_cannot_be_written_is_told_in_a_sentence(run, tmp_path):
    assert isinstance(run("show", ORDER, "--html", str(tmp_path / "nowhere" / "page.html")).exception, WrongInput)


def test_validate_names_a_few_sets_without_a_finding_and_counts_the_others(run):
    order_set = "ST*850*{0:04d}~BEG*00*SA*{0}**20260301~PO1*1*12*EA~CTT*1~SE*5*{0:04d}~"
    sets = "".join(order_set.format(number) for number in range(1, 31))
    told = run("validate", f"{HEADER}GS*PO*NORTHWIND*OURSHOP*20260301*1405*7*X*004010~{sets}GE*30*7~IEA*1*000000101~").output
    assert "850 0020: accepted" in told
    assert "850 0021" not in told
    assert "30 sets: 30 accepted; 0 findings" in told


def test_format_puts_a_segment_on_each_line(run):
    told = run("format", ORDER).output
    assert told.splitlines()[1:3] == ["GS*PO*NORTHWIND*OURSHOP*20260301*1405*7*X*004010~", "ST*850*0001~"]
    assert told.replace("\n", "") == ORDER


def test_format_takes_other_delimiters_and_line_ends(run):
    told = run("format", ORDER, "--delimiters", "|:\\x1e", "--lines", "none").output
    assert "|T|:\x1eGS|PO|NORTHWIND" in told


def test_format_cuts_lines_at_a_width_and_any_command_reads_them(run):
    cut = run("format", ORDER, "--wrap", "80").output
    assert {len(line) for line in cut.splitlines()[:-1]} == {80}
    told = run("validate", cut)
    assert told.exit_code == 0
    assert "cut at 80 characters" in told.output
    assert "850 0001: accepted" in told.stdout
    assert run("format", cut, "--lines", "none").stdout == ORDER


def test_format_check_is_0_where_nothing_would_change(run):
    assert run("format", ORDER, "--check", "--lines", "none").exit_code == 0
    assert run("format", ORDER, "--check").exit_code == 1


@pytest.mark.parametrize("marks", ["*>", "*>~^!", "**~", "A>~"])
def test_format_refuses_delimiters_that_are_none(run, marks):
    assert isinstance(run("format", ORDER, "--delimiters", marks).exception, WrongInput)


def test_diff_is_0_for_the_same_order_sent_again_in_another_dress(run, tmp_path):
    again = ORDER.replace("000000101", "000000777").replace("*260301*1405*", "*260302*0900*").replace("*", "|")
    (tmp_path / "again.edi").write_text(again)
    told = run("diff", ORDER, str(tmp_path / "again.edi"))
    assert (told.exit_code, told.output) == (0, "they say the same\n")


def test_diff_names_what_changed_and_is_1(run, tmp_path):
    (tmp_path / "first.edi").write_text(ORDER)
    told = run("diff", ORDER.replace("*12*EA", "*10*EA").replace("CTT*1~", ""), str(tmp_path / "first.edi"))
    assert told.exit_code == 1
    assert "850 4711" in told.output
    assert "PO102   Quantity Ordered                   12 → 10" in told.output
    assert "- CTT*1" in told.output


def test_diff_as_json(run, tmp_path):
    (tmp_path / "first.edi").write_text(ORDER)
    (told,) = json.loads(run("diff", ORDER.replace("*12*EA", "*10*EA"), str(tmp_path / "first.edi"), "--json").output)
    assert (told["set"], told["place"], told["one"], told["other"]) == ("850 4711", "PO102", "12", "10")


def test_a_document_cannot_steer_the_terminal_through_validate_and_diff(run, tmp_path):
    (tmp_path / "first.edi").write_text(ORDER)
    wild = ORDER.replace("4711", "\x1b[2J")
    assert "\x1b[2J" not in run("validate", wild).output
    assert "\x1b[2J" not in run("diff", wild, str(tmp_path / "first.edi")).output


def test_a_long_file_is_validated_in_little_memory(tmp_path):
    """Ten thousand orders of 1 kB, and a limit of twice that size above what the program takes for one."""
    line = "PO1*1*12*EA*2.5**UP*036000291452~PID*F*08***KETTLE, STEEL 1.5 L~"
    body = "BEG*00*SA*4711**20260301~" + line * 15 + "CTT*15~"
    with (tmp_path / "long.edi").open("w") as file:
        file.write(f"{HEADER}GS*PO*NORTHWIND*OURSHOP*20260301*1405*7*X*004010~")
        for number in range(1, 10_001):
            file.write(f"ST*850*{number:05d}~{body}SE*34*{number:05d}~")
        file.write("GE*10000*7~IEA*1*000000101~")
    (tmp_path / "one.edi").write_text(ORDER)
    used = [memory(tmp_path / name) for name in ("one.edi", "long.edi")]
    assert used[1] - used[0] < 24_000, used


def memory(file):
    """Kilobytes the program took at most to validate a file."""
    program = (
        "import resource, sys; from typer.testing import CliRunner; from edi_gateway.cli.x12.commands import app\n"
        "CliRunner().invoke(app, ['validate', sys.argv[1]]); print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    return int(subprocess.run([sys.executable, "-c", program, str(file)], capture_output=True, text=True, check=True).stdout)


def test_validate_holds_sets_against_a_guide_too(run, tmp_path):
    guide = tmp_path / "order.yaml"
    guide.write_text('guide: order\nset: "850"\nreleases: ["004010"]\nsegments:\n  REF*DP: required\n')
    told = run("validate", ORDER, "--guide", str(guide))
    assert told.exit_code == 0
    assert "REF*DP is missing (guide order)" in " ".join(told.output.split())
    assert run("validate", ORDER, "--strict", "--guide", str(guide)).exit_code == 1


def test_a_guide_that_is_wrong_is_told_with_its_line(run, tmp_path):
    guide = tmp_path / "order.yaml"
    guide.write_text('guide: order\nset: "850"\nreleases: ["004010"]\nsegments:\n  REF*DP: requried\n')
    told = run("validate", ORDER, "--guide", str(guide))
    assert isinstance(told.exception, WrongInput)
    assert "order.yaml:5: REF*DP: 'requried' is not known" in str(told.exception)


def test_show_exits_1_where_something_is_no_x12(run):
    assert run("show", "nothing of the kind").exit_code == 1
    assert run("show", ORDER).exit_code == 0


@pytest.mark.parametrize("asked", [(), ("--check",), ("--wrap", "80")])
def test_format_says_so_where_there_is_no_interchange(run, asked):
    told = run("format", "Dear partner,\nour order follows.\n", *asked)
    assert told.exit_code == 1
    assert "no interchange" in told.stderr
