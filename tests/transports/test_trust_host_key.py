"""A person compares a fingerprint, and the host key is pinned; nothing is trusted silently."""

from __future__ import annotations

from pathlib import Path

import pytest
from counterparts import Key, RunningMailbox
from typer.testing import CliRunner, Result

from edi_gateway.cli.partner.commands import app as partner_app
from edi_gateway.cli.wires.connection import app
from edi_gateway.errors import WrongInput
from edi_gateway.trading import loader
from edi_gateway.trading.pinning import with_host_key

LINE = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJDjyEitaMOvLL3I8rJZKxJWnvUaCFNu3476+HNYcHx"
OURSELVES = 'identities:\n  - {name: main, title: Larch, interchange: "ZZ:LARCH", group: LARCH}\n'
ACME = "{name: acme, title: Acme Stores, interchange: [08:ACME01], group: [ACMEBUY], connection: van}\n"
VAN = """\
# the VAN of Acme
name: van
kind: sftp
senders: [acme]
host: 127.0.0.1
port: PORT
login: acme          # as they gave it to us
password: env:EDI_TEST_VAN
"""


@pytest.fixture
def partners(tmp_path: Path, mailbox: RunningMailbox, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EDI_TEST_VAN", "letmein")
    folder = tmp_path / "partners"
    for name, text in {"_ourselves.yaml": OURSELVES, "acme/partner.yaml": ACME, "connections/van.yaml": VAN}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text.replace("PORT", str(mailbox.port)))
    return folder


def run(partners: Path, *words: str, said: str = "", by: object = app) -> Result:
    where = ["--partners", str(partners), "--data", str(partners.parent / "data")]
    return CliRunner().invoke(by, [*words, *where], input=said, catch_exceptions=False)  # type: ignore[arg-type]


def pinned(partners: Path) -> tuple[str, ...]:
    return loader.load(partners).connection("van").host_keys  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["van", "acme"])
def test_the_fingerprint_is_shown_and_pinned_once_a_person_has_compared_it(partners: Path, mailbox: RunningMailbox, name: str):
    key = mailbox.server.host_keys[0]

    result = run(partners, "trust-host-key", name, said="y\n", by=partner_app)

    assert key.fingerprint in result.stdout
    assert pinned(partners) == (key.line,)
    assert (partners / "connections/van.yaml").read_text().startswith(VAN.replace("PORT", str(mailbox.port)))
    assert "ok      host key" in run(partners, "ping", "van").stdout


def test_nothing_is_pinned_without_a_yes(partners: Path):
    result = run(partners, "trust-host-key", "van", said="n\n")

    assert result.exit_code == 1
    assert pinned(partners) == ()


def test_the_fingerprint_they_told_us_answers_the_question(partners: Path, mailbox: RunningMailbox):
    with pytest.raises(WrongInput, match="not the fingerprint expected"):
        run(partners, "trust-host-key", "van", "--expect", "SHA256:other")
    assert pinned(partners) == ()

    assert run(partners, "trust-host-key", "van", "--expect", mailbox.server.host_keys[0].fingerprint).exit_code == 0
    assert run(partners, "trust-host-key", "van").stdout.endswith("it is pinned already\n")
    assert len(pinned(partners)) == 1


def test_a_new_key_stands_beside_the_old_one_until_somebody_takes_that_away(
    partners: Path, mailbox: RunningMailbox, tmp_path: Path
):
    old = Key(tmp_path / "old").line
    with (partners / "connections/van.yaml").open("a") as out:
        out.write(f"host_keys:\n  - {old}\npattern: 'x'\n")

    result = run(partners, "trust-host-key", "van", said="y\n")

    assert "another key than those pinned" in result.stdout
    assert pinned(partners) == (old, mailbox.server.host_keys[0].line)


def test_a_connection_without_a_pinned_key_is_told_by_check_and_by_ping(partners: Path):
    assert "no host key of theirs is pinned" in run(partners, "check").output
    last = run(partners, "ping", "van").stdout.splitlines()[-1]
    assert last.startswith("failed  host key")
    assert "trust-host-key" in last


def test_a_partner_is_pinged_over_all_its_connections(partners: Path, mailbox: RunningMailbox):
    (partners / "connections/drop.yaml").write_text(
        f"{{name: drop, kind: folder, senders: [acme], inbox: {partners}, outbox: /nowhere}}"
    )

    result = run(partners, "ping", "acme", by=partner_app)

    assert result.exit_code == 1
    assert [line for line in result.stdout.splitlines() if line.endswith(":")] == ["drop:", "van:"]
    assert "/nowhere" in result.stdout


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("name: x\n", f"name: x\nhost_keys:\n  - {LINE}\n"),
        ("name: x", f"name: x\nhost_keys:\n  - {LINE}\n"),
        ("host_keys: []\nport: 1\n", f"host_keys: [{LINE}]\nport: 1\n"),
        ("host_keys: [SHA256:a]  # old\nport: 1\n", f"host_keys: [SHA256:a, {LINE}] # old\nport: 1\n"),
        ("host_keys:\n- a\n- b  # old\nport: 1\n", f"host_keys:\n- a\n- b  # old\n- {LINE}\nport: 1\n"),
        ("host_keys:   # two\n    - a\n\n# why\nport: 1\n", f"host_keys:   # two\n    - a\n    - {LINE}\n\n# why\nport: 1\n"),
    ],
)
def test_a_key_is_written_where_it_belongs_and_nothing_else_changes(before: str, after: str):
    assert with_host_key(before, LINE) == after
