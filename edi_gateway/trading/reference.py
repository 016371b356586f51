"""The reference of partner files, made from the models that read them, so that the two cannot disagree."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from edi_gateway.trading.alerts import Alerts
from edi_gateway.trading.base import Terms
from edi_gateway.trading.connector import FolderConnector, PythonConnector, RestConnector, SimulatorConnector
from edi_gateway.trading.profile import (
    As2Connection,
    FolderConnection,
    MailboxConnection,
    Ourselves,
    SftpConnection,
    TradingPartner,
)
from edi_gateway.trading.rate import Rate
from edi_gateway.trading.scalars import MARK_NAMES, read_mark, write_duration
from edi_gateway.trading.words import models_in
from edi_gateway.x12.envelope import Identity

_FILES: tuple[tuple[str, type[Terms]], ...] = (
    ("partners/NAME/partner.yaml", TradingPartner),
    ("partners/_ourselves.yaml", Ourselves),
    ("partners/connections/NAME.yaml, kind: mailbox", MailboxConnection),
    ("partners/connections/NAME.yaml, kind: sftp", SftpConnection),
    ("partners/connections/NAME.yaml, kind: as2", As2Connection),
    ("partners/connections/NAME.yaml, kind: folder", FolderConnection),
    ("partners/alerts.yaml", Alerts),
    ("partners/connectors/NAME.yaml, kind: simulator", SimulatorConnector),
    ("partners/connectors/NAME.yaml, kind: folder", FolderConnector),
    ("partners/connectors/NAME.yaml, kind: rest", RestConnector),
    ("partners/connectors/NAME.yaml, kind: python", PythonConnector),
)
_PLAIN = {
    bool: "yes or no",
    int: "whole number",
    Decimal: "number",
    timedelta: "duration: 90m, 24h, 2d",
    Identity: "QUALIFIER:ID",
    Rate: "rate: 60/1m",
    str: "text",
    date: "date: 2026-11-26",
    time: "time: 08:00",
}
_HEAD = """\
# Partner files

<!-- Written by tools/document_profiles from the models in edi_gateway/trading/; change those and run it again. -->

Every word of the files in `partners/`. What they mean together is told in [Partners](../partners.md). A word that is not in
these tables is a mistake, and `edi-gateway partner check` tells all mistakes at once, each with its line.
"""


def reference() -> str:
    """The page ``docs/reference/partner-profile.md``."""
    parts = [_HEAD]
    told: set[type[BaseModel]] = set()
    for file, model in _FILES:
        parts.append(f"## `{file}`\n")
        parts += _sections(model, told)
    parts.append(_marks())
    return "\n".join(parts).rstrip() + "\n"


def models() -> list[type[BaseModel]]:
    """Every model of the files, those inside others too, each once."""
    found: list[type[BaseModel]] = []
    _gather([model for _, model in _FILES], found)
    return found


def _gather(models: Iterable[type[BaseModel]], found: list[type[BaseModel]]) -> None:
    for model in models:
        if model not in found:
            found.append(model)
            _gather([inner for field in model.model_fields.values() for inner in models_in(field.annotation)], found)


def _sections(model: type[BaseModel], told: set[type[BaseModel]], inside: bool = False) -> Iterator[str]:
    """A model's table, then those of the models inside it, each once."""
    if model in told:
        return
    told.add(model)
    if inside:
        yield f"### {model.__name__}\n"
    yield f"{_prose(model)}\n"
    yield words_table(model)
    for field in model.model_fields.values():
        for inner in models_in(field.annotation):
            yield from _sections(inner, told, inside=True)


def _prose(model: type[BaseModel]) -> str:
    text = " ".join((model.__doc__ or "").split())
    return text.replace("``", "`")


def words_table(model: type[BaseModel], without: Collection[str] = ()) -> str:
    """The words of a model as a table of Markdown, but for some."""
    rows = ["| word | value | default | meaning |", "|---|---|---|---|"]
    for name, field in ((name, field) for name, field in model.model_fields.items() if name not in without):
        value = _cell(_value(field.annotation, tuple(field.metadata)))
        rows.append(f"| `{name}` | {value} | {_cell(_default(field))} | {_cell(field.description or '')} |")
    return "\n".join(rows) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _value(annotation: Any, metadata: tuple[Any, ...] = ()) -> str:
    """How a value is written, in words."""
    if any(getattr(each, "func", None) is read_mark for each in metadata):
        return "[mark](#marks-by-name)"
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        return _value(inner, tuple(more))
    if inside := models_in(annotation):
        link = " or ".join(f"[{model.__name__}](#{model.__name__.lower()})" for model in inside)
        return f"list of {link}" if get_origin(annotation) is tuple else link
    if get_origin(annotation) is Literal:
        return ", ".join(f"`{each}`" for each in get_args(annotation))
    if get_origin(annotation) is tuple:
        return f"list of {_value(get_args(annotation)[0])}"
    if get_origin(annotation) is dict:
        key, value = get_args(annotation)
        return f"{_value(key)} → {_value(value)}"
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return ", ".join(f"`{each.value}`" for each in annotation)
    if annotation is Any:
        return "field map"
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    return " or ".join(_value(each) for each in get_args(annotation) if each is not NoneType)


def _default(field: FieldInfo) -> str:
    default = field.default
    if field.is_required():
        return "required"
    if default is PydanticUndefined or default in (None, "", ()):
        return "none"
    if isinstance(default, Terms):
        return "all defaults"
    if isinstance(default, bool):
        return "yes" if default else "no"
    if isinstance(default, timedelta):
        return f"`{write_duration(default)}`"
    if isinstance(default, time):
        return f"`{default:%H:%M}`"
    if isinstance(default, tuple):
        return ", ".join(f"`{each}`" for each in default)
    return f"`{default}`"


_MARKS = """\
## Marks by name

A delimiter is written as the character itself, as its byte in hex (`0x1C`), or by one of these names. Letters, digits and the
blank cannot be delimiters, and no two may be the same.

| name | byte |
|---|---|
"""


def _marks() -> str:
    return _MARKS + "\n".join(f"| `{name}` | 0x{ord(mark):02X} |" for name, mark in MARK_NAMES.items())
