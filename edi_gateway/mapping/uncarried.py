"""What of a document a writing map does not carry: fields with data that no line of it writes.

Worked out once for a release as a tree of who writes what; a document is then walked beside it. Extras are segments of another
set and are never written; what a map says it ignores is not told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from edi_gateway.documents.base import Value
from edi_gateway.mapping.conversions import ListConversion
from edi_gateway.mapping.rules import Conditions, FieldPath, Rule, Scope
from edi_gateway.mapping.types import fields
from edi_gateway.mapping.view import View
from edi_gateway.mapping.writing_runtime import has


@dataclass(frozen=True)
class _Writer:
    """One way a field is written: by a rule, or part by part by a scope (``inner``), where its conditions hold.

    ``when`` looks at the part around, ``each_when`` at every one of many.
    """

    when: Conditions = ()
    each_when: Conditions = ()
    before: tuple[FieldPath, ...] = ()  # alternatives that come first
    inner: _Part | None = None
    conversion: ListConversion | None = None


@dataclass
class _Part:
    """Who writes the fields of one document part; a path of several names leads into parts written with those around."""

    writers: dict[FieldPath, list[_Writer]] = field(default_factory=dict)


class Uncarried:
    """``of`` tells the fields of a document that its map, in one release, leaves out."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._ignored = {path for path, _ in view.ignored.fields}
        self._top = self._part(view.top)

    def of(self, document: Value) -> list[str]:
        """The paths of fields with data that are not written, such as ``lines[0].taxes``."""
        return list(self._walk(document, document, self._top, (), "", ()))

    # --- who writes what --------------------------------------------------------------------------------------------------

    def _part(self, maker: Scope) -> _Part:
        part = _Part()
        self._gather(maker, part, ())
        return part

    def _gather(self, scope: Scope, part: _Part, when: Conditions) -> None:
        if not self._view.possible(scope):
            return
        for tap in self._view.taps(scope):
            if self._view.has(scope, tap.place.segment) or scope.pairs_from is not None:
                self._rule(tap.rule, part, when)
        for child in scope.scopes:
            if not self._view.possible(child):
                continue
            if child.makes:
                inner = self._part(child)
                conversion = self._view.list_conversion(child)
                writer = _Writer(when, child.when, (), inner, conversion)
                part.writers.setdefault(child.field, []).append(writer)
            else:
                self._gather(child, part, when + child.when)

    def _rule(self, rule: Rule, part: _Part, when: Conditions) -> None:
        for rank, path in enumerate(rule.fields):
            part.writers.setdefault(path, []).append(_Writer(when + rule.when, (), rule.fields[:rank]))

    # --- a document beside it ---------------------------------------------------------------------------------------------

    def _walk(self, value: Value, around: Value, part: _Part, path: FieldPath, at: str, known: FieldPath) -> Iterator[str]:
        """``path`` leads from ``around``, whose writers ``part`` holds, to ``value``; ``known`` is its path in the document."""
        for name, found in fields(type(value)).items():
            content, inner, here = getattr(value, name), (*path, name), (*known, name)
            if name == "extras" or here in self._ignored or not has(content) or content == found.default:
                continue
            where = f"{at}.{name}" if at else name
            writers = [one for one in part.writers.get(inner, ()) if _holds(one, around)]
            if any(one.inner is None for one in writers):
                continue
            if found.many and writers:
                yield from self._many(content, writers, where, here)
            elif writers:
                yield from self._one(content, writers, where, here)
            elif found.part is not None and not found.many and any(known[: len(inner)] == inner for known in part.writers):
                yield from self._walk(content, around, part, inner, where, here)
            else:
                yield where

    def _one(self, content: Value, writers: list[_Writer], where: str, known: FieldPath) -> Iterator[str]:
        left = [self._left(content, one, where, known) for one in writers if _takes(one, content)]
        yield from sorted(set.intersection(*left)) if left else (where,)

    def _many(self, content: tuple[Any, ...], writers: list[_Writer], where: str, known: FieldPath) -> Iterator[str]:
        """Each part is carried by those writers that take it, and of each field by any of them."""
        for number, one in enumerate(content):
            here = f"{where}[{number}]"
            left = [self._left(one, writer, here, known) for writer in writers if _takes(writer, one)]
            if not left:
                yield here
            else:
                yield from sorted(set.intersection(*left))

    def _left(self, one: Value, writer: _Writer, here: str, known: FieldPath) -> set[str]:
        part = writer.inner or _Part()
        if writer.conversion is None:
            return set(self._walk(one, one, part, (), here, known))
        told = set(writer.conversion.tells)
        plain = {
            f"{here}.{name}"
            for name, found in fields(type(one)).items()
            if name not in told and (*known, name) not in self._ignored and has(getattr(one, name))
            if getattr(one, name) != found.default
        }
        for converted in writer.conversion.write((one,)):
            within = f"{here} ({writer.conversion.name})"
            plain |= set(self._walk(converted, converted, part, (), within, known))
        return plain


def _takes(writer: _Writer, one: Value) -> bool:
    if writer.conversion is not None and not writer.conversion.takes(one):
        return False
    return all(_met(one, path, values) for path, values in writer.each_when)


def _holds(writer: _Writer, around: Value) -> bool:
    met = all(_met(around, path, values) for path, values in writer.when)
    return met and not any(has(_at(around, path)) for path in writer.before)


def _met(value: Value, path: FieldPath, values: tuple[str, ...]) -> bool:
    found = _at(value, path)
    return str(found) in values if values else has(found)


def _at(value: Any, path: FieldPath) -> Any:
    for name in path:
        value = getattr(value, name) if value is not None else None
    return value
