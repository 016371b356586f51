"""Writes the files of ``partners/`` from what is known: what is written reads back as the same profiles, defaults left out.

Comments are not kept anywhere but in the files themselves, so an export has none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from edi_gateway.trading.alerts import Alerts
from edi_gateway.trading.base import Terms
from edi_gateway.trading.compliance.reading import as_written
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.loader import ALERTS, COMPLIANCE, CONNECTIONS, CONNECTORS, OURSELVES, PARTNER


class File(NamedTuple):
    """One file: its path inside the folder, and its text."""

    path: str
    text: str


def files(directory: Directory) -> Iterator[File]:
    """The files that say what the directory says."""
    yield File(OURSELVES, _text({"identities": [_words(each) for each in directory.ourselves]}))
    for partner in directory.partners:
        yield File(f"{partner.name}/{PARTNER}", _text(_words(partner)))
    for connection in directory.connections:
        yield File(f"{CONNECTIONS}/{connection.name}.yaml", _text(_words(connection)))
    for connector in directory.connectors:
        yield File(f"{CONNECTORS}/{connector.name}.yaml", _text(_words(connector)))
    if directory.alerts != Alerts():
        yield File(ALERTS, _text(_words(directory.alerts)))
    for owner, pack in directory.packs.items():
        yield File(f"{owner}/{COMPLIANCE}", _text(as_written(pack)))
    for (owner, name), guide in directory.guides.items():
        yield File(f"{owner}/guides/{name}.yaml", _text(json.loads(guide.canonical)))


def file_text(plain: Any) -> str:
    """A profile given as plain values (JSON's) as the text of its file; references to secrets may be spelled either way."""
    return _text(plain)


def as_in_file(terms: Terms) -> dict[str, Any]:
    """A profile as its file says it, in plain values: defaults left out, secrets by reference."""
    plain: dict[str, Any] = _spelled(_words(terms))
    return plain


def _words(terms: Terms) -> Any:
    return terms.model_dump(mode="json", exclude_defaults=True)


def _text(plain: Any) -> str:
    return yaml.safe_dump(_spelled(plain), sort_keys=False, allow_unicode=True, width=120)


def _spelled(plain: Any) -> Any:
    """References to secrets as people write them: ``env:NAME``."""
    if isinstance(plain, dict):
        if plain.keys() == {"at"} and isinstance(plain["at"], str):
            return plain["at"]
        return {key: _spelled(value) for key, value in plain.items()}
    if isinstance(plain, list):
        return [_spelled(value) for value in plain]
    return plain
