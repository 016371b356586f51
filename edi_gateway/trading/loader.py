"""Reads ``partners/`` whole: every file, then what must agree between them; all mistakes are told in one pass.

partners/_ourselves.yaml            our identities
partners/alerts.yaml                who is told of what
partners/<name>/partner.yaml        one trading partner
partners/<name>/guides/<name>.yaml  what it asks of a set beyond the standard
partners/<name>/compliance.yaml     what it charges us for
partners/connections/<name>.yaml    one connection
partners/connectors/<name>.yaml     one ERP connector
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from edi_gateway.errors import Collected, WrongInput
from edi_gateway.trading import check
from edi_gateway.trading.alert_checks import check_alerts
from edi_gateway.trading.alerts import Alerts
from edi_gateway.trading.compliance.check import check_pack
from edi_gateway.trading.compliance.pack import CompliancePack
from edi_gateway.trading.compliance.reading import read_pack
from edi_gateway.trading.connector import BUILT_IN, Connector
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.files import Source, read, read_connection, read_connector
from edi_gateway.trading.profile import Connection, Ourselves, TradingPartner
from edi_gateway.x12 import guide as guides_of
from edi_gateway.x12.guide import Guide
from edi_gateway.x12.validation.kinds import KINDS

Read = TypeVar("Read")

OURSELVES, CONNECTIONS, CONNECTORS, PARTNER = "_ourselves.yaml", "connections", "connectors", "partner.yaml"
ALERTS, COMPLIANCE = "alerts.yaml", "compliance.yaml"


def load(folder: Path, maps: Collection[str] | None = None) -> Directory:
    """The directory of everybody we deal with.

    ``maps`` are the names of the maps there are; given them, agreements may name no others. Raises Collected with every
    mistake in every file, or WrongInput where there is no such folder.
    """
    if not folder.is_dir():
        raise WrongInput("is no folder", where=str(folder), do="name the folder with the partners: --partners")
    loading = _Loading(folder)
    ours = loading.ourselves()
    partners, connections, guides = loading.partners(), loading.connections(), loading.guides()
    connectors, alerts, packs = loading.connectors(), loading.alerts(), loading.packs()
    known = _known(folder, guides, maps)
    loading.note(_checks(ours, partners, connections, known))
    loading.note(check_alerts(alerts, known.partners) if alerts else ())
    profiles = {source.value.name: source.value for source in partners}
    for name, pack in packs.items():
        loading.note(check_pack(pack, profiles.get(name)))
    if loading.mistakes or ours is None:
        raise Collected(loading.mistakes)
    return Directory(
        ours.value.identities,
        tuple(source.value for source in partners),
        tuple(source.value for source in connections),
        {key: guide for key, guide in guides.items() if guide is not None},
        tuple(source.value for source in connectors),
        alerts.value if alerts else Alerts(),
        {name: pack.value for name, pack in packs.items()},
    )


def partner_folders(folder: Path) -> list[Path]:
    """The folders that are partners, by name: not those of connections and connectors, nor those with ``_`` or a dot first."""
    others = (CONNECTIONS, CONNECTORS)
    return sorted(each for each in folder.iterdir() if each.is_dir() and each.name[0] not in "_." and each.name not in others)


class _Loading:
    """Files as they are read, and the mistakes met on the way."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mistakes: list[WrongInput] = []

    def note(self, mistakes: Iterable[WrongInput]) -> None:
        self.mistakes.extend(mistakes)

    def ourselves(self) -> Source[Ourselves] | None:
        return self._read(self.folder / OURSELVES, lambda path: read(path, Ourselves))

    def alerts(self) -> Source[Alerts] | None:
        path = self.folder / ALERTS
        return self._read(path, lambda path: read(path, Alerts)) if path.exists() else None

    def partners(self) -> list[Source[TradingPartner]]:
        found = []
        for folder in partner_folders(self.folder):
            source = self._read(folder / PARTNER, lambda path: read(path, TradingPartner))
            if source:
                self.note(_misnamed(source, folder.name, "its folder"))
                found.append(source)
        return found

    def connections(self) -> list[Source[Connection]]:
        found = []
        for path in sorted((self.folder / CONNECTIONS).glob("*.yaml")):
            source = self._read(path, read_connection)
            if source:
                self.note(_misnamed(source, path.stem, "its file"))
                found.append(source)
        return found

    def connectors(self) -> list[Source[Connector]]:
        found = []
        for path in sorted((self.folder / CONNECTORS).glob("*.yaml")):
            source = self._read(path, read_connector)
            if source:
                self.note(_misnamed(source, path.stem, "its file"))
                found.append(source)
        return found

    def guides(self) -> dict[tuple[str, str], Guide | None]:
        """Every guide of every partner; None for one that is wrong."""
        found: dict[tuple[str, str], Guide | None] = {}
        for folder in partner_folders(self.folder):
            for path in sorted((folder / "guides").glob("*.yaml")):
                found[folder.name, path.stem] = self._read(path, guides_of.load)
        return found

    def packs(self) -> dict[str, Source[CompliancePack]]:
        """The compliance packs of the partners that have one of their own."""
        paths = {folder.name: folder / COMPLIANCE for folder in partner_folders(self.folder)}
        read_ = {name: self._read(path, read_pack) for name, path in paths.items() if path.exists()}
        return {name: source for name, source in read_.items() if source}

    def _read(self, path: Path, reader: Callable[[Path], Read]) -> Read | None:
        try:
            return reader(path)
        except Collected as error:
            self.note(error.mistakes)
        except WrongInput as error:
            self.note([error])
        return None


def _misnamed(
    source: Source[TradingPartner] | Source[Connection] | Source[Connector], expected: str, by: str
) -> Iterator[WrongInput]:
    if source.value.name != expected:
        yield WrongInput(f"is called '{source.value.name}', but {by} is called '{expected}'", where=source.at("name"))


def _known(folder: Path, guides: dict[tuple[str, str], Guide | None], maps: Collection[str] | None) -> check.Known:
    return check.Known(
        partners={each.name for each in partner_folders(folder)},
        connections={path.stem for path in (folder / CONNECTIONS).glob("*.yaml")},
        connectors={path.stem for path in (folder / CONNECTORS).glob("*.yaml")} | BUILT_IN.keys(),
        guides=guides,
        kinds=KINDS.keys(),
        maps=maps,
    )


def _checks(
    ours: Source[Ourselves] | None,
    partners: list[Source[TradingPartner]],
    connections: list[Source[Connection]],
    known: check.Known,
) -> Iterator[WrongInput]:
    if ours:
        yield from check.check_ourselves(ours)
    yield from check.check_connections(connections, known)
    yield from check.check_as2(connections, ours)
    for source in partners:
        yield from check.check_partner(source, ours, known)
    yield from check.check_senders(partners, ours)
