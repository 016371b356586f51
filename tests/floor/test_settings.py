"""Settings come from the environment, and what is wrong with them is said by variable."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from edi_gateway.errors import Collected, WrongInput
from edi_gateway.settings import load


@pytest.fixture(autouse=True)
def _no_settings_from_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("EDI_GATEWAY_")]:
        monkeypatch.delenv(name)


def test_nothing_has_to_be_set():
    settings = load()

    assert settings.database_url == "sqlite:///data/gateway.sqlite3"
    assert settings.host == "127.0.0.1"


def test_the_environment_is_over_the_file_and_what_is_given_over_both(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / ".env").write_text("EDI_GATEWAY_WEB_PORT=8001\nEDI_GATEWAY_SFTP_PORT=2001\nEDI_GATEWAY_THREADS=1\n")
    monkeypatch.setenv("EDI_GATEWAY_SFTP_PORT", "2002")
    monkeypatch.setenv("EDI_GATEWAY_THREADS", "2")

    settings = load(threads=3)

    assert (settings.web_port, settings.sftp_port, settings.threads) == (8001, 2002, 3)


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EDI_GATEWAY_DATABASE", "")
    monkeypatch.setenv("EDI_GATEWAY_WEB_PORT", "")

    assert load().database_url.startswith("sqlite:")
    assert load().web_port == 8080


def test_other_programs_variables_are_not_our_affair(tmp_path: Path):
    (tmp_path / ".env").write_text("COMPOSE_PROJECT_NAME=warehouse\n")

    assert load().web_port == 8080


def test_every_bad_variable_is_named_in_one_pass(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EDI_GATEWAY_WEB_PORT", "99999")
    monkeypatch.setenv("EDI_GATEWAY_LOG_FORM", "xml")

    with pytest.raises(Collected) as refused:
        load()

    assert [mistake.where for mistake in refused.value.mistakes] == ["EDI_GATEWAY_WEB_PORT", "EDI_GATEWAY_LOG_FORM"]


def test_a_file_that_is_no_text_is_refused(tmp_path: Path):
    (tmp_path / ".env").write_bytes(b"EDI_GATEWAY_HOST=\xff\xfe\n")

    with pytest.raises(WrongInput, match=r"^\.env: cannot be read"):
        load()


def test_a_password_in_the_database_url_is_never_shown():
    settings = load(database="postgresql+psycopg://gateway:opensesame@db/gateway")

    assert "opensesame" not in repr(settings) + str(settings) + settings.model_dump_json()
    assert "opensesame" in settings.database_url


def test_settings_do_not_change_once_loaded():
    with pytest.raises(ValidationError, match="frozen"):
        load().web_port = 1  # type: ignore[misc]  # that it cannot be set is the point
