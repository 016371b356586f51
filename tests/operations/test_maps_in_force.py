"""Maps in force: applied like profiles, checked and tried out before that, kept version by version."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from desk import NOON, NORTHWIND, ROOT, Profiles

from edi_gateway import settings
from edi_gateway.bootstrap import Gateway
from edi_gateway.clock import MovableClock
from edi_gateway.errors import Collected
from edi_gateway.mapping.library import Library
from edi_gateway.operations.apply import apply, compare, differences, maps_in_force, newest
from edi_gateway.operations.maps import MAP, map_of_version
from edi_gateway.store.database import Database
from edi_gateway.store.migrate import migrate

ORDERS = "northwind/850-order"
MORE = "order:\n  contract: [BEG06, REF*CT]\n"


@pytest.fixture
def profiles(tmp_path: Path) -> Profiles:
    """One partner that sends us orders and nothing else, so that one map is in use."""
    given = Profiles(tmp_path / "partners")
    for name in (path.name for path in given.folder.iterdir() if path.is_dir()):
        if name not in (NORTHWIND, "connections"):
            shutil.rmtree(given.folder / name)
    for path in (given.folder / "connections").glob("*.yaml"):
        if not path.name.startswith(NORTHWIND):
            path.unlink()
    path = given.folder / NORTHWIND / "partner.yaml"
    first, _, others = path.read_text().partition('  - set: "820"\n')
    path.write_text(first + "\n" + re.sub(r"\A(?:[ #].*\n|\n)*", "", others))
    return given


@pytest.fixture
def maps(tmp_path: Path) -> Path:
    """A copy of the maps, with fewer stored tests than there are."""
    shutil.copytree(ROOT / "maps", tmp_path / "maps", ignore=shutil.ignore_patterns("tests"))
    shutil.copytree(ROOT / "maps" / ORDERS / "tests", tmp_path / "maps" / ORDERS / "tests")
    return tmp_path / "maps"


@pytest.fixture
def store(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path / 'gateway.sqlite3'}", MovableClock(NOON), tmp_path / "payloads")
    migrate(made)
    return made


def change(maps: Path, old: str, new: str, name: str = ORDERS) -> None:
    path = maps / f"{name}.yaml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_maps_in_use_are_put_in_force_whole_and_no_others(store: Database, profiles: Profiles, maps: Path) -> None:
    changed = {each.name for each in apply(store, profiles.folder, maps, by="ann") if each.kind == MAP}
    assert changed == {ORDERS}
    given, applied = Library.load(maps), maps_in_force(store)
    assert applied.reading(ORDERS).version == given.reading(ORDERS).version
    assert applied.names() == ["850-order", ORDERS]  # what a map extends comes with it
    assert applied.source(ORDERS).file == "maps/northwind/850-order.yaml"


def test_maps_of_the_same_meaning_are_the_same(store: Database, profiles: Profiles, maps: Path) -> None:
    apply(store, profiles.folder, maps, by="ann")
    before = newest(store)
    change(maps, "map: 850-order", "# said otherwise\nmap: 850-order")
    assert apply(store, profiles.folder, maps, by="ann") == []
    assert newest(store) == before


def test_a_changed_map_is_shown_line_by_line_before_it_is_applied(store: Database, profiles: Profiles, maps: Path) -> None:
    apply(store, profiles.folder, maps, by="ann")
    change(maps, "order:\n", MORE)
    [shown] = [each for each in compare(store, profiles.folder, maps) if each.how != "same"]
    assert (shown.kind, shown.name, shown.how) == (MAP, ORDERS, "changed")
    assert differences(shown.before, shown.after) == ["northwind/850-order.yaml: +  contract: [BEG06, REF*CT]"]
    before = newest(store)
    apply(store, profiles.folder, maps, by="ann")
    assert newest(store) > before  # a gateway that runs takes it up


def test_a_map_that_fails_its_check_is_not_applied_and_nothing_else_is(store: Database, profiles: Profiles, maps: Path) -> None:
    apply(store, profiles.folder, maps, by="ann")
    before = newest(store)
    change(maps, "order:\n", "order:\n  departmnt: REF*DP\n")
    profiles.replace(NORTHWIND, "currency: USD", "currency: CAD")
    with pytest.raises(Collected, match=r"northwind/850-order\.yaml:\d+: Order has no field 'departmnt'"):
        apply(store, profiles.folder, maps, by="ann")
    assert newest(store) == before


def test_a_map_whose_stored_test_fails_is_not_applied(store: Database, profiles: Profiles, maps: Path) -> None:
    change(maps, "order:\n", "order:\n  contract: REF*CT\n")
    with pytest.raises(
        Collected, match=r"tests/everything\.edi: reading: contract: expected C-\d.* mend the map or its stored test"
    ):
        apply(store, profiles.folder, maps, by="ann")
    assert newest(store) == 0


def test_an_agreement_may_name_only_maps_there_are(store: Database, profiles: Profiles, maps: Path) -> None:
    profiles.replace(NORTHWIND, f"map: {ORDERS}", "map: northwind/855-order")
    with pytest.raises(Collected, match=r"partner\.yaml:\d+.*northwind/855-order"):
        apply(store, profiles.folder, maps, by="ann")


def test_a_document_can_be_mapped_again_as_it_was_then(store: Database, profiles: Profiles, maps: Path) -> None:
    apply(store, profiles.folder, maps, by="ann")
    then = Library.load(maps).version(ORDERS)
    change(maps, "order:\n", MORE)
    apply(store, profiles.folder, maps, by="ann")
    assert maps_in_force(store).version(ORDERS) != then
    assert map_of_version(store, ORDERS, then).reading(ORDERS).version == then


def test_maps_no_longer_used_are_in_force_no_longer(store: Database, profiles: Profiles, maps: Path) -> None:
    apply(store, profiles.folder, maps, by="ann")
    profiles.replace(NORTHWIND, f"map: {ORDERS}", "map: 850-order")
    changed = {(each.name, each.how) for each in apply(store, profiles.folder, maps, by="ann") if each.kind == MAP}
    assert changed == {(ORDERS, "removed"), ("850-order", "new")}
    assert ORDERS not in maps_in_force(store).names()


def test_without_a_folder_of_maps_the_maps_in_force_stay(store: Database, profiles: Profiles, maps: Path) -> None:
    apply(store, profiles.folder, maps, by="ann")
    assert apply(store, profiles.folder, by="ann") == []
    assert ORDERS in maps_in_force(store).names()


def test_what_was_made_of_maps_is_made_again_only_where_they_say_something_else(
    store: Database, profiles: Profiles, maps: Path
) -> None:
    apply(store, profiles.folder, maps, by="ann")
    before = maps_in_force(store)
    profiles.replace(NORTHWIND, "title: Northwind Stores", "title: Northwind Renamed")
    apply(store, profiles.folder, maps, by="ann")
    assert maps_in_force(store, before) is before
    change(maps, "order:\n", MORE)
    apply(store, profiles.folder, maps, by="ann")
    after = maps_in_force(store, before)
    assert after.version(ORDERS) == Library.load(maps).version(ORDERS) != before.version(ORDERS)


def test_a_running_gateway_takes_up_new_maps_and_keeps_the_old_where_it_cannot(
    tmp_path: Path, profiles: Profiles, maps: Path
) -> None:
    given = settings.load(data=tmp_path / "data", partners=profiles.folder, maps=maps, sftp_port=0, web_port=0)
    gateway = Gateway(given, MovableClock(NOON), serve_mailboxes=False)
    try:
        gateway.start()
        first = gateway.maps.version(ORDERS)
        change(maps, "order:\n", MORE)
        assert gateway.dispatcher.settle(30)
        assert gateway.runner.tools.maps.version(ORDERS) == first  # files are nothing until they are applied

        apply(gateway.store, profiles.folder, maps, by="ann")
        assert gateway.dispatcher.settle(30)  # the engine itself looks what was applied
        second = gateway.runner.tools.maps.version(ORDERS)
        assert second == Library.load(maps).version(ORDERS) != first

        with gateway.store.write() as unit:  # what no check of ours lets through
            unit.versions.apply(MAP, ORDERS, "0" * 64, '{"northwind/850-order.yaml": "map: 850-order"}', by="nobody")
        assert gateway.dispatcher.settle(30)  # the engine itself looks what was applied
        assert gateway.runner.tools.maps.version(ORDERS) == gateway.maps.version(ORDERS) == second
    finally:
        gateway.stop()
