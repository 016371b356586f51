"""Our host keys: made, told ahead of time, replaced without a restart, never lost."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import pytest
from counterparts import RunningMailbox
from typer.testing import CliRunner

from edi_gateway.cli.wires.mailbox import app
from edi_gateway.errors import NeedsPerson, WrongInput
from edi_gateway.store.payloads import IN_ROW, stage
from edi_gateway.transports.mailbox import password_matches
from edi_gateway.transports.mailbox.folders import make_mailbox
from edi_gateway.transports.mailbox.host_keys import add, host_keys, listed, retire


def keys(tmp_path: Path) -> list[tuple[str, str]]:
    return [(each.kind, each.state) for each in listed(tmp_path)]


def test_a_new_server_has_an_ed25519_key_that_only_we_may_read(tmp_path: Path):
    assert keys(tmp_path) == [("ed25519", "shown")]
    assert (tmp_path / "ssh_host_ed25519_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kind", ["ecdsa", "rsa"])
def test_a_key_of_another_kind_is_shown_beside_the_first(tmp_path: Path, kind: str):
    listed(tmp_path)

    made = add(tmp_path, kind)

    assert made.state == "shown"
    assert keys(tmp_path) == [("ed25519", "shown"), (kind, "shown")]
    assert retire(tmp_path, "ed25519") is None
    assert [each.public for each in listed(tmp_path)] == [made.public]


def test_the_next_key_of_a_kind_is_known_ahead_and_takes_over_when_the_old_one_is_retired(tmp_path: Path):
    (old,) = listed(tmp_path)

    following = add(tmp_path, "ed25519")

    assert (following.state, [each.state for each in listed(tmp_path)]) == ("next", ["shown", "next"])
    assert host_keys(tmp_path)[0].asbytes() == old.public.blob
    with pytest.raises(WrongInput, match="next ed25519 key already"):
        add(tmp_path, "ed25519")
    assert retire(tmp_path, "ed25519").public == following.public
    assert (tmp_path / "ssh_host_ed25519_key.retired-1").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make what belongs to others")
def test_what_root_makes_beside_a_gateway_with_a_user_of_its_own_is_that_users(tmp_path: Path):
    data = tmp_path / "data"
    data.mkdir()
    os.chown(data, 65534, 65534)

    listed(data / "host_keys")
    add(data / "host_keys", "ed25519")
    retire(data / "host_keys", "ed25519")
    make_mailbox(data / "mailboxes", "northwind")
    staged = stage(BytesIO(bytes(IN_ROW + 1)), data / "payloads")

    made = {path.name: path.stat().st_uid for path in data.rglob("*")}
    assert made.keys() >= {"ssh_host_ed25519_key", "ssh_host_ed25519_key.retired-1", "inbox", "outbox", staged.sha256}
    assert set(made.values()) == {65534}


def test_the_last_key_stays_and_kinds_have_names(tmp_path: Path):
    with pytest.raises(WrongInput, match="the only one"):
        retire(tmp_path, "ed25519")
    with pytest.raises(WrongInput, match="no kind of host key"):
        add(tmp_path, "dsa")
    with pytest.raises(WrongInput, match="there is no rsa key"):
        retire(tmp_path, "rsa")


def test_a_client_that_has_both_pinned_goes_through_a_rollover_while_the_server_runs(mailbox: RunningMailbox):
    folder = mailbox.root.parent / "keys"
    old, following = mailbox.server.host_keys[0], add(folder, "ed25519").public
    pins = (old.line, following.line)
    before, after, careless = (mailbox.transport(host_keys=each) for each in (pins, pins, (old.line,)))
    assert before.look() == []

    retire(folder, "ed25519")

    assert after.look() == []
    assert mailbox.server.host_keys == (following,)
    with pytest.raises(NeedsPerson, match="has changed"):
        careless.look()
    for each in (before, after):
        each.close()


def test_keys_that_cannot_be_read_any_more_do_not_stop_a_server_that_runs(mailbox: RunningMailbox):
    path = mailbox.root.parent / "keys" / "ssh_host_ed25519_key"
    path.rename(path.with_name("aside"))
    path.write_text("garbage")

    transport = mailbox.transport(host_keys=(mailbox.server.host_keys[0].line,))

    assert transport.look() == []
    transport.close()


def test_the_commands_do_and_show_the_same(tmp_path: Path):
    def run(*words: str) -> str:
        return CliRunner().invoke(app, ["host-keys", *words, "--data", str(tmp_path)], catch_exceptions=False).stdout

    (shown,) = listed(tmp_path / "host_keys")
    assert shown.public.fingerprint in run("list")
    assert run("add", "ed25519").startswith("next ")
    assert run("retire", "ed25519").startswith("shown")
    assert shown.public.fingerprint not in run("list", "--json")


def test_a_password_is_hashed_without_being_shown():
    said = CliRunner().invoke(app, ["hash-password"], input="s3cret\ns3cret\n", catch_exceptions=False).stdout

    assert "s3cret" not in said
    assert password_matches(said.splitlines()[-1], "s3cret")


@pytest.mark.parametrize("typed", ["", "s3cret\n", "s3cret\nsecret\n"])
def test_a_password_that_is_not_given_twice_is_not_hashed(typed: str):
    done = CliRunner().invoke(app, ["hash-password"], input=typed)

    assert isinstance(done.exception, WrongInput)
    assert "scrypt" not in done.output
