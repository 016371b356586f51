"""What a document part holds: its fields by name, their types, and which it cannot be without."""

from __future__ import annotations

import difflib
import types
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.errors import WrongInput
from edi_gateway.mapping.rules import FieldPath


@dataclass(frozen=True)
class FieldType:
    """A field: ``base`` is the plain type or document part inside any ``| None`` or ``tuple``; ``default`` its default."""

    name: str
    base: type
    many: bool
    optional: bool
    required: bool
    default: Any

    @property
    def part(self) -> type[Value] | None:
        """The document part it holds, or None where it is a plain value."""
        return self.base if issubclass(self.base, Value) else None


@cache
def fields(part: type[Value]) -> dict[str, FieldType]:
    """The fields of a document part, in the order declared."""
    hints = get_type_hints(part)
    return {info.name: _field(info, hints[info.name]) for info in msgspec.structs.fields(part)}


def field(part: type[Value], path: FieldPath) -> FieldType:
    """The field ``path`` leads to. Raises WrongInput for a name that is not there or cannot be gone through."""
    found = _named(part, path[0])
    for name in path[1:]:
        if found.part is None or found.many:
            raise WrongInput(f"'{found.name}' of {part.__name__} has no fields of its own to name one of")
        found = _named(found.part, name)
    return found


def plain_field(part: type[Value], path: FieldPath) -> FieldType:
    """The field ``path`` leads to, through lists as well: ``orders.packs.sscc``. Raises WrongInput like ``field``."""
    found = _named(part, path[0])
    for name in path[1:]:
        if found.part is None:
            raise WrongInput(f"'{found.name}' of {part.__name__} has no fields of its own to name one of")
        found = _named(found.part, name)
    return found


def _named(part: type[Value], name: str) -> FieldType:
    known = fields(part)
    if name not in known:
        close = difflib.get_close_matches(name, known, 1)
        raise WrongInput(
            f"{part.__name__} has no field '{name}'",
            do=f"did you mean '{close[0]}'?" if close else "it has: " + ", ".join(known),
        )
    return known[name]


def _field(info: msgspec.structs.FieldInfo, hint: Any) -> FieldType:
    optional = many = False
    if get_origin(hint) in (types.UnionType,):
        hint = next(arm for arm in get_args(hint) if arm is not type(None))
        optional = True
    if get_origin(hint) is tuple:
        hint, many = get_args(hint)[0], True
    return FieldType(info.name, hint, many, optional, info.required, None if info.required else info.default)
