"""``user`` and ``key``: people and programs let in from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from edi_gateway.cli.main import app


@pytest.fixture
def data(tmp_path: Path) -> list[str]:
    return ["--data", str(tmp_path / "data")]


def run(*words: str) -> str:
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_key_is_printed_once_and_listed_without_it(data: list[str]) -> None:
    key = run("key", "add", "the shop", "--scope", "operate", *data).splitlines()[0]
    listed = run("key", "list", "--json", *data)
    [row] = json.loads(listed)
    assert key.startswith(f"egw_{row['id']}_")
    assert key.rpartition("_")[2] not in listed
    assert (row["scope"], row["revoked"]) == ("operate", "")
    run("key", "revoke", row["id"], *data)
    assert json.loads(run("key", "list", "--json", *data))[0]["revoked"] != ""


def test_a_person_is_let_in_by_a_link_that_holds_once(data: list[str]) -> None:
    assert "/welcome?token=" in run("user", "add", "ann", "--role", "admin", *data)
    assert json.loads(run("user", "list", "--json", *data)) == []
