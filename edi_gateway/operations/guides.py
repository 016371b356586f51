"""Maps held against the guides of the same agreements: the rule that checking, applying and putting a profile have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from edi_gateway.errors import Collected, WrongInput
from edi_gateway.mapping.library import Library
from edi_gateway.trading.directory import Directory
from edi_gateway.x12.guide import Guide

_Look: TypeAlias = Callable[[str, Guide], list[WrongInput]]


def hold_against_guides(directory: Directory, library: Library, partner: str = "") -> None:
    """Raises Collected with what guides require and no line of the map makes: every such document would be held.

    ``partner`` is the only one whose agreements are looked at; a map the library has not is left out.
    """
    if mistakes := list(_found(directory, library, library.lacks, partner)):
        raise Collected(mistakes)


def against_guides(directory: Directory, library: Library) -> list[WrongInput]:
    """What maps write that guides do not take: worth a note, and no mistake, for it may never be there to write."""
    return list(_found(directory, library, library.against))


def _found(directory: Directory, library: Library, look: _Look, only: str = "") -> Iterator[WrongInput]:
    known = set(library.names())
    for partner in directory.partners:
        if only not in ("", partner.name):
            continue
        agreed = {(each.map, each.guide): each for each in partner.agreements if each.direction == "out" and each.guide}
        for agreement in agreed.values():
            guide = directory.guide(partner, agreement)
            for found in look(agreement.map, guide) if guide and agreement.map in known else ():
                yield WrongInput(f"{found.what} ({partner.name})", where=found.where, do=found.do)
