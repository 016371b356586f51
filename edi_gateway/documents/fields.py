"""Fields: what a kind of document has, by its model; a name that it does not have is told, where JSON alone would drop it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.inspect import IntType, NoneType, StructType, Type, UnionType, VarTupleType, type_info

from edi_gateway.documents.catalog import KINDS
from edi_gateway.errors import WrongInput
from edi_gateway.wording import count, did_you_mean

_MOST_DIGITS = 6  # no document has a million of anything
_LIKE = "write it like lines.0.quantity=12"


def set_field(kind: str, body: Any, path: str, value: str) -> None:
    """Sets one field of a document in JSON, ``lines.0.quantity``, also one that was left out because it had nothing to say.

    Raises WrongInput for a field that the model of ``kind`` does not have, and for an entry that a list does not have.
    """
    at, of = body, _model(kind)
    *inner, last = path.split(".")
    for step in inner:
        key, of = _step(at, of, step, path)
        if isinstance(at, dict) and at.get(key) is None:
            at[key] = [] if isinstance(of, VarTupleType) else {}
        at = at[key]
    key, of = _step(at, of, last, path)
    is_whole = isinstance(of, IntType) and value.isdecimal() and value.isascii() and len(value) <= _MOST_DIGITS
    at[key] = int(value) if is_whole else value


def unknown_fields(kind: str, body: Any) -> list[WrongInput]:
    """A mistake for each name in a document's JSON that the model of ``kind`` does not have."""
    return list(_unknown(_model(kind), body, ""))


def _unknown(of: Type, at: Any, path: str) -> Iterator[WrongInput]:
    if isinstance(of, StructType) and isinstance(at, dict):
        known = _fields(of)
        for name, value in at.items():
            if name in known:
                yield from _unknown(known[name], value, f"{path}{name}.")
            else:
                yield _no_field(name, known, f"{path}{name}")
    elif isinstance(of, VarTupleType) and isinstance(at, list):
        for place, each in enumerate(at):
            yield from _unknown(_given(of.item_type), each, f"{path}{place}.")


def _step(at: Any, of: Type, step: str, path: str) -> tuple[Any, Type]:
    """The key one step further, and what stands there."""
    if isinstance(of, StructType) and isinstance(at, dict):
        known = _fields(of)
        if step not in known:
            raise _no_field(step, known, path)
        return step, known[step]
    if isinstance(of, VarTupleType) and isinstance(at, list):
        if step.isdecimal() and len(step) <= _MOST_DIGITS and int(step) < len(at):
            return int(step), _given(of.item_type)
        there = f"there {'is' if len(at) == 1 else 'are'} {count(len(at), 'entry', 'entries')}, the first is 0"
        raise WrongInput(f"'{step}' names no field of the document", where=path, do=f"{there}; {_LIKE}")
    raise WrongInput(f"'{step}' names no field of the document", where=path, do=_LIKE)


def _no_field(name: str, known: dict[str, Type], path: str) -> WrongInput:
    return WrongInput(f"'{name}' names no field of the document", where=path, do=did_you_mean(name, known, most=len(known)))


def _fields(of: StructType) -> dict[str, Type]:
    return {each.encode_name: _given(each.type) for each in of.fields}


def _model(kind: str) -> Type:
    return type_info(KINDS[kind])


def _given(of: Type) -> Type:
    """What stands in a field where it is given: ``Party | None`` is a party."""
    if not isinstance(of, UnionType):
        return of
    return next(each for each in of.types if not isinstance(each, NoneType))
