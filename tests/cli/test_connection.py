"""``edi-gateway connection``: list, check, ping."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from edi_gateway.cli.wires.connection import app
from edi_gateway.errors import WrongInput

OURSELVES = 'identities:\n  - {name: main, title: Larch, interchange: "ZZ:LARCH", group: LARCH}\n'
ACME = """\
name: acme
title: Acme Stores
interchange: [08:ACME01]
group: [ACMEBUY]
connection: acme-folder
contacts: [{name: Jo Birch, role: technical, phone: 555-0100}]
"""
FOLDER = "{{name: acme-folder, kind: folder, senders: [acme], inbox: {0}/in, outbox: {0}/out}}\n"
SFTP = """\
name: van
kind: sftp
senders: [acme]
host: 127.0.0.1
port: {port}
login: larch
host_keys: [SHA256:rLr5iCAHxhXRuvLWO5dOHAzZtUpVWySju/JZGo74cGs]
password: env:EDI_TEST_NOWHERE
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "_ourselves.yaml", OURSELVES)
    write(tmp_path, "acme/partner.yaml", ACME)
    write(tmp_path, "connections/acme-folder.yaml", FOLDER.format(tmp_path))
    for name in ("in", "out"):
        (tmp_path / name).mkdir()
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    path = folder / "partners" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--partners", str(folder / "partners")], catch_exceptions=False)


def closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_list_shows_where_they_lead_and_who_uses_them(folder):
    (row,) = json.loads(run(folder, "list", "--json").stdout)
    assert (row["name"], row["senders"], row["carries"], row["poll"]) == ("acme-folder", "acme", "acme", "1m")


def test_a_ping_that_goes_through_tells_each_step(folder):
    result = run(folder, "ping", "acme-folder")
    assert result.exit_code == 0
    assert [line.split()[:2] for line in result.stdout.splitlines()] == [["ok", "folder"], ["ok", "right"]] * 2


def test_a_ping_that_fails_says_at_which_step_why_and_whom_to_ask(folder):
    (folder / "out").rmdir()
    result = run(folder, "ping", "acme-folder")
    assert result.exit_code == 1
    *_, failed, ask = result.stdout.splitlines()
    assert failed.startswith("failed  folder")
    assert ask == "ask Acme Stores: Jo Birch, 555-0100"


def test_a_secret_that_is_not_there_is_the_step_that_failed(folder):
    write(folder, "connections/van.yaml", SFTP.format(port=22))
    (step,) = json.loads(run(folder, "ping", "van", "--json").stdout)
    assert (step["step"], step["ok"]) == ("secret", False)
    assert "EDI_TEST_NOWHERE is not set" in step["detail"]


def test_a_server_that_does_not_answer_is_told_by_its_port(folder, monkeypatch):
    monkeypatch.setenv("EDI_TEST_NOWHERE", "secret")
    write(folder, "connections/van.yaml", SFTP.format(port=closed_port()))
    name, port = json.loads(run(folder, "ping", "van", "--json").stdout)
    assert (name["step"], name["ok"], port["step"], port["ok"]) == ("name", True, "port", False)


def test_a_connection_there_is_not_is_answered_with_the_nearest(folder):
    with pytest.raises(WrongInput, match="did you mean 'acme-folder'"):
        run(folder, "ping", "acme-foldr")


def test_check_of_connections_that_are_right(folder):
    result = run(folder, "check")
    assert (result.exit_code, result.stdout) == (0, "connections: 1; nothing wrong\n")


def test_check_tells_missing_secrets_and_mailboxes_nobody_can_enter(folder):
    write(folder, "connections/van.yaml", SFTP.format(port=22))
    write(folder, "connections/box.yaml", "{name: box, kind: mailbox, senders: [], account: acme}\n")
    result = run(folder, "check")
    assert result.exit_code == 1
    assert [line.partition(" — ")[0] for line in result.stderr.splitlines()] == [
        "connection box: nobody can log in",
        "connection box: nobody uses it",
        "connection van: the environment variable EDI_TEST_NOWHERE is not set or empty",
    ]


def test_check_finds_a_password_of_an_isa_that_is_not_there(folder):
    write(folder, "acme/partner.yaml", ACME + "test: {security: {information: env:EDI_TEST_NOWHERE}}\n")
    told = run(folder, "check")
    assert told.exit_code == 1
    assert "partner acme, security: the environment variable EDI_TEST_NOWHERE is not set or empty" in told.stderr
