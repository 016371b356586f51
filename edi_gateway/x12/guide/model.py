"""A guide as values: what one partner asks of a set beyond the standard, each rule with the line it was written on."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import msgspec

from edi_gateway.plainyaml import Fields, Items
from edi_gateway.x12.place import Place
from edi_gateway.x12.standard import TransactionSetDefinition


class Span(msgspec.Struct, frozen=True):
    """From ``least`` to ``most``, both included; ``most`` None: no limit."""

    least: int
    most: int | None

    def __str__(self) -> str:
        return str(self.most) if self.least == self.most else f"{self.least}-{'' if self.most is None else self.most}"

    def holds(self, number: int) -> bool:
        return self.least <= number and (self.most is None or number <= self.most)


class Codes(msgspec.Struct, frozen=True):
    """What becomes of a code list. ``only`` None: the standard's, with those added and without those removed."""

    only: frozenset[str] | None = None
    add: frozenset[str] = frozenset()
    remove: frozenset[str] = frozenset()

    def over(self, known: frozenset[str] | None) -> frozenset[str] | None:
        """The codes allowed where the standard knows these; None where there is no list at all."""
        if self.only is not None:
            return self.only
        return None if known is None else (known | self.add) - self.remove


class Rule(msgspec.Struct, frozen=True):
    """One line of a guide: a place, as written and read, and what is said of it; ``where`` is ``file:line``."""

    written: str
    place: Place
    where: str
    required: bool = False
    unused: bool = False
    repeat: Span | None = None
    length: Span | None = None
    codes: Codes | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The words it uses."""
        said = {"repeat": self.repeat, "length": self.length, "codes": self.codes}
        flags = {"required": self.required, "unused": self.unused}
        return (*(word for word, on in flags.items() if on), *(word for word, value in said.items() if value is not None))


@dataclass(frozen=True, eq=False)
class Guide:
    """What a partner asks of one set in some releases.

    ``hierarchies`` are the chains of levels an 856 may have, each from the shipment down (``("S", "O", "P", "I")``); none: any.
    ``canonical`` is the guide's content as JSON, the same for the same meaning; a guide read from it again is the same guide.
    """

    name: str
    set: str
    releases: tuple[str, ...]
    rules: tuple[Rule, ...]
    hierarchies: tuple[tuple[str, ...], ...] = ()
    title: str = ""
    version: str = ""
    source: str = ""
    canonical: str = ""
    file: str = "?"
    line_of: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"guide {self.name}"

    def is_for(self, definition: TransactionSetDefinition) -> bool:
        """Whether it can be laid over a definition."""
        return self.set == definition.set and definition.release in self.releases

    def at(self, word: str) -> str:
        """``file:line`` of one of the words at the top."""
        return self.line_of.get(word, f"{self.file}:1")


def canonical(plain: Fields) -> str:
    """The content without comments, order and spelling of YAML."""
    return json.dumps(_bare(plain), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _bare(plain: Any) -> Any:
    if isinstance(plain, Fields):
        return {str(key): _bare(value) for key, value in plain.items()}
    if isinstance(plain, Items):
        return [_bare(value) for value in plain]
    return str(plain)
