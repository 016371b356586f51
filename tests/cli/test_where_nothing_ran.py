"""Commands given where no gateway has run say so and make nothing, but for the few that set one up."""

from __future__ import annotations

import inspect
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from typer.testing import CliRunner

from edi_gateway.cli.lazily import whole
from edi_gateway.cli.main import app
from edi_gateway.errors import GatewayError

ROOT = Path(__file__).parents[2]
SET_UP = {
    "serve", "worker", "demo", "partner apply", "vault set", "certificate add", "certificate generate", "user add", "key add",
    "restore from",
}  # fmt: skip
OF_FILES = {
    "connection list", "connection check", "connection ping", "connection trust-host-key", "erp check", "erp ping",
    "partner ping", "partner trust-host-key", "partner flows", "certificate check",
}  # fmt: skip
"""What looks at partner files, and at the store only where there is one."""
OF_HOST_KEYS = {"mailbox host-keys list", "mailbox host-keys add", "mailbox host-keys retire"}


def commands(group: Any, *names: str) -> Iterator[tuple[str, Any]]:
    for name, each in group.commands.items():
        if hasattr(each, "commands"):
            yield from commands(each, *names, name)
        else:
            yield " ".join((*names, name)), each


COMMANDS = dict(commands(whole(app)))
LOOKING = sorted(
    name
    for name, each in COMMANDS.items()
    if any("--data" in one.opts for one in each.params) and name not in SET_UP | OF_FILES | OF_HOST_KEYS
)


def given(command: Any, file: Path) -> list[str]:
    """Something for everything that has to be given."""
    said: list[str] = []
    for each in command.params:
        if each.required:
            kind = str(get_type_hints(inspect.unwrap(command.callback))[each.name])
            value = "1" if "int" in kind else str(file) if "Path" in kind else "2026-11-17"
            said += [value] if each.param_type_name == "argument" else [each.opts[0], value]
    return said


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE", "DATA", "VAULT_KEY", "VAULT_KEY_FILE"):
        monkeypatch.delenv(f"EDI_GATEWAY_{name}", raising=False)
    (tmp_path / "some.edi").write_bytes(b64encode(bytes(32)))  # a key is wanted too
    return tmp_path


@pytest.mark.parametrize("name", LOOKING)
def test_it_says_that_no_gateway_has_run_here_and_makes_nothing(name: str, place: Path) -> None:
    said = [*name.split(), *given(COMMANDS[name], place / "some.edi"), "--data", str(place / "data")]
    result = CliRunner().invoke(app, said)
    assert isinstance(result.exception, GatewayError)
    assert "no gateway has run here" in str(result.exception)
    assert [path.name for path in place.iterdir()] == ["some.edi"]


@pytest.mark.parametrize("name", sorted(OF_FILES))
def test_what_looks_at_partner_files_makes_no_store(name: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDI_GATEWAY_PARTNERS", str(ROOT / "partners"))
    CliRunner().invoke(app, [*name.split(), *given(COMMANDS[name], place / "some.edi"), "--data", str(place / "data")])
    assert [path.name for path in place.iterdir()] == ["some.edi"]


def test_every_command_that_is_named_here_is_there() -> None:
    assert set(COMMANDS) >= SET_UP | OF_FILES | OF_HOST_KEYS
    assert len(LOOKING) > 40
