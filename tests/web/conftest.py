"""Scenes of the console: a gateway, its pages, and somebody of each role who is signed in."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from desk import NOON, ROOT, Desk, applied_sqlite
from desk_fixtures import make_desk, profiles  # noqa: F401  # fixtures
from fastapi import FastAPI
from pydantic import SecretStr
from visiting import PASSWORD, ROLES, Visitor

from edi_gateway.clock import MovableClock
from edi_gateway.operations import access, people
from edi_gateway.settings import Settings
from edi_gateway.store.database import Database
from edi_gateway.web.app import create_app


@cache
def _prepared() -> bytes:
    """The bytes of a store with everything in force and somebody of each role: made once for all scenes."""
    with tempfile.TemporaryDirectory() as path:
        folder = Path(path)
        store = Database(applied_sqlite(folder), MovableClock(NOON), folder)
        for role in ROLES:
            people.accept(store, people.invite(store, role, role, by="scene"), role, PASSWORD, "here")
        with store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        store.close()
        return (folder / "gateway.sqlite3").read_bytes()


@pytest.fixture
def make_desk_with_people(tmp_path: Path, make_desk: Callable[..., Desk]) -> Callable[..., Desk]:  # noqa: F811
    """Makes a gateway that has its people and maps in the store."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "gateway.sqlite3").write_bytes(_prepared())
    return make_desk


@pytest.fixture
def desk(make_desk_with_people: Callable[..., Desk]) -> Desk:
    """A gateway that has its people and maps in the store."""
    return make_desk_with_people()


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    """The console over the desk's store."""
    key = SecretStr(base64.b64encode(bytes(32)).decode())
    return create_app(desk.store, Settings(data=desk.folder, partners=desk.partners, maps=ROOT / "maps", vault_key=key))


@pytest.fixture
def visitor(app: FastAPI) -> Visitor:
    """Somebody who is not signed in."""
    return Visitor(app)


@pytest.fixture
def signed_in(app: FastAPI, desk: Desk) -> Callable[[str], Visitor]:
    """Somebody of a role, signed in without the second that a password costs."""

    def signed_in(role: str) -> Visitor:
        visitor = Visitor(app)
        with desk.store.write() as unit:
            row = unit.people.named(role)
            assert row is not None
            visitor.cookies.set("edi_gateway_session", access.begin(unit, row, "here").token)
        return visitor

    return signed_in
