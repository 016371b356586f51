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

    An empty ``value`` empties it, where the model allows that it says nothing. Raises WrongInput for a field that the model of
    ``kind`` does not have, for an entry that a list does not have, and for what is no value of that field as far as that is seen
    by itself.
    """
    at, of = body, _model(kind)
    *inner, last = path.split(".")
    for step in inner:
        key, of = _step(at, _given(of), step, path)
        if isinstance(at, dict) and at.get(key) is None:
            at[key] = [] if isinstance(_given(of), VarTupleType) else {}
        at = at[key]
    key, of = _step(at, _given(of), last, path)
    at[key] = None if not value and _may_be_empty(of) else _value(of, value, path)


def _value(of: Type, value: str, path: str) -> str | int:
    """What stands in JSON for what somebody typed."""
    match _given(of):
        case StructType() as parts:
            raise WrongInput("has fields of its own", where=path, do=f"name one of them: {', '.join(sorted(_fields(parts)))}")
        case VarTupleType():
            raise WrongInput("is a list", where=path, do=_LIKE)
        case IntType() if not (value.isdecimal() and value.isascii() and len(value) <= _MOST_DIGITS):
            emptied = "; with nothing behind the sign it is emptied" if _may_be_empty(of) else ""
            said = f"'{value}' is no whole number of up to {_MOST_DIGITS} digits"
            raise WrongInput(said, where=path, do=f"write it like 12{emptied}")
        case IntType():
            return int(value)
        case _:
            return value


def unknown_fields(kind: str, body: Any) -> list[WrongInput]:
    """A mistake for each name in a document's JSON that the model of ``kind`` does not have."""
    return list(_unknown(_model(kind), body, ""))


def _unknown(of: Type, at: Any, path: str) -> Iterator[WrongInput]:
    if isinstance(of, StructType) and isinstance(at, dict):
        known = _fields(of)
        for name, value in at.items():
            if name in known:
                yield from _unknown(_given(known[name]), value, f"{path}{name}.")
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
            return int(step), of.item_type
        there = f"there {'is' if len(at) == 1 else 'are'} {count(len(at), 'entry', 'entries')}, the first is 0; {_LIKE}"
        none = "it has no entry; give the whole document to add one"
        raise WrongInput(f"'{step}' names no field of the document", where=path, do=there if at else none)
    raise WrongInput(f"'{step}' names no field of the document", where=path, do=_LIKE)


def _no_field(name: str, known: dict[str, Type], path: str) -> WrongInput:
    return WrongInput(f"'{name}' names no field of the document", where=path, do=did_you_mean(name, known, most=len(known)))


def _fields(of: StructType) -> dict[str, Type]:
    return {each.encode_name: each.type for each in of.fields}


def _model(kind: str) -> Type:
    return type_info(KINDS[kind])


def _may_be_empty(of: Type) -> bool:
    """Whether a field may say nothing, as ``Party | None`` may; a text says nothing by being empty."""
    return isinstance(of, UnionType) and any(isinstance(each, NoneType) for each in of.types)


def _given(of: Type) -> Type:
    """What stands in a field where it is given: ``Party | None`` is a party."""
    if not isinstance(of, UnionType):
        return of
    return next(each for each in of.types if not isinstance(each, NoneType))
