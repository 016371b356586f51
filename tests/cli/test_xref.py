"""``edi-gateway xref``: import, add, export, show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from edi_gateway.bootstrap import open_store
from edi_gateway.cli.partner.xref import app
from edi_gateway.errors import Collected, WrongInput
from edi_gateway.operations.apply import apply
from edi_gateway.settings import Settings

ROOT = Path(__file__).parents[2]
TABLE = "kind,qualifier,code,ours\nlocation,92,0423,SHIP-7\nitem,IN,000044013,PB-1001\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    apply(open_store(Settings(data=tmp_path / "data")), ROOT / "partners", by="ann")
    return tmp_path / "data"


def run(data: Path, *words: object) -> Result:
    return CliRunner().invoke(app, [*map(str, words), "--data", str(data)], catch_exceptions=False)


def table(data: Path, text: str = TABLE) -> Path:
    path = data.parent / "table.csv"
    path.write_text(text)
    return path


def shown(data: Path) -> dict[str, str]:
    return {one["code"]: one["ours"] for one in json.loads(run(data, "show", "northwind", "--json").stdout)}


def test_import_says_what_is_new_and_what_changed(data):
    assert run(data, "import", "northwind", table(data)).stdout == "new 2, changed 0, same 0, not in the file 0\n"
    again = run(data, "import", "northwind", table(data, TABLE.replace("SHIP-7", "SHIP-8"))).stdout
    assert again.splitlines() == ["changed location 92:0423: SHIP-8", "new 0, changed 1, same 1, not in the file 0"]
    assert shown(data) == {"0423": "SHIP-8", "000044013": "PB-1001"}


def test_a_dry_run_changes_nothing(data):
    assert run(data, "import", "northwind", table(data), "--dry-run").stdout.endswith("nothing was changed\n")
    assert shown(data) == {}


def test_a_file_with_one_mistake_changes_nothing(data):
    with pytest.raises(Collected, match=r"table\.csv:4, column ours: is empty"):
        run(data, "import", "northwind", table(data, TABLE + "item,IN,9,\n"))
    assert shown(data) == {}


def test_replace_takes_away_what_is_not_in_the_file(data):
    run(data, "import", "northwind", table(data))
    only = table(data, "kind,qualifier,code,ours\nitem,IN,1,A\n")
    assert run(data, "import", "northwind", only, "--replace").stdout == "new 1, changed 0, same 0, taken away 2\n"
    assert shown(data) == {"1": "A"}


def test_what_is_exported_can_be_imported(data):
    run(data, "import", "northwind", table(data))
    run(data, "export", "northwind", data / "out.csv")
    assert run(data, "import", "northwind", data / "out.csv").stdout == "new 0, changed 0, same 2, not in the file 0\n"
    assert run(data, "export", "northwind").stdout == (data / "out.csv").read_text()


def test_add_replaces_what_was_said_of_a_code(data):
    run(data, "add", "northwind", "location", "92:0423", "SHIP-7", "--from", "2026-01-01")
    run(data, "add", "northwind", "location", "92:0423", "SHIP-8")
    assert [one["ours"] for one in json.loads(run(data, "show", "northwind", "--json").stdout)] == ["SHIP-8"]


def test_add_says_when_nothing_was_held_for_it(data):
    told = run(data, "add", "northwind", "item", "IN:000044013", "PB-1001", "--resume").stdout
    assert told.splitlines() == ["item IN:000044013 of northwind is PB-1001", "nothing was held for a missing entry"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "northwind", "place", "92:1", "A"), "there is no kind 'place'"),
        (("add", "northwind", "item", "44013", "A"), "write QUALIFIER:CODE"),
        (("add", "northwind", "item", "IN:1", "A", "--until", "soon"), "'soon' is no date"),
        (("show", "nordwind"), "did you mean 'northwind'"),
    ],
)
def test_what_makes_no_sense_is_told_in_a_sentence(data, words, said):
    with pytest.raises(WrongInput, match=said):
        run(data, *words)


def test_show_finds_one_code_by_theirs_or_ours(data):
    run(data, "import", "northwind", table(data))
    assert "SHIP-7" in run(data, "show", "northwind", "0423").stdout
    assert "SHIP-7" not in run(data, "show", "northwind", "PB-1001").stdout


def test_a_file_that_is_empty_or_separated_otherwise_is_told_in_a_sentence(data, tmp_path):
    for text, complaint in (
        ("", "is empty — begin it with the heading kind,qualifier,code,ours"),
        ("kind;qualifier;code;ours\n", "its columns are separated by ';' — save it with commas between them"),
    ):
        (tmp_path / "table.csv").write_text(text)
        with pytest.raises(WrongInput) as told:
            run(data, "import", "northwind", tmp_path / "table.csv")
        assert complaint in str(told.value)


def test_an_export_to_where_nothing_can_be_written_says_so(data, tmp_path):
    with pytest.raises(WrongInput, match="cannot be written: No such file or directory"):
        run(data, "export", "northwind", tmp_path / "nowhere" / "table.csv")


def test_a_code_that_nobody_has_is_said_to_be_nobodys(data):
    assert run(data, "show", "northwind", "99").stdout == "northwind has no entry '99', theirs or ours\n"
    assert run(data, "show", "northwind").stdout == "northwind has no entry yet\n"
