"""Whose retention runs: every partner's, also of those that are in force no more."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import NamedTuple

from edi_gateway.store.database import Database
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.terms import Retention


class Whose(NamedTuple):
    """One partner's terms, the longest term for bytes of all, and the connections that are theirs alone; None: nobody known."""

    partner: str | None
    keep: Retention
    longest: timedelta
    connections: list[str]


def whose(store: Database, directory: Directory) -> list[Whose]:
    """Every partner that is or was in force, and nobody. Who was taken away is kept by what their last profile says."""
    with store.read() as unit:
        partners, connections = unit.versions.last_bodies("partner"), unit.versions.last_bodies("connection")
    keeps: dict[str | None, Retention] = {name: _retention(body) for name, body in partners.items()}
    keeps |= {partner.name: partner.retention for partner in directory.partners}
    keeps[None] = Retention()
    senders = {name: tuple(json.loads(body).get("senders", ())) for name, body in connections.items()}
    senders |= {each.name: each.senders for each in directory.connections}
    longest = max(keep.payloads for keep in keeps.values())
    return [
        Whose(name, keep, longest, [each for each, may_send in senders.items() if _owner(may_send) == name])
        for name, keep in keeps.items()
    ]


def _retention(body: str) -> Retention:
    """What a profile says of it, whatever release wrote it."""
    return Retention.model_validate(json.loads(body).get("retention", {}))


def _owner(senders: tuple[str, ...]) -> str | None:
    """Whose alone a connection is; of nobody, those of several or none."""
    return senders[0] if len(senders) == 1 else None
