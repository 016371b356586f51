"""What pydantic found wrong in a file, said the way a person mends it: at the line of the word, with what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, get_args

from pydantic import BaseModel, ValidationError

from edi_gateway.errors import WrongInput
from edi_gateway.plainyaml import Fields, Items, Plain, Text
from edi_gateway.wording import did_you_mean

Place: TypeAlias = tuple[str | int, ...]
"""The way from the top of a file to a value: ``("agreements", 2, "map")``."""


def place(plain: Plain, loc: Place) -> str:
    """``file:line`` of a place, or of the nearest thing around it that was written."""
    return _nearest(plain, loc)[0]


def _nearest(plain: Plain, loc: Place) -> tuple[str, str]:
    """Where the nearest thing written stands, and the last key on the way to it."""
    where, word, here = plain.where, "", plain
    for part in loc:
        if isinstance(here, Fields) and (key := next((each for each in here if each == part), None)) is not None:
            where, word, here = key.where, str(key), here[key]
        elif isinstance(here, Items) and isinstance(part, int) and part < len(here):
            here = here[part]
            where = here.where
        elif not (isinstance(here, Fields) and here.get(Text("kind")) == part):  # what pydantic puts in for one of several models
            break
    return where, word


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """The models inside an annotation: ``tuple[Agreement, ...]`` holds Agreement."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in models_in(inner)]


def mistakes(error: ValidationError, plain: Plain, model: type[BaseModel]) -> list[WrongInput]:
    """Each thing pydantic found, with its line in ``plain``, the file that was validated as ``model``."""
    found = error.errors(include_url=False)
    return [_mistake(dict(each), plain, model) for each in found if not _follows(each["type"], each["loc"], found)]


def _follows(kind: str, loc: Place, found: Iterable[Mapping[str, Any]]) -> bool:
    """A list is not too short by itself when pydantic dropped the wrong entries it has."""
    return kind == "too_short" and any(len(each["loc"]) > len(loc) and each["loc"][: len(loc)] == loc for each in found)


def _mistake(each: Mapping[str, Any], plain: Plain, model: type[BaseModel]) -> WrongInput:
    loc: Place = each["loc"]
    where, word = _nearest(plain, loc)
    if each["type"] == "missing":
        return WrongInput(f"'{loc[-1]}' is missing", where=where)
    if each["type"] == "extra_forbidden":
        known = _model_at(model, loc[:-1]).model_fields
        return WrongInput(f"'{loc[-1]}' is not known here", where=where, do=did_you_mean(str(loc[-1]), known))
    what, do = _phrase(each, word)
    return WrongInput(what.removeprefix(": "), where=where, do=do)


def _phrase(each: Mapping[str, Any], word: str) -> tuple[str, str | None]:
    kind, given = each["type"], each["input"]
    if kind in {"literal_error", "enum"}:
        return f"{word}: '{given}' is not known", did_you_mean(str(given), _choices(each["ctx"]["expected"]))
    if kind == "value_error":
        return f"{word}: {each['ctx']['error']}", None
    if kind == "too_short":
        return f"{word}: at least one entry is wanted", None
    if kind == "tuple_type":
        return f"{word}: a list is wanted", "write one entry a line, each after '- '"
    if kind in {"model_type", "dict_type", "model_attributes_type"}:
        return f"{word}: words with values are wanted, not '{given}'", None
    return f"{word}: '{given}' will not do: {each['msg'][0].lower()}{each['msg'][1:]}", None


def _choices(expected: str) -> list[str]:
    """``'a', 'b' or 'c'``, as pydantic lists them."""
    return [part.strip().strip("'") for part in expected.replace("' or '", "', '").split("', '")]


def _model_at(model: type[BaseModel], loc: Place) -> type[BaseModel]:
    among = [model]
    for part in loc:
        field = among[0].model_fields.get(str(part))
        of_kind = [each for each in among if _kind_of(each) == part]
        among = of_kind or (models_in(field.annotation) if field else []) or among
    return among[0]


def _kind_of(model: type[BaseModel]) -> str | None:
    """The ``kind`` that tells a model from others in its place."""
    field = model.model_fields.get("kind")
    return next(iter(get_args(field.annotation)), None) if field else None
