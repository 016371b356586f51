"""``edi-gateway restore``: what it works on, and what it refuses before anything is changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from desk import Desk, applied_sqlite
from partner_says import northwind, order
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


@pytest.fixture
def gone(make_desk: Callable[..., Desk], tmp_path: Path) -> list[str]:
    """Copies of two interchanges that went since the backup, junk between them; the gateway is restored to `new`."""
    desk = make_desk(database=applied_sqlite(tmp_path / "data"))
    backup(desk.store, desk.folder, tmp_path / "copy")
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    paths = [tmp_path / name for name in ("a.edi", "b.edi", "c.edi")]
    bodies = [sent.body for sent in desk.sent()]
    for path, body in zip(paths, (bodies[0], b"junk", bodies[1]), strict=True):
        path.write_bytes(body)
    assert restore(tmp_path).exit_code == 0
    return [str(path) for path in paths]


def test_what_went_is_put_on_record_file_by_file_and_the_command_can_be_given_again(gone: list[str], tmp_path: Path) -> None:
    command = ["restore", "sent", *gone, "--data", str(tmp_path / "new")]
    done = CliRunner().invoke(app, command)
    assert isinstance(done.exception, WrongInput)
    assert str(done.exception).startswith("b.edi")
    assert done.output.splitlines() == ["a.edi: 1 set had gone", "c.edi: 1 set had gone"]
    Path(gone[1]).unlink()
    command.remove(gone[1])
    again = CliRunner().invoke(app, command)
    assert (again.exit_code, again.output.splitlines()) == (0, ["a.edi: is on record already", "c.edi: is on record already"])


def test_a_restore_says_what_comes_next_with_the_folder_that_was_restored(copied: Desk, tmp_path: Path) -> None:
    told = restore(tmp_path).output
    for command in ("restore sent FILE…", "restore reconcile", "hold list", "serve"):
        assert f"edi-gateway {command} --data {tmp_path / 'new'}" in told
    assert told.count("numbers jump by") == 1
    assert told.count("edi-gateway ") == told.count(f" --data {tmp_path / 'new'}")


def test_what_is_found_out_after_a_restore_is_not_told_to_a_gateway_that_was_never_restored(desk: Desk) -> None:
    for command in (["sent", "copy.edi"], ["reconcile"]):
        done = CliRunner().invoke(app, ["restore", *command, "--data", str(desk.folder)])
        assert isinstance(done.exception, WrongInput)
        assert "nothing was ever restored here" in str(done.exception)


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
