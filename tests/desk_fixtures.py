"""Fixtures of every scene with a desk: the conftest of a folder that has such scenes imports them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from desk import NOON, NORTHWIND, ROOT, Desk, Profiles, new_postgres, new_sqlite
from partner_says import northwind, order

from edi_gateway.clock import MovableClock
from edi_gateway.store.database import Database


@pytest.fixture
def profiles(tmp_path: Path) -> Profiles:
    """The partners of the scene; changed before ``desk`` or ``make_desk`` is used."""
    return Profiles(tmp_path / "partners")


@pytest.fixture
def make_desk(tmp_path: Path, profiles: Profiles) -> Iterator[Callable[..., Desk]]:
    """Makes a gateway on the scene's data folder; once more for one that begins again there."""
    made: list[Desk] = []

    def make(**more: object) -> Desk:
        clock = made[-1].clock if made else MovableClock(NOON)
        made.append(Desk(tmp_path / "data", profiles.folder, clock, **more))  # type: ignore[arg-type]  # as Desk takes them
        return made[-1]

    yield make
    for desk in made:
        desk.close()


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """A gateway over SQLite, with the partners as they come with the project."""
    return make_desk()


@pytest.fixture(params=["sqlite", "postgres"])
def any_desk(request: pytest.FixtureRequest, make_desk: Callable[..., Desk]) -> Desk:
    """A gateway over each kind of database."""
    if request.param == "sqlite":
        return make_desk()
    return make_desk(database=new_postgres(request.getfixturevalue("postgres_url")))


@pytest.fixture(scope="session")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a gateway from which an order's 855, 856 and 810 have left: scenes go on with copies of it."""
    data = tmp_path_factory.mktemp("left") / "data"
    desk = Desk(data, ROOT / "partners", MovableClock(NOON))
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=8)
    assert desk.codes() == ["997", "855", "856", "810"]
    desk.close()
    return data


@pytest.fixture
def goes_on_with_it(left: Path, tmp_path: Path, make_desk: Callable[..., Desk]) -> Callable[[], Desk]:
    """Goes on with a copy of ``left``, by the profiles as they are when it is called."""

    def goes_on() -> Desk:
        shutil.copytree(left, tmp_path / "data")
        desk = make_desk()
        desk.clock.advance(timedelta(hours=8))
        return desk

    return goes_on


@pytest.fixture
def replacing(goes_on_with_it: Callable[[], Desk], profiles: Profiles) -> Desk:
    """An order's 855, 856 and 810 have left, to a partner that takes replacements of an 855 and an 856."""
    guide = profiles.folder / NORTHWIND / "guides/856.yaml"
    guide.write_text(guide.read_text().replace('BSN01: {codes: ["00"]}', 'BSN01: {codes: ["00", "05"]}'))
    return goes_on_with_it()


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: MovableClock) -> Iterator[Database]:
    """A store of each kind, empty and migrated, by the ``clock`` of the folder's scenes."""
    url = new_sqlite(tmp_path) if request.param == "sqlite" else new_postgres(request.getfixturevalue("postgres_url"))
    database = Database(url, clock, tmp_path / "payloads")
    yield database
    database.close()
