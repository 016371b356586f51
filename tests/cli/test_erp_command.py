"""``edi-gateway erp``: which ERPs there are, and whether each can be worked with."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from edi_gateway.cli.main import app
from edi_gateway.store.vault import new_key

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def partners(tmp_path: Path) -> Path:
    folder = tmp_path / "partners"
    shutil.copytree(REPOSITORY / "partners", folder)
    (folder / "connectors").mkdir()
    return folder


def connector(partners: Path, name: str, text: str) -> None:
    (partners / "connectors" / f"{name}.yaml").write_text(f"name: {name}\n{text}")


def erp(*args: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["erp", *map(str, args)])
    return result.exit_code, result.output


def test_connectors_are_listed_with_whose_documents_they_take(partners: Path) -> None:
    connector(partners, "warehouse", "kind: folder\nfolder: /srv/erp\nform: idoc\n")
    code, output = erp("list", "--partners", partners, "--json")
    rows = {row["name"]: row for row in json.loads(output)}
    assert code == 0
    assert rows["warehouse"]["where"] == "/srv/erp (idoc)"
    assert "northwind" in rows["simulator"]["used_by"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind: folder\nfolder: /not/there\n", "ERP connector one: /not/there: is not there"),
        ("kind: python\nimplementation: no.such:Thing\n", "cannot be imported: No module named 'no'"),
        ("kind: python\nimplementation: pathlib:Path\n", "has no consult, post_order"),
        ("kind: simulator\ncatalog: /not/there.yaml\n", "/not/there.yaml"),
    ],
)
def test_check_finds_what_is_wrong_without_calling_anybody(partners: Path, text: str, said: str) -> None:
    connector(partners, "one", text)
    code, output = erp("check", "--partners", partners)
    assert code == 1
    assert said in output
    assert "ERP connectors: 3; mistakes: 1" in output


def test_check_of_an_http_connector_names_a_secret_that_is_not_there(partners: Path) -> None:
    text = (REPOSITORY / "tests/erp/http_erp.yaml").read_text().replace("URL", "http://127.0.0.1:9")
    (partners / "connectors/other.yaml").write_text(text)
    code, output = erp("check", "--partners", partners)
    assert (code, "OTHER_ERP_KEY is not set" in output) == (1, True)


def test_a_secret_in_the_vault_is_found_by_check_and_ping(
    partners: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text(new_key(), encoding="ascii")
    monkeypatch.setenv("EDI_GATEWAY_VAULT_KEY_FILE", str(tmp_path / "key"))
    kept = CliRunner().invoke(app, ["vault", "set", "ERP", "--data", str(tmp_path)], input="s3cret")
    assert kept.exit_code == 0, kept.output
    text = (REPOSITORY / "tests/erp/http_erp.yaml").read_text().replace("URL", "http://127.0.0.1:9")
    connector(partners, "other", text.replace("env:OTHER_ERP_KEY", "vault:ERP").partition("name: other\n")[2])
    assert erp("check", "--partners", partners, "--data", tmp_path)[0] == 0
    code, output = erp("ping", "other", "--partners", partners, "--data", tmp_path)
    assert (code, "cannot be reached" in output) == (1, True)


def test_ping_says_what_it_is_and_what_waits(partners: Path, tmp_path: Path) -> None:
    assert erp("ping", "simulator", "--partners", partners, "--data", tmp_path) == (
        0,
        "ok      simulated ERP with 12 items and 8 customers\nok      0 events to be collected\n",
    )


def test_ping_says_why_it_cannot_be_worked_with(partners: Path, tmp_path: Path) -> None:
    connector(partners, "warehouse", f"kind: folder\nfolder: {tmp_path}\n")
    code, output = erp("ping", "warehouse", "--partners", partners, "--data", tmp_path)
    assert code == 1
    assert output.startswith("failed  ")
    assert "orders: is not there" in output


def test_a_schema_is_printed_for_those_on_the_other_side() -> None:
    code, output = erp("schema", "events")
    assert (code, "<xs:schema" in output) == (0, True)


def test_a_class_of_ones_own_is_a_connector(partners: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "our_erp.py").write_text(
        "from edi_gateway.erp.simulator import SimulatedErp\n"
        "class OurErp(SimulatedErp):\n"
        "    def __init__(self, *, settings, secrets, clock, folder):\n"
        "        super().__init__(folder, clock)\n"
        "        self.settings = settings\n"
        "    def check(self):\n"
        "        return f'our ERP of {self.settings[\"company\"]}'\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    connector(partners, "own", "kind: python\nimplementation: our_erp:OurErp\nsettings: {company: '7'}\n")
    code, output = erp("ping", "own", "--partners", partners, "--data", tmp_path)
    assert (code, "our ERP of 7" in output) == (0, True)
