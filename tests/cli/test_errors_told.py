"""How the program tells what it could not do: in a sentence that says what the person who gave the command does next."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from desk import Desk

from edi_gateway.cli import main as program
from edi_gateway.errors import GatewayError, TryAgain, Uncertain


def told(error: GatewayError, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    def fails() -> None:
        raise error

    monkeypatch.setattr(program, "app", fails)
    with pytest.raises(SystemExit) as ended:
        program.main()
    assert ended.value.code == 2
    return capsys.readouterr().err.strip()


def locked(desk: Desk) -> TryAgain:
    """What a store says whose database is locked."""
    with pytest.raises(TryAgain) as error, desk.store.write():
        raise sa.exc.OperationalError("UPDATE", {}, Exception("database is locked"))
    return error.value


def test_a_command_that_found_the_database_locked_is_given_again_by_whoever_gave_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(locked(desk), monkeypatch, capsys) == (
        "TryAgain: the database did not answer: database is locked — "
        "nothing tries a command again by itself: give it once more in a moment"
    )


@pytest.mark.parametrize("error", [TryAgain("it sleeps", do="wake it"), Uncertain("it went away")])
def test_what_has_advice_of_its_own_or_may_have_happened_is_told_as_it_is(
    error: TryAgain, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(error, monkeypatch, capsys) == f"TryAgain: {error}"
