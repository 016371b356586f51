"""What a map writes of itself, held against the elements it is written to: its constants, and the codes of its code lists."""

from __future__ import annotations

from collections.abc import Iterable

from edi_gateway.mapping.errors import Mistakes
from edi_gateway.mapping.rules import WRITING, Rule
from edi_gateway.mapping.shape import element_at
from edi_gateway.mapping.view import View
from edi_gateway.x12.place import Place
from edi_gateway.x12.standard import ElementUse
from edi_gateway.x12.validation.characters import allowed
from edi_gateway.x12.validation.elements import reason
from edi_gateway.x12.validation.values import fault_of

_AGREED = "element.code"  # partners agree on codes the standard does not list: ``severities`` of a profile let them pass
_ALLOWED = allowed("extended", "")  # which characters a partner's delimiters leave is known with its envelope


def check_constants(view: View, mistakes: Mistakes) -> None:
    """Tells of every constant, and every code a list may make, that its element can hold in none of the releases.

    ``view`` is a map that writes, and nothing else is wrong with it.
    """
    for scope in view.top.walk():
        for tap in view.taps(scope) if view.possible(scope) else ():
            for text, said in _written(view, tap.rule):
                if fault := _fault(view, tap.place, text):
                    mistakes.add(f"{said}{tap.place}: {fault}", tap.rule.where)


def _written(view: View, rule: Rule) -> Iterable[tuple[str, str]]:
    """The texts a rule writes whatever the document says, each with what is to be said before it."""
    constant = view.default(rule)
    if constant:
        yield str(constant), ""
    if rule.codes is not None and rule.form == WRITING:
        listed = view.codes[rule.codes]
        for code in listed.codes.values():
            yield code, f"code list '{listed.name}' ({listed.where}): "


def _fault(view: View, place: Place, text: str) -> str | None:
    """What is wrong with a text at a place, if it is so in every release that has the place."""
    uses = [use for release in view.releases if (use := element_at(place, (release,))) is not None]
    faults = [_fault_of(use, text) for use in uses]
    return None if None in faults or not faults else faults[-1]


def _fault_of(use: ElementUse, text: str) -> str | None:
    kind = None if use.composite is not None else fault_of(use, text, _ALLOWED)
    return reason(kind, use, text) if kind and kind != _AGREED else None
