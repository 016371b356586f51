"""What differs between what became of a document and what would become of it, in meaning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias, get_args

from edi_gateway.mapping.difference import changed_fields
from edi_gateway.operations.plan_side import Handled
from edi_gateway.x12 import comparison

How: TypeAlias = Literal[
    "identical", "formatting", "business change", "now fails", "now passes", "fails as before", "not replayed"
]
HOWS: tuple[How, ...] = get_args(How)
AS_BEFORE: tuple[How, ...] = ("identical", "fails as before", "not replayed")


class Difference(NamedTuple):
    """How a document would change, and where: one sentence each."""

    how: How
    lines: tuple[str, ...] = ()


def between(was: Handled, will: Handled) -> Difference:
    """How what a document comes to would change."""
    if was.fails and will.fails:
        return Difference("fails as before", (will.fails,) if was.fails == will.fails else _turned(was.fails, will.fails))
    if will.fails:
        return Difference("now fails", (will.fails,))
    if was.fails:
        return Difference("now passes", (f"failed: {was.fails}",))
    meaning = (*_in_document(was, will), *_in_set(was, will), *_in_what_is_said(was, will))
    if meaning:
        return Difference("business change", (*meaning, *_in_answers(was, will)))
    if was.payload != will.payload:
        return Difference("formatting", tuple(_in_form(was.payload, will.payload)))
    return Difference("identical")


def _turned(was: str, will: str) -> tuple[str, ...]:
    return (f"failed: {was}", f"would fail: {will}")


def _in_document(was: Handled, will: Handled) -> Iterator[str]:
    """Fields of what was read: ``ship_to.id: was 0423, would be 423``."""
    if was.document is None or will.document is None:
        return
    if type(was.document) is not type(will.document):
        yield f"it was a {type(was.document).__name__}, it would be a {type(will.document).__name__}"
        return
    for each in changed_fields(was.document, will.document):
        yield _changed(each.path, each.was, each.now)


def _in_set(was: Handled, will: Handled) -> Iterator[str]:
    """Elements of what is written: ``BAK03 Purchase Order Number: was 4711, would be 04711``."""
    if not was.payload or not will.payload:
        return
    for each in comparison.differences(was.payload, will.payload):
        place = " ".join(filter(None, (each.place, each.name))) or each.set
        yield _changed(place, each.one or None, each.other or None)


def _in_what_is_said(was: Handled, will: Handled) -> Iterator[str]:
    for name in dict.fromkeys((*was.said, *will.said)):
        before, after = was.said.get(name, ""), will.said.get(name, "")
        if before != after:
            yield _changed(name, before or None, after or None)


def _in_answers(was: Handled, will: Handled) -> Iterator[str]:
    """What the answers to a document that reads otherwise would say otherwise, by element, or why they would be held.

    Where it reads the same, the answers that went are replayed themselves.
    """
    for code in dict.fromkeys((*was.answers, *will.answers)):
        one, other = was.answers.get(code), will.answers.get(code)
        if one is None or other is None or one.fails != other.fails:
            yield _changed(f"its {code}", _fate(one), _fate(other))
        else:
            yield from (f"its {code}, {line}" for line in _in_set(one, other))


def _fate(answer: Handled | None) -> str:
    return "none" if answer is None else f"held: {answer.fails}" if answer.fails else "written"


def _in_form(was: bytes, will: bytes) -> Iterator[str]:
    """What of the form differs: the first bytes that do, in sight."""
    pairs = enumerate(zip(was, will, strict=False))
    at = next((place for place, (one, other) in pairs if one != other), min(len(was), len(will)))
    one, other = (body[max(at - 12, 0) : at + 12].decode("latin-1") for body in (was, will))
    yield f"from byte {at}: was {one!r}, would be {other!r}"


def _changed(place: str, was: object, now: object) -> str:
    if was is None:
        return f"{place}: would be new: {now}"
    return f"{place}: was {was}, would be {'missing' if now is None else now}"
