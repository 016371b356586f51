"""Pins: profile and map as they were when a document was handled, for a replay that is to come to the same."""

from __future__ import annotations

from dataclasses import replace

from edi_gateway.errors import WrongInput
from edi_gateway.mapping.library import Library
from edi_gateway.operations.maps import MAP, map_of_version
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.database import Database
from edi_gateway.store.rows import DocumentRow
from edi_gateway.trading.profile import TradingPartner
from edi_gateway.trading.versions import from_json


class Pins:
    """The versions kept in a store; each is built once."""

    def __init__(self, store: Database) -> None:
        self._store = store
        self._partners: dict[tuple[str, str], TradingPartner] = {}
        self._maps: dict[tuple[str, str], Library] = {}

    def tools(self, tools: Tools, before: DocumentRow | None) -> Tools:
        """Tools with the profile and the map of a document; guides, cross-references and the ERP stay those of today.

        Raises WrongInput where there was no document, or its versions were not kept.
        """
        if before is None or not before.map:
            raise WrongInput("it was not mapped yet, so there is no map to pin", do="replay it with the versions in force")
        partner = self._partner(before.partner, before.profile_version)
        others = [one for one in tools.directory.partners if one.name != partner.name]
        directory = replace(tools.directory, partners=(*others, partner))
        return replace(tools, directory=directory, maps=self._map(before.map, before.map_version))

    def _partner(self, name: str, version: str) -> TradingPartner:
        if (name, version) not in self._partners:
            self._partners[name, version] = from_json(self._body("partner", name, version))
        return self._partners[name, version]

    def _map(self, name: str, version: str) -> Library:
        if (name, version) not in self._maps:
            self._body(MAP, name, version)
            self._maps[name, version] = map_of_version(self._store, name, version)
        return self._maps[name, version]

    def _body(self, kind: str, name: str, version: str) -> str:
        with self._store.read() as unit:
            kept = {one.version: one.body for one in unit.versions.history(kind, name)}
        if version not in kept:
            raise WrongInput(f"version {version[:12]} of {kind} {name} was never applied", do="use the versions in force")
        return kept[version]
