"""``edi-gateway map``: run, trace, check, list."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from edi_gateway.cli.map.commands import app
from edi_gateway.errors import WrongInput

MAPS = str(Path(__file__).parents[2] / "maps")
ORDER = """\
ISA*00*          *00*          *ZZ*NORTH          *ZZ*LARCH          *260105*1200*U*00401*000000001*0*P*>~
GS*PO*NORTH*LARCH*20260105*1200*1*X*004010~
ST*850*0001~
BEG*00*SA*4501234567**20260105~
REF*DP*042~
PO1*1*12*EA*4.25**UP*012345678905~
CTT*1~
SE*6*0001~
GE*1*1~
IEA*1*000000001~
"""


@pytest.fixture
def order_file(tmp_path: Path) -> str:
    path = tmp_path / "order.edi"
    path.write_text(ORDER)
    return str(path)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, [*arguments, "--maps", MAPS], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_an_x12_file_becomes_a_document(order_file: str) -> None:
    document = json.loads(run("run", "850-order", order_file))

    assert document["number"] == "4501234567"
    assert document["lines"][0]["unit_price"] == "4.25"


def test_a_document_becomes_segments_again(order_file: str, tmp_path: Path) -> None:
    (tmp_path / "order.json").write_text(run("run", "850-order", order_file))

    segments = run("run", "850-order", str(tmp_path / "order.json")).splitlines()

    assert segments == ORDER.splitlines()[3:7]


def test_trace_tells_where_each_value_came_from(order_file: str) -> None:
    told = run("trace", "850-order", order_file)

    assert re.search(r"^department = 042 ← REF\*DP, segment 3 ← .*maps/850-order\.yaml:\d+$", told, re.MULTILINE)
    assert "purpose = original ← BEG01 (00), segment 2" in told


def test_trace_names_the_element_of_each_pair_in_a_list(tmp_path: Path) -> None:
    (tmp_path / "order.edi").write_text(ORDER.replace("UP*012345678905", "IN*000044130*UP*012345678905"))

    told = run("trace", "850-order", str(tmp_path / "order.edi"))

    assert "lines[0].item_ids[0].id = 000044130 ← PO107, segment 4" in told
    assert "lines[0].item_ids[1].qualifier = UP ← PO108, segment 4" in told
    assert "lines[0].item_ids[1].id = 012345678905 ← PO109, segment 4" in told


def test_trace_speaks_of_places_when_a_document_is_written(order_file: str, tmp_path: Path) -> None:
    (tmp_path / "order.json").write_text(run("run", "850-order", order_file))

    told = run("trace", "850-order", str(tmp_path / "order.json"))

    assert re.search(r"^PO102 = 12 ← lines\[0\]\.quantity, segment 4 ← ", told, re.MULTILINE)
    assert "CTT01 = 1 ← count of PO1, segment 5" in told


def test_the_maps_that_ship_have_nothing_wrong() -> None:
    assert run("check").startswith("maps: ")
    assert run("check", "850-order", "cascade/850-order") == "maps: 2; nothing wrong\n"


def test_every_mistake_is_told_with_file_and_line_and_the_command_fails(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(
        "map: m\nreads: {set: 850, releases: [004010]}\nwrites: order\norder:\n  numbr: BEG03\n  department: REF*DPP\n"
    )

    result = CliRunner().invoke(app, ["check", "--maps", str(tmp_path)])

    assert result.exit_code == 1
    assert f"{tmp_path}/m.yaml:5: Order has no field 'numbr' — did you mean 'number'?" in result.stderr
    assert f"{tmp_path}/m.yaml:6: 'DPP' is no code of REF01" in result.stderr
    assert "mistakes: 2" in result.stderr


def test_list_names_every_map_and_what_it_extends() -> None:
    rows = {row["map"]: row for row in json.loads(run("list", "--json"))}

    assert rows["850-order"] == {
        "map": "850-order",
        "reads": "850",
        "writes": "order",
        "releases": "004010 005010",
        "extends": "",
    }
    assert rows["northwind/850-order"]["extends"] == "850-order"


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("850-order", '{"number": 7', "is not JSON"),
        ("850-order", '{"number": "7"}', "is no order"),
        ("invoice-810", ORDER, "holds 850, and map invoice-810 reads 810"),
        ("no-such-map", ORDER, "there is no map 'no-such-map'"),
        ("850-order", ORDER.replace("*12*EA", "*DOZEN*EA"), "'DOZEN' is no number"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(tmp_path: Path, name: str, body: str, said: str) -> None:
    (tmp_path / "file").write_text(body)

    with pytest.raises(WrongInput, match=re.escape(said)):
        run("run", name, str(tmp_path / "file"))


def test_what_is_not_carried_is_told_beside_the_document(tmp_path: Path) -> None:
    path = tmp_path / "order.edi"
    path.write_text(ORDER.replace("PO1*1", "CSH*Y~\nPO1*1").replace("SE*6", "SE*7"))

    result = CliRunner().invoke(app, ["run", "850-order", str(path), "--maps", MAPS])

    assert result.exit_code == 0
    assert "not carried: segment 4, CSH01 = Y" in result.stderr
    assert json.loads(result.stdout)["number"] == "4501234567"


def test_a_field_the_map_does_not_write_is_told(tmp_path: Path, order_file: str) -> None:
    order = json.loads(run("run", "850-order", order_file))
    order["lines"][0]["parties"] = [{"role": "BY", "name": "STORE", "contact": {"role": "IC", "name": "X"}}]
    path = tmp_path / "order.json"
    path.write_text(json.dumps(order))

    result = CliRunner().invoke(app, ["run", "850-order", str(path), "--maps", MAPS])

    assert "not carried: lines[0].parties[0].contact" in result.stderr


@pytest.mark.parametrize("end", ["department", "REF*DP", "REF02"])
def test_a_trace_of_one_end_tells_only_that(order_file: str, end: str) -> None:
    told = run("trace", "850-order", order_file, "--of", end).splitlines()

    assert [line.split(" ←")[0] for line in told] == ["department = 042"]


def test_stored_tests_are_run_and_what_they_do_not_use_is_told() -> None:
    told = run("test", "cascade/850-order")

    assert "tests: 1, wrong: 0" in told
    assert "not used: number" in told  # its lines have none


def test_a_map_there_is_not_has_no_tests_that_could_pass() -> None:
    result = CliRunner().invoke(app, ["test", "850-ordr", "--maps", MAPS])

    assert isinstance(result.exception, WrongInput)
    assert str(result.exception).startswith("there is no map '850-ordr'")


def test_a_stored_test_that_fails_tells_the_difference_and_exits_1(tmp_path: Path) -> None:
    for path in [*Path(MAPS).glob("864*.yaml"), *Path(MAPS).glob("codes/*.yaml"), *Path(MAPS).glob("864*/tests/*")]:
        copy = tmp_path / path.relative_to(MAPS)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text().replace("INVOICE NOT TAKEN*CR~", "INVOICE TAKEN*CR~"))

    result = CliRunner().invoke(app, ["test", "--maps", str(tmp_path)])

    assert result.exit_code == 1
    assert "864-text-message: everything: reading: subject: expected INVOICE NOT TAKEN, is INVOICE TAKEN" in result.stdout


def test_coverage_lists_what_is_left_over(tmp_path: Path) -> None:
    (tmp_path / "order.edi").write_text(ORDER.replace("PO1*1", "CSH*Y~\nPO1*1").replace("SE*6", "SE*7"))

    told = run("coverage", "850-order", "--samples", str(tmp_path))

    assert "850-order: 1 read, 0 refused; 1 of 14 elements left over" in told
    assert re.search(r"CSH01.*1.*Y", told)


def test_a_draft_is_written_and_never_over_another_file(tmp_path: Path, order_file: str) -> None:
    to = tmp_path / "acme" / "order.yaml"

    assert "open questions: 0" in run("draft", "--sample", order_file, "--to", str(to))
    assert "extends: 850-order" in to.read_text()
    with pytest.raises(WrongInput, match="is there already"):
        run("draft", "--sample", order_file, "--to", str(to))


def test_a_sample_that_cannot_be_read_and_a_draft_that_cannot_be_written_are_told(tmp_path: Path, order_file: str) -> None:
    for unreadable in (tmp_path, tmp_path / "missing.edi"):
        with pytest.raises(WrongInput, match="cannot be read"):
            run("draft", "--sample", str(unreadable))
    with pytest.raises(WrongInput, match="cannot be written"):
        run("draft", "--sample", order_file, "--to", f"{order_file}/order.yaml")


def test_a_guide_for_another_set_says_nothing_of_a_map(tmp_path: Path) -> None:
    guide = tmp_path / "acme.yaml"
    guide.write_text('guide: acme\nset: "810"\nreleases: ["004010"]\nsegments:\n  AMT: required\n')

    result = CliRunner().invoke(app, ["check", "850-order", "--guide", str(guide), "--maps", MAPS])

    assert result.exit_code == 1
    assert "acme.yaml: the guide is for 810, and map 850-order for 850" in result.stderr


def test_a_map_is_checked_against_a_guide(tmp_path: Path) -> None:
    guide = tmp_path / "acme.yaml"
    guide.write_text('guide: acme\nset: "810"\nreleases: ["004010"]\nsegments:\n  AMT: required\n')

    result = CliRunner().invoke(app, ["check", "invoice-810", "--guide", str(guide), "--maps", MAPS])

    assert result.exit_code == 1
    assert "acme.yaml:5: AMT is required, and nothing makes it" in result.stderr
