"""The kinds of findings a reader makes: what is wrong with envelopes, by which code it is reported, how grave it is by default.

Codes: TA105 for ``interchange.*``, AK905 (716) for ``group.*``, AK502 (718) for ``set.*``; an empty code has no place in an
acknowledgment. A set that was cut off or mixed up is rejected; counts, odd widths and odd padding are noted. Faults of a group or
an interchange are noted too: its sets are told before its trailer is, and what was taken is not rejected afterwards.
"""

from __future__ import annotations

from typing import NamedTuple

from edi_gateway.x12.finding import Finding, Level, Scope, Severity


class EnvelopeKind(NamedTuple):
    """One kind: its code, its default severity, and what it says (``{}`` takes the particulars)."""

    code: str
    severity: Severity
    says: str


_W, _R = Severity.WARN, Severity.REJECT
ENVELOPE_KINDS: dict[str, EnvelopeKind] = {
    "interchange.control_number": EnvelopeKind("001", _W, "IEA02 is {!r}, ISA13 is {!r}"),
    "interchange.control_number_padding": EnvelopeKind("", _W, "IEA02 {!r} and ISA13 {!r} are the same number written apart"),
    "interchange.terminator": EnvelopeKind("004", _W, "the segment terminator {!r} is not one character of its own"),
    "interchange.sender_qualifier": EnvelopeKind("005", _W, "ISA05 {!r} is no qualifier"),
    "interchange.sender": EnvelopeKind("006", _R, "ISA06 is empty: nobody sent it"),
    "interchange.receiver_qualifier": EnvelopeKind("007", _W, "ISA07 {!r} is no qualifier"),
    "interchange.receiver": EnvelopeKind("008", _R, "ISA08 is empty: it is addressed to nobody"),
    "interchange.date": EnvelopeKind("014", _W, "ISA09 {!r} is no date YYMMDD"),
    "interchange.time": EnvelopeKind("015", _W, "ISA10 {!r} is no time HHMM"),
    "interchange.version": EnvelopeKind("017", _W, "ISA12 {!r} is no version of the envelope"),
    "interchange.control_number_syntax": EnvelopeKind("018", _W, "ISA13 {!r} is no number of up to nine digits"),
    "interchange.acknowledgment_requested": EnvelopeKind("019", _W, "ISA14 {!r} is neither 0 nor 1"),
    "interchange.usage": EnvelopeKind("020", _W, "ISA15 {!r} is none of P, T and I"),
    "interchange.group_count": EnvelopeKind("021", _W, "IEA01 is {!r}, {} group(s) were received"),
    "interchange.header_width": EnvelopeKind("022", _W, "the ISA is not 106 characters wide; separators were counted instead"),
    "interchange.wrapped": EnvelopeKind("", _W, "{}"),
    "interchange.no_header": EnvelopeKind("022", _R, "no ISA begins here; {}"),
    "interchange.trailer_missing": EnvelopeKind("023", _W, "the interchange has no IEA: it is cut off or runs into the next one"),
    "interchange.unterminated": EnvelopeKind("004", _W, "the last segment has no terminator"),
    "interchange.content": EnvelopeKind("024", _W, "{}"),
    "interchange.encoding": EnvelopeKind("024", _R, "{}"),
    "interchange.component_separator": EnvelopeKind("027", _W, "ISA16 names no usable component separator"),
    "group.header": EnvelopeKind("", _W, "the GS has {} elements, not 8"),
    "group.version": EnvelopeKind("", _W, "GS08 {!r} is of another version than the envelope, ISA12 {!r}"),
    "group.unsupported": EnvelopeKind("1", _W, "GS01 {!r} is the code of no group that is supported"),
    "group.release_unsupported": EnvelopeKind("2", _W, "GS08 {!r} names no release that is supported"),
    "group.trailer_missing": EnvelopeKind("3", _W, "the group has no GE"),
    "group.control_number": EnvelopeKind("4", _W, "GE02 is {!r}, GS06 is {!r}"),
    "group.set_count": EnvelopeKind("5", _W, "GE01 is {!r}, {} set(s) were received"),
    "group.control_number_syntax": EnvelopeKind("6", _W, "GS06 {!r} is no number of up to nine digits"),
    "group.duplicate": EnvelopeKind("19", _W, "GS06 {!r} was used before in this interchange"),
    "set.unsupported": EnvelopeKind("1", _R, "{}"),
    "set.trailer_missing": EnvelopeKind("2", _R, "the set has no SE"),
    "set.too_large": EnvelopeKind("2", _R, "no SE within {} bytes"),
    "set.control_number": EnvelopeKind("3", _R, "SE02 is {!r}, ST02 is {!r}"),
    "set.control_number_padding": EnvelopeKind("", _W, "SE02 {!r} and ST02 {!r} are the same number written apart"),
    "set.segment_count": EnvelopeKind("4", _R, "SE01 is {!r}, {} segments were counted"),
    "set.empty_segment": EnvelopeKind("", _W, "{} empty segment(s)"),
    "set.st01": EnvelopeKind("6", _R, "ST01 {!r} is no transaction set code"),
    "set.st02": EnvelopeKind("7", _R, "ST02 is empty"),
    "set.st02_form": EnvelopeKind("7", _W, "ST02 {!r} has not four to nine letters and digits"),
    "set.group_code": EnvelopeKind("18", _W, "a {} does not travel in a {} group but in {}"),
    "set.outside_group": EnvelopeKind("18", _R, "the set stands outside any group"),
    "set.duplicate": EnvelopeKind("23", _R, "ST02 {!r} was used before in this group"),
}  # fmt: skip
MORE_THAN_ENOUGH = 20  # findings kept of one envelope: a broken file has thousands of the same
_QUOTED = 80  # characters of a value that are shown


def envelope_finding(kind: str, *particulars: object, segment: str | None = None, offset: int | None = None) -> Finding:
    """A finding of this kind about an envelope, at its default severity."""
    entry = ENVELOPE_KINDS[kind]
    shown = [value[:_QUOTED] if isinstance(value, str) else value for value in particulars]
    return Finding(
        kind=kind,
        scope=Scope(kind.partition(".")[0]),
        level=Level.ENVELOPE,
        code=entry.code,
        message=entry.says.format(*shown),
        severity=entry.severity,
        segment=segment,
        offset=offset,
    )
