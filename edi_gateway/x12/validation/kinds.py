"""Every kind of finding: what it is about, its level, the X12 code it is reported by and how grave it is by default.

The levels that feed the 997 reject by default; unknown codes, trailing separators and everything above syntax notes warn. Codes
are those of TA105, AK905 (716), AK502 (718), AK304 (720) and AK403 (723); an empty code has no place in an acknowledgment.
``set.has_segment_errors`` and ``segment.has_element_errors`` are never found by us: an acknowledgment of ours writes their code
where there are others, and one of theirs may write it alone.
"""

from __future__ import annotations

from typing import NamedTuple

from edi_gateway.x12.envelope_findings import ENVELOPE_KINDS
from edi_gateway.x12.finding import Level, Scope, Severity


class Kind(NamedTuple):
    """One kind. ``code_004010`` is the code in releases that do not have ``code`` yet."""

    scope: Scope
    level: Level
    code: str
    severity: Severity
    says: str
    code_004010: str | None = None

    def code_in(self, release: str) -> str:
        """The code this kind is reported by in a release."""
        return self.code if self.code_004010 is None or release >= "005010" else self.code_004010


_W, _R = Severity.WARN, Severity.REJECT
_SET, _SEGMENT, _ELEMENT = Scope.SET, Scope.SEGMENT, Scope.ELEMENT

