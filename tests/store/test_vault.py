"""The vault: sealed secrets open under their key and name only, and a rotation is whole."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from edi_gateway.errors import NeedsPerson, WrongInput
from edi_gateway.settings import load
from edi_gateway.store.database import Database
from edi_gateway.store.tables import secret
from edi_gateway.store.vault import Vault, VaultKey, new_key

SECRET = b"s3cr3t-planted-here"


@pytest.fixture
def key() -> VaultKey:
    return VaultKey.read(new_key())


def test_a_secret_comes_back_and_is_not_readable_in_the_database(store: Database, key: VaultKey, tmp_path: Path) -> None:
    Vault(store, key).put("sftp", SECRET, "ann")

    assert Vault(store, key).get("sftp") == SECRET
    with store.read() as unit:
        kept = unit.secrets.get("sftp")
    store.close()
    assert kept is not None
    assert SECRET not in kept.sealed
    assert all(SECRET not in file.read_bytes() for file in tmp_path.iterdir() if file.is_file())


def test_a_secret_is_replaced_by_one_of_the_same_name(store: Database, key: VaultKey) -> None:
    vault = Vault(store, key)
    vault.put("sftp", b"old", "ann")
    vault.put("sftp", b"new", "bob")

    assert (vault.get("sftp"), [row.changed_by for row in vault.rows()]) == (b"new", ["bob"])


def test_a_secret_does_not_open_under_another_key(store: Database, key: VaultKey) -> None:
    Vault(store, key).put("sftp", SECRET, "ann")

    with pytest.raises(NeedsPerson, match=f"it was sealed with key {key.id}") as error:
        Vault(store, VaultKey.read(new_key())).get("sftp")
    assert SECRET.decode() not in str(error.value)


def test_a_sealed_secret_moved_to_another_name_does_not_open(store: Database, key: VaultKey) -> None:
    vault = Vault(store, key)
    vault.put("of one partner", SECRET, "ann")
    with store.engine.begin() as connection:
        connection.execute(sa.update(secret).values(name="of another"))

    with pytest.raises(NeedsPerson):
        vault.get("of another")


def test_a_rotation_seals_everything_anew(store: Database, key: VaultKey) -> None:
    old, to = Vault(store, key), VaultKey.read(new_key())
    for name in ("a", "b", "c"):
        old.put(name, name.encode(), "ann")

    assert old.rotate(to, "ann") == 3
    assert [Vault(store, to).get(name) for name in ("a", "b", "c")] == [b"a", b"b", b"c"]
    with pytest.raises(NeedsPerson):
        old.get("a")


def test_a_rotation_that_cannot_open_one_secret_changes_none(store: Database, key: VaultKey) -> None:
    Vault(store, key).put("a", SECRET, "ann")
    Vault(store, VaultKey.read(new_key())).put("b", SECRET, "ann")

    with pytest.raises(NeedsPerson):
        Vault(store, key).rotate(VaultKey.read(new_key()), "ann")
    assert Vault(store, key).get("a") == SECRET


def test_without_a_key_nothing_goes_in_or_out(store: Database, key: VaultKey) -> None:
    Vault(store, key).put("a", SECRET, "ann")
    locked = Vault(store, None)

    for attempt in (lambda: locked.get("a"), lambda: locked.put("b", SECRET, "ann")):
        with pytest.raises(WrongInput, match="the vault has no key"):
            attempt()
    assert locked.get("never there") is None


@pytest.mark.parametrize("text", ["", "short", "AAAA", "not base64 at all!", "A" * 44])
def test_a_key_that_is_none_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(WrongInput) as error:
        VaultKey.read(text)
    assert not text or text not in str(error.value)


def test_the_key_comes_from_a_setting_or_from_a_file(tmp_path: Path) -> None:
    text = new_key()
    (tmp_path / "key").write_text(text + "\n")

    from_setting = VaultKey.configured(load(vault_key=text))
    from_file = VaultKey.configured(load(vault_key_file=tmp_path / "key"))

    assert from_setting is not None
    assert from_file is not None
    assert from_setting.id == from_file.id
    assert text not in repr(from_setting)
    assert VaultKey.configured(load()) is None


def test_what_is_done_to_the_vault_is_an_event_and_says_nothing_secret(store: Database, key: VaultKey) -> None:
    vault = Vault(store, key)
    vault.put("sftp", SECRET, "ann")
    vault.drop("sftp", "bob")

    with store.read() as unit:
        told = unit.events.of_kind("vault.changed")
    assert [(each.actor, each.subject) for each in told] == [("ann", "secret:sftp"), ("bob", "secret:sftp")]
    assert all(SECRET.decode() not in each.text for each in told)
    with pytest.raises(WrongInput):
        vault.drop("sftp", "bob")
