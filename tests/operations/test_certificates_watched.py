"""Certificates are kept with their keys in the vault, watched, and told about before they end."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from edi_gateway.clock import MovableClock
from edi_gateway.errors import WrongInput
from edi_gateway.operations.certificates import add_certificate, bundle_of, retire_certificate, watch_certificates
from edi_gateway.store.database import Database
from edi_gateway.store.migrate import migrate
from edi_gateway.store.vault import Vault, VaultKey, new_key
from edi_gateway.trading.certificate_files import Bundle
from edi_gateway.trading.certificate_making import make_certificate

OURS, THEIRS = "ourselves:main", "connection:northwind-as2"


class Scene:
    """A store, a vault and a clock that stands still."""

    def __init__(self, folder: Path) -> None:
        self.clock = MovableClock()
        self.store = Database(f"sqlite:///{folder / 'c.sqlite3'}", self.clock, folder / "payloads")
        migrate(self.store)
        self.vault = Vault(self.store, VaultKey.read(new_key()))

    def make(self, days: int) -> Bundle:
        return make_certificate("MERIDIAN", "", self.clock.now(), days=days, bits=2048)

    def add(self, days: int, owner: str = OURS, **more: object) -> int:
        return add_certificate(self.store, self.vault, owner, self.make(days), "ann", **more).id  # type: ignore[arg-type]

    def told(self) -> list[str]:
        with self.store.read() as unit:
            return [each.text for each in unit.events.of_kind("certificate.expiring")]

    def later(self, days: float) -> int:
        self.clock.advance(timedelta(days=days))
        return watch_certificates(self.store)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_it_is_told_at_sixty_thirty_fourteen_seven_and_one_days_and_at_the_end(scene: Scene) -> None:
    scene.add(100)

    told = [day for day in range(1, 110) if scene.later(1)]

    assert [100 - day for day in told] == [60, 30, 14, 7, 1, 0]
    assert "ends in 59 days" in scene.told()[0]
    assert "has expired" in scene.told()[-1]


def test_one_that_is_replaced_in_time_is_not_told_about(scene: Scene) -> None:
    scene.add(50)
    scene.add(500, use_from=scene.clock.now() + timedelta(days=20))

    assert [scene.later(1) for _ in range(55)] == [0] * 55


def test_one_that_is_replaced_for_signing_alone_is_told_about(scene: Scene) -> None:
    scene.add(20)
    scene.add(500, role="signing")

    assert scene.later(0) == 1


def test_certificates_of_partners_are_watched_too_and_the_way_out_is_named(scene: Scene) -> None:
    scene.add(10, THEIRS)

    assert scene.later(0) == 1
    assert "ask for the next one" in scene.told()[0]


def test_a_key_is_kept_in_the_vault_and_nowhere_else(scene: Scene, tmp_path: Path) -> None:
    bundle = scene.make(100)
    kept = add_certificate(scene.store, scene.vault, OURS, bundle, "ann")

    assert bundle_of(scene.store, scene.vault, kept.id).key is None
    assert bundle_of(scene.store, scene.vault, kept.id, with_key=True).key_pem() == bundle.key_pem()
    scene.store.close()
    lines = bundle.key_pem().splitlines()[2:-2]
    everything = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert not [line for line in lines if line in everything]


def test_without_a_vault_key_neither_certificate_nor_key_is_kept(scene: Scene) -> None:
    with pytest.raises(WrongInput, match="the vault has no key"):
        add_certificate(scene.store, Vault(scene.store, None), OURS, scene.make(100), "ann")

    with scene.store.read() as unit:
        assert unit.certificates.all() == []


def test_a_retired_one_is_used_no_longer_and_may_come_back(scene: Scene) -> None:
    bundle = scene.make(100)
    kept = add_certificate(scene.store, scene.vault, OURS, bundle, "ann")
    retire_certificate(scene.store, kept.id, "ann")
    with scene.store.read() as unit:
        assert unit.certificates.of(OURS) == []

    again = add_certificate(scene.store, scene.vault, OURS, bundle, "ann")

    assert (again.id, again.has_key) == (kept.id, True)


def test_one_that_has_ended_is_not_added(scene: Scene) -> None:
    ended = scene.make(1)
    scene.clock.advance(timedelta(days=2))

    with pytest.raises(WrongInput, match="expired on"):
        add_certificate(scene.store, scene.vault, OURS, ended, "ann")
