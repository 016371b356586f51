"""``edi-gateway map``: run, trace, check, list."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from edi_gateway.cli.map import app
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