_STANDARD: dict[str, Kind] = {
    "set.has_segment_errors": Kind(_SET, Level.ENVELOPE, "5", _R, "segments of the set have errors; not said which"),
    "set.findings_cut": Kind(_SET, Level.ENVELOPE, "5", _W, "so many findings that the rest was left out"),
    "segment.unrecognized": Kind(_SEGMENT, Level.STRUCTURE, "1", _R, "no segment of the standard"),
    "segment.unexpected": Kind(_SEGMENT, Level.STRUCTURE, "2", _R, "its loop is not open here"),
    "segment.missing": Kind(_SEGMENT, Level.STRUCTURE, "3", _R, "mandatory and not there"),
    "loop.over_max": Kind(_SEGMENT, Level.STRUCTURE, "4", _R, "one turn of the loop too many"),
    "segment.over_max": Kind(_SEGMENT, Level.STRUCTURE, "5", _R, "once too often"),
    "segment.not_in_set": Kind(_SEGMENT, Level.STRUCTURE, "6", _R, "a segment of other sets"),
    "segment.out_of_sequence": Kind(_SEGMENT, Level.STRUCTURE, "7", _R, "it belongs further ahead"),
    "segment.has_element_errors": Kind(_SEGMENT, Level.STRUCTURE, "8", _R, "elements of the segment have errors; not said which"),
    "element.missing": Kind(_ELEMENT, Level.ELEMENT, "1", _R, "mandatory and empty"),
    "element.missing_doubtful": Kind(_ELEMENT, Level.ELEMENT, "1", _W, "empty; mandatory by one source only"),
    "element.too_many": Kind(_ELEMENT, Level.ELEMENT, "3", _R, "more elements than the segment has"),
    "element.trailing_separators": Kind(_ELEMENT, Level.ELEMENT, "3", _W, "separators with nothing behind them"),
    "element.too_short": Kind(_ELEMENT, Level.ELEMENT, "4", _R, "shorter than allowed"),
    "element.too_long": Kind(_ELEMENT, Level.ELEMENT, "5", _R, "longer than allowed"),
    "element.character": Kind(_ELEMENT, Level.ELEMENT, "6", _R, "a character its type or the character set does not have"),
    "element.code": Kind(_ELEMENT, Level.ELEMENT, "7", _W, "not in the code list"),
    "element.date": Kind(_ELEMENT, Level.ELEMENT, "8", _R, "no date"),
    "element.time": Kind(_ELEMENT, Level.ELEMENT, "9", _R, "no time"),
    "element.too_many_repetitions": Kind(_ELEMENT, Level.ELEMENT, "12", _R, "repeated too often", code_004010="6"),
    "element.too_many_components": Kind(
        _ELEMENT, Level.ELEMENT, "13", _R, "more components than the composite has", code_004010="3"
    ),
    "note.paired": Kind(_ELEMENT, Level.SYNTAX_NOTE, "2", _R, "P: if one is there, all are"),
    "note.required": Kind(_ELEMENT, Level.SYNTAX_NOTE, "2", _R, "R: at least one is there"),
    "note.exclusive": Kind(_ELEMENT, Level.SYNTAX_NOTE, "10", _R, "E: at most one is there"),
    "note.conditional": Kind(_ELEMENT, Level.SYNTAX_NOTE, "2", _R, "C: if the first is there, the others are"),
    "note.list_conditional": Kind(_ELEMENT, Level.SYNTAX_NOTE, "2", _R, "L: if the first is there, one of the others is"),
}
_ABOVE: dict[str, Kind] = {
    "set.release_nearest": Kind(_SET, Level.GUIDE, "1", _W, "held against another release, the nearest there is"),
    "balance.line_count": Kind(_ELEMENT, Level.BALANCE, "7", _W, "CTT01 is not the number of lines (856: of HL)"),
    "balance.hash_total": Kind(_ELEMENT, Level.BALANCE, "7", _W, "CTT02 is not the sum of the quantities"),
    "balance.invoice_total": Kind(_ELEMENT, Level.BALANCE, "7", _W, "TDS01 is not lines + charges - allowances + tax"),
    "balance.discounted_total": Kind(_ELEMENT, Level.BALANCE, "7", _W, "TDS03 is not TDS01 less TDS04"),
    "balance.remittance_total": Kind(_ELEMENT, Level.BALANCE, "7", _W, "BPR02 is not the sum of what is paid"),
    "hierarchy.duplicate_id": Kind(_ELEMENT, Level.INTER_SEGMENT, "7", _W, "HL01 was used before"),
    "hierarchy.parent": Kind(_ELEMENT, Level.INTER_SEGMENT, "7", _W, "HL02 names no level that is open here"),
    "hierarchy.child_code": Kind(_ELEMENT, Level.INTER_SEGMENT, "7", _W, "HL04 says otherwise than the levels that follow"),
    "allocation.sum": Kind(_ELEMENT, Level.INTER_SEGMENT, "7", _W, "the SDQ quantities are not the quantity of the line"),
    "loop.identifier": Kind(_ELEMENT, Level.INTER_SEGMENT, "7", _W, "LE01 is not LS01"),
    "external.gtin": Kind(_ELEMENT, Level.EXTERNAL_CODE, "7", _W, "a UPC, EAN or GTIN with a wrong length or check digit"),
    "external.gln": Kind(_ELEMENT, Level.EXTERNAL_CODE, "7", _W, "a GLN with a wrong length or check digit"),
    "external.sscc": Kind(_ELEMENT, Level.EXTERNAL_CODE, "7", _W, "an SSCC with a wrong length or check digit"),
    "external.scac": Kind(_ELEMENT, Level.EXTERNAL_CODE, "7", _W, "a carrier code that is not two to four letters"),
    "external.currency": Kind(_ELEMENT, Level.EXTERNAL_CODE, "7", _W, "no currency of ISO 4217"),
    "external.country": Kind(_ELEMENT, Level.EXTERNAL_CODE, "7", _W, "no country of ISO 3166"),
    "external.date_form": Kind(_ELEMENT, Level.EXTERNAL_CODE, "8", _W, "not in the form its qualifier names (1250): D8, RD8, …"),
    "external.time_form": Kind(_ELEMENT, Level.EXTERNAL_CODE, "9", _W, "not in the form its qualifier names (1250): TM, TS, …"),
}  # fmt: skip
# The codes of 005010 that speak of an implementation (I…) stand in a 999 only; a 997 has the plain ones.
_GUIDE: dict[str, Kind] = {
    "guide.segment_missing": Kind(_SEGMENT, Level.GUIDE, "I8", _W, "required by the guide and not there", code_004010="3"),
    "guide.loop_missing": Kind(_SEGMENT, Level.GUIDE, "I7", _W, "a loop the guide requires is not there", code_004010="3"),
    "guide.segment_unused": Kind(_SEGMENT, Level.GUIDE, "I4", _W, "not used by the guide", code_004010="2"),
    "guide.segment_over_max": Kind(_SEGMENT, Level.GUIDE, "5", _W, "more often than the guide allows"),
    "guide.loop_over_max": Kind(_SEGMENT, Level.GUIDE, "4", _W, "one turn of the loop more than the guide allows"),
    "guide.element_missing": Kind(_ELEMENT, Level.GUIDE, "I9", _W, "required by the guide and empty", code_004010="1"),
    "guide.element_unused": Kind(_ELEMENT, Level.GUIDE, "I10", _W, "not used by the guide", code_004010="10"),
    "guide.too_short": Kind(_ELEMENT, Level.GUIDE, "4", _W, "shorter than the guide allows"),
    "guide.too_long": Kind(_ELEMENT, Level.GUIDE, "5", _W, "longer than the guide allows"),
    "guide.code": Kind(_ELEMENT, Level.GUIDE, "I6", _W, "a code the guide does not use", code_004010="7"),
    "guide.hierarchy": Kind(_ELEMENT, Level.GUIDE, "I6", _W, "levels the guide does not have", code_004010="7"),
}  # fmt: skip
_ENVELOPE: dict[str, Kind] = {
    name: Kind(Scope(name.partition(".")[0]), Level.ENVELOPE, kind.code, kind.severity, kind.says)
    for name, kind in ENVELOPE_KINDS.items()
}
KINDS: dict[str, Kind] = {**_ENVELOPE, **_STANDARD, **_ABOVE, **_GUIDE}
