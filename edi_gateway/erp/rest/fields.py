"""Field maps: what is made on the left, where it comes from on the right, for JSON of any shape, both ways.

    reference: id                                    a path
    currency: {is: USD}                              this very text
    status: {from: state, codes: {OK: accepted}}     one for the other; what is not listed stays as it is
    quantity: {from: qty, as: number}                a number in the JSON we make (what we read is converted by itself)
    lines: {each: items, fields: {sku: article}}     an entry for each entry there
    buyer: {from: parties[role=BY], fields: …}       a part
    address: {street: $.ship_to.street}              an object; $ is the whole source, not the part we are in

A path is names with dots; ``[2]`` takes an entry of a list (from 0), ``[role=BY]`` the first that has this value, ``.`` the thing
itself. What is not there is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from edi_gateway.errors import WrongInput

WORDS = {"from", "each", "is", "fields", "codes", "as", "default"}
Make: TypeAlias = Callable[[Any, Any], Any]  # the whole source, the part we are in
_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]|\[([^\[\]=]+)=([^\[\]]*)\]")


def compiled(spec: object, where: str) -> Callable[[Any], Any]:
    """A function that makes what ``spec`` says out of a source. Raises WrongInput for a word or path it does not know."""
    make = _make(spec, where)
    return lambda source: make(source, source)


def _make(spec: object, where: str) -> Make:
    if isinstance(spec, str):
        return _path(spec, where)
    if not isinstance(spec, Mapping):
        raise WrongInput(f"'{spec}' is neither a path nor words with values", where=_where(spec, where))
    if not spec.keys() & WORDS:
        return _object(spec, where)
    unknown = sorted(spec.keys() - WORDS)
    if unknown:
        advice = "put fields of such names under fields:"
        raise WrongInput(f"'{unknown[0]}' stands among words of the map", where=_where(spec, where), do=advice)
    return _by_words(spec, _where(spec, where))


def _by_words(spec: Mapping[str, Any], where: str) -> Make:
    inner = _object(spec["fields"], where) if "fields" in spec else None
    if "each" in spec:
        return _each(_path(spec["each"], where), inner)
    if "is" in spec:
        text = str(spec["is"])
        return _finished(lambda _whole, _part: text, spec, where)
    path = _path(spec.get("from", "."), where)
    if inner is None:
        return _finished(path, spec, where)
    made = inner
    return lambda whole, part: None if (found := path(whole, part)) is None else made(whole, found)


def _object(spec: Any, where: str) -> Make:
    if not isinstance(spec, Mapping):
        raise WrongInput("'fields' wants names with values", where=where)
    makers = [(str(name), _make(value, where)) for name, value in spec.items()]

    def make(whole: Any, part: Any) -> dict[str, Any]:
        values = ((name, maker(whole, part)) for name, maker in makers)
        return {name: value for name, value in values if value is not None}

    return make


def _each(path: Make, inner: Make | None) -> Make:
    def make(whole: Any, part: Any) -> list[Any] | None:
        found = path(whole, part)
        if found is None:
            return None
        entries = found if isinstance(found, list | tuple) else [found]
        return [inner(whole, entry) if inner else entry for entry in entries]

    return make


def _finished(make: Make, spec: Mapping[str, Any], where: str) -> Make:
    """With its codes, its default and its form."""
    codes, default, form = spec.get("codes"), spec.get("default"), _form(spec.get("as", "text" if "is" in spec else ""), where)
    if codes is not None and not isinstance(codes, Mapping):
        raise WrongInput("'codes' wants values with values", where=where)
    exchanged = {str(theirs): str(ours) for theirs, ours in (codes or {}).items()}

    def finish(whole: Any, part: Any) -> Any:
        value = make(whole, part)
        if value is not None:
            value = exchanged.get(str(value), value)
        if value is None and default is not None:
            value = str(default)
        return None if value is None else form(value)

    return finish


def _form(name: str, where: str) -> Callable[[Any], Any]:
    forms: dict[str, Callable[[Any], Any]] = {"": lambda value: value, "text": str, "number": _number, "flag": _flag}
    if name not in forms:
        raise WrongInput(f"as: '{name}' is not known", where=where, do="one of: text, number, flag")
    return forms[name]


def _number(value: Any) -> Any:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise WrongInput(f"'{value}' is no number")
    return found


def _flag(value: Any) -> bool:
    return value if isinstance(value, bool) else str(value).lower() in {"true", "yes", "1", "x"}


def _path(text: Any, where: str) -> Make:
    whole_source, rest = (True, str(text)[1:]) if str(text).startswith("$") else (False, str(text))
    steps = _steps(rest, where)

    def find(whole: Any, part: Any) -> Any:
        here = whole if whole_source else part
        for step in steps:
            here = step(here)
            if here is None:
                return None
        return here

    return find


def _steps(text: str, where: str) -> list[Callable[[Any], Any]]:
    if text in ("", "."):
        return []
    steps: list[Callable[[Any], Any]] = []
    at = 0
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None:
            raise WrongInput(f"'{text}' is no path", where=where, do="write one such as lines[0].item or parties[role=BY].id")
        steps.append(_step(*found.groups()))
        at = found.end()
    return steps


def _step(name: str | None, place: str | None, key: str | None, value: str | None) -> Callable[[Any], Any]:
    if name is not None:
        return lambda here: here.get(name) if isinstance(here, Mapping) else None
    if place is not None:
        number = int(place)
        return lambda here: here[number] if isinstance(here, list | tuple) and number < len(here) else None
    return lambda here: next(
        (entry for entry in _entries(here) if isinstance(entry, Mapping) and str(entry.get(key)) == value),
        None,
    )


def _entries(here: Any) -> list[Any] | tuple[Any, ...]:
    return here if isinstance(here, list | tuple) else ()


def _where(spec: object, where: str) -> str:
    return str(getattr(spec, "where", where))
