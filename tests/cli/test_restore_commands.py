"""``edi-gateway restore``: what it works on, and what it refuses before anything is changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk
from typer.testing import CliRunner, Result

from edi_gateway.cli.main import app
from edi_gateway.errors import WrongInput
from edi_gateway.operations.backup import backup


@pytest.fixture
def copied(desk: Desk, tmp_path: Path) -> Desk:
    """A gateway that runs, and of which there is a backup."""
    backup(desk.store, desk.folder, tmp_path / "copy")
    return desk


def restore(folder: Path, *more: str) -> Result:
    return CliRunner().invoke(app, ["restore", "from", str(folder / "copy"), "--data", str(folder / "new"), *more])


def test_a_restore_leaves_the_database_that_settings_name_alone(
    copied: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDI_GATEWAY_DATABASE", copied.store.engine.url.render_as_string(hide_password=False))
    done = restore(tmp_path)
    assert isinstance(done.exception, WrongInput)
    assert "EDI_GATEWAY_DATABASE: names another database than the one in" in str(done.exception)
    assert copied.events("store.restored") == []
    assert not (tmp_path / "new").exists()


def test_a_restore_is_taken_where_settings_name_its_very_database(
    copied: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EDI_GATEWAY_DATABASE", "sqlite:///new/gateway.sqlite3")
    assert restore(tmp_path).exit_code == 0
    assert copied.events("store.restored") == []


@pytest.mark.parametrize("command", ["restore from copy --jump -5", "restore jump 2026-11-17 --by -5"])
def test_numbers_never_jump_back(tmp_path: Path, command: str) -> None:
    done = CliRunner().invoke(app, [*command.split(), "--data", str(tmp_path / "new")])
    assert done.exit_code == 2
    assert "Invalid value for '--" in done.output
    assert "greater than or equal to 0" in done.output


def test_a_folder_that_cannot_be_made_is_told_in_words(copied: Desk, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    new, data = str(tmp_path / "file" / "new"), ("--data", str(copied.folder))
    for command in (("backup", new, *data), ("restore", "from", str(tmp_path / "copy"), "--data", new), ("serve", "--data", new)):
        done = CliRunner().invoke(app, command)
        assert isinstance(done.exception, WrongInput)
        assert f"{new}: could not " in str(done.exception)
