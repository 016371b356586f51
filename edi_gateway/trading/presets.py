"""Presets: whole partners to begin from. The folder ``presets/`` is laid out as ``partners/`` is, and is checked like it.

``copy_preset`` makes one a partner of ours, comments and sources included: its profile, its guides, the connection it comes by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from edi_gateway.errors import WrongInput
from edi_gateway.trading.files import read, read_connection
from edi_gateway.trading.loader import COMPLIANCE, CONNECTIONS, PARTNER, partner_folders
from edi_gateway.trading.profile import TradingPartner
from edi_gateway.wording import did_you_mean

_SAYS = re.compile(r"# Preset: (.+)")
_NAME = re.compile(r"[a-z][a-z0-9-]*")


class Preset(NamedTuple):
    """One preset: its folder's name, its title, what it shows in a sentence, and the connection it comes by."""

    name: str
    title: str
    says: str
    connection: str


class _Copied(NamedTuple):
    """One file to be written, and the text that is to stand in it."""

    path: Path
    text: str


def presets(folder: Path) -> tuple[Preset, ...]:
    """Every preset in a folder, by name. Raises WrongInput where there is no such folder, Collected for a wrong profile."""
    if not folder.is_dir():
        raise WrongInput("is no folder", where=str(folder), do="name the folder with the presets")
    return tuple(_preset(each) for each in partner_folders(folder))


def copy_preset(
    folder: Path, preset: str, partners: Path, *, name: str = "", words: Mapping[str, str] | None = None
) -> tuple[Path, ...]:
    """Makes a preset a partner in ``partners``, and returns the files written.

    ``name`` is what the partner is to be called, if not as the preset. ``words`` replaces words at the top of its profile, each
    with a value as YAML has it: ``{"title": "Acme Stores", "interchange": "[ZZ:ACMESTORES]", "group": "[ACMESTORES]"}``. Unless
    they name another ``connection``, the preset's is copied: one that several presets share keeps its name, one of its own is
    called after the partner. A connection that is there already lets the partner in too. Nothing else is overwritten: raises
    WrongInput for a partner or a connection of its own that is there already, a preset that is not, and a name that is none.
    """
    known = [each.name for each in partner_folders(folder)] if folder.is_dir() else []
    if preset not in known:
        raise WrongInput(f"there is no preset '{preset}'", where=str(folder), do=did_you_mean(preset, known))
    name = name or preset
    if not _NAME.fullmatch(name):
        raise WrongInput(f"'{name}' cannot be a partner's name", do="use small letters, digits and hyphens, a letter first")
    if (partners / name).exists():
        raise WrongInput(f"there is a partner '{name}' already", where=str(partners / name), do="give the new one another name")
    copied = list(_copied(folder, preset, partners, name, dict(words or {})))
    for path, text in copied:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tuple(path for path, _ in copied)


def _preset(folder: Path) -> Preset:
    source = read(folder / PARTNER, TradingPartner)
    says = _SAYS.match((folder / PARTNER).read_text(encoding="utf-8"))
    return Preset(source.value.name, source.value.title, says[1] if says else "", source.value.connection)


def _copied(folder: Path, preset: str, partners: Path, name: str, words: dict[str, str]) -> Iterator[_Copied]:
    if "connection" in words:
        there = partners / CONNECTIONS / f"{words['connection']}.yaml"
        if there.exists():
            yield _let_in(there, name)
    else:
        connection = _connection(folder, preset, partners, name)
        words["connection"] = connection.path.stem
        yield connection
    text = (folder / preset / PARTNER).read_text(encoding="utf-8")
    for word, value in {"name": name, **words}.items():
        text = _replaced(text, word, value)
    yield _Copied(partners / name / PARTNER, text)
    if (pack := folder / preset / COMPLIANCE).exists():
        yield _Copied(partners / name / COMPLIANCE, pack.read_text(encoding="utf-8"))
    for guide in sorted((folder / preset / "guides").glob("*.yaml")):
        yield _Copied(partners / name / "guides" / guide.name, guide.read_text(encoding="utf-8"))


def _connection(folder: Path, preset: str, partners: Path, name: str) -> _Copied:
    """The preset's connection: one it shares under the same name, its own under the partner's."""
    profile = read(folder / preset / PARTNER, TradingPartner).value
    path = folder / CONNECTIONS / f"{profile.connection}.yaml"
    connection, text = read_connection(path).value, path.read_text(encoding="utf-8")
    if connection.senders != (preset,):
        shared = partners / CONNECTIONS / path.name
        return _let_in(shared, name) if shared.exists() else _Copied(shared, _replaced(text, "senders", f"[{name}]"))
    own = connection.name.replace(preset, name)
    target = partners / CONNECTIONS / f"{own}.yaml"
    if target.exists():
        raise WrongInput(f"there is a connection '{own}' already", where=str(target), do="name the connection to use instead")
    text = _replaced(_replaced(text, "name", own), "senders", f"[{name}]")
    return _Copied(target, _replaced(text, "account", name) if connection.kind == "mailbox" else text)


def _let_in(path: Path, name: str) -> _Copied:
    """A connection that is there, with one more sender."""
    senders = list(dict.fromkeys([*read_connection(path).value.senders, name]))
    return _Copied(path, _replaced(path.read_text(encoding="utf-8"), "senders", f"[{', '.join(senders)}]"))


def _replaced(text: str, word: str, value: str) -> str:
    """The text with another value for a word at its top; what was said of the old one, behind it or on lines below, goes too."""
    found = re.search(rf"^{word}:(?P<value>[^#\n]*).*\n(?:[ -].*\n)*", text, re.MULTILINE)
    if found is None:
        return f"{text.rstrip()}\n{word}: {value}\n"
    if found["value"].strip() == value:
        return text
    return text[: found.start()] + f"{word}: {value}\n" + text[found.end() :]
