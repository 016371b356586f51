from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path

import pytest

from edi_gateway.clock import MovableClock
from edi_gateway.errors import TryAgain, WrongInput
from edi_gateway.store.database import Database
from edi_gateway.store.migrate import differences, migrate


def test_the_migrations_make_exactly_the_tables(store: Database) -> None:
    assert differences(store) == []


def test_migrating_twice_changes_nothing(store: Database) -> None:
    migrate(store)
    assert differences(store) == []


def test_a_database_of_a_newer_version_is_refused_by_name(store: Database) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(WrongInput, match=r"newer version .*9999"):
        migrate(store)


def test_a_database_from_before_the_first_schema_is_refused_with_what_to_do(store: Database) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0013'")
    with pytest.raises(WrongInput, match=r"before the first release .*0013.* — begin with a new database"):
        migrate(store)


def test_what_a_failed_transaction_wrote_is_gone(store: Database) -> None:
    with pytest.raises(RuntimeError), store.write() as unit:
        unit.events.tell("test", "demo:1", "never happened")
        raise RuntimeError
    with store.read() as unit:
        assert unit.events.about("demo:1") == []


def test_a_failed_savepoint_takes_only_its_own_part_away(store: Database) -> None:
    with store.write() as unit:
        unit.events.tell("test", "demo:1", "kept")
        with pytest.raises(RuntimeError), unit.savepoint():
            unit.events.tell("test", "demo:1", "lost")
            raise RuntimeError
    with store.read() as unit:
        assert [event.text for event in unit.events.about("demo:1")] == ["kept"]


def test_listeners_hear_of_woken_lanes_only_after_the_commit(store: Database) -> None:
    heard: list[tuple[str, ...]] = []
    store.on_wake(heard.append)
    with store.write() as unit:
        unit.flows.start(lane_id="business:acme", stage="translate", subject="transaction:1", partner="acme")
        assert heard == []
    assert heard == [("business:acme",)]


def test_many_writers_at_once_never_fail_each_other(store: Database) -> None:
    def count() -> None:
        for _ in range(20):
            with store.write() as unit:
                unit.control_numbers.next("group")

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as unit:
        assert unit.control_numbers.last("group") == 160


@pytest.mark.parametrize("url", ["mysql://root@localhost/x", "not a url"])
def test_a_database_we_do_not_support_is_told_so(url: str, tmp_path: Path) -> None:
    with pytest.raises(WrongInput):
        Database(url, MovableClock(), tmp_path)


@pytest.mark.parametrize("url", ["postgresql+psycopg://u:hidden@127.0.0.1:1/x", "sqlite:////nowhere/at/all.sqlite3"])
def test_a_database_that_is_not_there_is_told_by_its_name_and_without_its_password(url: str, tmp_path: Path) -> None:
    with pytest.raises(TryAgain, match=r"the database did not answer: .* — see that it runs") as told:
        migrate(Database(url, MovableClock(), tmp_path))
    assert url.replace("hidden", "***") in str(told.value)
    assert "hidden" not in str(told.value)


def test_a_file_that_is_no_database_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"ISA*00*" * 1000)
    with pytest.raises(WrongInput, match="x: file is not a database — name a database"):
        migrate(Database(f"sqlite:///{tmp_path}/x", MovableClock(), tmp_path))


def test_a_number_of_more_digits_than_a_database_has_is_wrong_input_or_nothing(store: Database) -> None:
    with suppress(WrongInput), store.read() as unit:
        assert unit.flows.get(10**25) is None


def test_a_commit_that_failed_leaves_no_transaction_open(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_connection: object) -> None:
        raise store.engine.dialect.loaded_dbapi.OperationalError("disk I/O error")

    with monkeypatch.context() as broken, pytest.raises(TryAgain, match="disk I/O error"):
        broken.setattr(store.engine.dialect, "do_commit", fails)
        with store.write() as unit:
            unit.control_numbers.next("group")

    neighbor = Database(store.engine.url.render_as_string(hide_password=False), store.clock, store.files)
    done: list[int] = []

    def write() -> None:
        with neighbor.write() as unit:
            done.append(unit.control_numbers.next("group"))

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    writer.join(5)
    assert done == [1]
    neighbor.close()
