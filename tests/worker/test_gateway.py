"""The whole gateway with its threads: started, used, stopped and started again on one data folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from desk import NOON, ROOT, Profiles, applied_sqlite, sample

from edi_gateway import settings
from edi_gateway.bootstrap import Gateway
from edi_gateway.clock import MovableClock
from edi_gateway.errors import WrongInput
from edi_gateway.operations.apply import apply

Make = Callable[[], Gateway]


@pytest.fixture
def make(tmp_path: Path, profiles: Profiles) -> Iterator[Make]:
    """Gateways on one data folder, in which ann has applied everything."""
    made: list[Gateway] = []

    def make() -> Gateway:
        applied_sqlite(tmp_path / "data")
        given = settings.load(data=tmp_path / "data", partners=profiles.folder, maps=ROOT / "maps", sftp_port=0, web_port=0)
        clock = made[-1].clock if made else MovableClock(NOON)
        made.append(Gateway(given, clock, serve_mailboxes=False))
        return made[-1]

    yield make
    for gateway in made:
        gateway.stop()


def drop(gateway: Gateway, name: str) -> None:
    (gateway.settings.data / "mailboxes/northwind/inbox" / name).write_bytes(sample(name))
    later(gateway, minutes=1)


def later(gateway: Gateway, **by: float) -> None:
    assert isinstance(gateway.clock, MovableClock)
    gateway.clock.advance(timedelta(**by))
    assert gateway.dispatcher.settle(60)


def sent(gateway: Gateway) -> list[str]:
    return sorted(path.name[:3] for path in (gateway.settings.data / "mailboxes/northwind/outbox").glob("*.edi"))


@pytest.mark.slow
def test_an_order_goes_its_whole_way_over_a_restart(make: Make) -> None:
    first = make()
    first.start()
    later(first, seconds=1)
    drop(first, "northwind-850-plain.edi")
    assert sent(first) == ["997"]
    first.stop()
    second = make()
    second.start()
    for _ in range(7):
        later(second, hours=1)
    assert sent(second) == ["810", "855", "856", "997"]


@pytest.mark.slow
def test_a_second_one_on_the_same_data_folder_is_refused_and_changes_nothing(make: Make) -> None:
    first, second = make(), make()
    first.start()
    with pytest.raises(WrongInput, match="another process runs this gateway already"):
        second.start()
    second.stop()
    assert first.dispatcher.settle(60)
    drop(first, "northwind-850-plain.edi")
    assert sent(first) == ["997"]


def test_what_cannot_be_taken_up_leaves_every_mailbox_open_as_it_was(make: Make, profiles: Profiles) -> None:
    gateway = make()
    cascade = profiles.folder / "connections/cascade-mailbox.yaml"
    cascade.write_text(f"{cascade.read_text()}\npassword_hash: env:NOT_IN_THIS_ENVIRONMENT\n")
    apply(gateway.store, profiles.folder, ROOT / "maps", by="ann")
    gateway.tick()
    assert None not in [gateway.accounts.find(name) for name in ("northwind", "cascade")]


def test_what_is_sent_over_a_connection_while_profiles_are_applied_goes_on(make: Make, profiles: Profiles) -> None:
    gateway = make()
    maps, used = gateway.maps, gateway.connections.sink("northwind-mailbox")
    closed: list[str] = []
    used.close = lambda: closed.append("closed")  # type: ignore[method-assign]  # to see when
    profiles.replace("northwind", "title: Northwind Stores", "title: Northwind Renamed")
    apply(gateway.store, profiles.folder, ROOT / "maps", by="ann")
    gateway.tick()
    assert gateway.directory.partner("northwind").title == "Northwind Renamed"
    assert gateway.maps is maps
    assert gateway.connections.sink("northwind-mailbox") is used
    mailbox = profiles.folder / "connections/northwind-mailbox.yaml"
    mailbox.write_text(f"{mailbox.read_text()}\nquota_files: 777\n")
    apply(gateway.store, profiles.folder, ROOT / "maps", by="ann")
    gateway.tick()
    assert gateway.connections.sink("northwind-mailbox") is not used
    assert closed == []
    assert isinstance(gateway.clock, MovableClock)
    gateway.clock.advance(timedelta(hours=1))
    gateway.tick()
    assert closed == ["closed"]


@pytest.mark.slow
def test_stopped_before_it_was_started_it_lets_go_of_everything(make: Make) -> None:
    make().stop()
