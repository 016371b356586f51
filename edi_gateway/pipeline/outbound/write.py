"""Write: a document becomes the segments of a set by the map its agreement names, fit for what the partner can take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from edi_gateway.documents.base import Value
from edi_gateway.mapping.writing import WritingMap
from edi_gateway.trading.marks import Marks
from edi_gateway.trading.profile import Agreement, TradingPartner
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import Segment
from edi_gateway.x12.other_marks import in_other_marks
from edi_gateway.x12.repair import Repair, choose_delimiters, repair, separators_in_data

_NOT_IN_DATA = Delimiters("\x1d", "\x1f", "\x1c", "\x1e")  # as a map may separate components while delimiters are still chosen


class Written(NamedTuple):
    """A set between ST and SE, the delimiters it goes with, what was repaired in it, and where a delimiter stood in data."""

    segments: list[Segment]
    marks: Delimiters
    repairs: tuple[Repair, ...]
    in_data: tuple[str, ...]


def write(map_: WritingMap, document: Value, agreement: Agreement, partner: TradingPartner) -> Written:
    """Writes a document under an agreement. Raises what the map raises, and WrongInput where no delimiter is left to choose."""
    spell, terms = partner.repairs.spell, partner.marks_for(agreement)
    marks = terms.delimiters()
    if terms.in_data == "choose":
        marks = choose_delimiters(_spelled(_by(map_, document, agreement, _NOT_IN_DATA), spell), marks)
    segments = _by(map_, document, agreement, marks)
    fit, repairs = repair(
        segments,
        marks,
        characters=partner.characters,
        replacement=partner.repairs.replacement,
        release=agreement.release,
        spell=spell,
    )
    return Written(fit, marks, repairs, tuple(_in_data(_spelled(segments, spell), marks, agreement.release)))


def chosen_again(segments: list[Segment], written: Delimiters, terms: Marks, release: str) -> Delimiters | None:
    """The delimiters for what was ``written`` before, where they are chosen and others than the usual ones; else None."""
    if terms.in_data != "choose":
        return None
    marks = choose_delimiters(in_other_marks(segments, written, _NOT_IN_DATA, release), terms.delimiters())
    return marks if marks != terms.delimiters() else None


def _by(map_: WritingMap, document: Value, agreement: Agreement, marks: Delimiters) -> list[Segment]:
    return map_.write(document, release=agreement.definition, component=marks.component, repetition=marks.repetition)


def _spelled(segments: Iterable[Segment], spell: Mapping[str, str]) -> list[Segment]:
    """What is left of the data once what the partner wants spelled otherwise is."""
    table = str.maketrans(dict(spell))
    return [[segment[0], *(value.translate(table) for value in segment[1:])] for segment in segments]


def _in_data(segments: Iterable[Segment], marks: Delimiters, release: str) -> Iterable[str]:
    for segment in segments:
        for element, mark in separators_in_data(segment, marks, release):
            yield f"{segment[0]}{element:02d} {segment[element]!r} holds the delimiter {mark!r}"
