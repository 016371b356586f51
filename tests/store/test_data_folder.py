"""A database belongs to one data folder: whoever works on it with another one is refused before a payload is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from edi_gateway.errors import WrongInput
from edi_gateway.store.data_folder import IDENTITY, take_folder
from edi_gateway.store.database import Database


def test_the_first_start_takes_the_folder_and_every_other_one_finds_it(store: Database, tmp_path: Path) -> None:
    for _ in range(2):
        take_folder(store, tmp_path / "data")
    with store.read() as unit:
        [told] = unit.events.of_kind("store.data_folder")
    assert told.subject == f"data_folder:{(tmp_path / 'data' / IDENTITY).read_text().strip()}"


def test_an_empty_folder_is_refused_with_what_to_do_and_left_empty(store: Database, tmp_path: Path) -> None:
    take_folder(store, tmp_path / "data")
    (tmp_path / "another machine").mkdir()
    with pytest.raises(WrongInput, match=r"is not the folder this database's large payloads lie in.*a shared volume"):
        take_folder(store, tmp_path / "another machine")
    assert list((tmp_path / "another machine").iterdir()) == []


def test_the_folder_of_another_database_is_refused(store: Database, tmp_path: Path) -> None:
    take_folder(store, tmp_path / "data")
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / IDENTITY).write_text("0" * 32 + "\n")
    with pytest.raises(WrongInput, match="holds the files of another database"):
        take_folder(store, tmp_path / "theirs")


def test_a_folder_that_was_lost_is_replaced_by_writing_the_id_that_is_named(store: Database, tmp_path: Path) -> None:
    take_folder(store, tmp_path / "data")
    (tmp_path / "new").mkdir()
    with pytest.raises(WrongInput) as refused:
        take_folder(store, tmp_path / "new")
    id = (tmp_path / "data" / IDENTITY).read_text().strip()
    assert f"write {id} into {tmp_path / 'new' / IDENTITY}" in str(refused.value)
    (tmp_path / "new" / IDENTITY).write_text(id)
    take_folder(store, tmp_path / "new")


def test_a_crash_before_the_database_knew_is_gone_on_with(store: Database, tmp_path: Path) -> None:
    (tmp_path / IDENTITY).write_text("a" * 32 + "\n")
    take_folder(store, tmp_path)
    with store.read() as unit:
        assert unit.events.of_kind("store.data_folder")[0].subject == "data_folder:" + "a" * 32


def test_an_identity_that_is_none_is_told(store: Database, tmp_path: Path) -> None:
    (tmp_path / IDENTITY).write_text("a page of a book")
    with pytest.raises(WrongInput, match="32 hex digits"):
        take_folder(store, tmp_path)
