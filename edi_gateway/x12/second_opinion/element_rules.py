"""Known differences about elements, components and syntax notes (AK403)."""

from __future__ import annotations

import re

from edi_gateway.x12.finding import Finding, Scope
from edi_gateway.x12.second_opinion.both import FORM_KINDS, Both
from edi_gateway.x12.second_opinion.opinion import Remark
from edi_gateway.x12.second_opinion.rule import Rule

_POINT_AT_END = re.compile(r"-?[0-9]+\.")
_EXPONENT = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)E-?[0-9]+")
_KNOWN_FORMS = ("D6", "D8", "DT", "RD8", "TM")  # to pyx12
_FIRST_YEAR = "1800"
_OUTSIDE_ASCII_SET = re.compile(r"[`^\x80-\xff]")


def _element(said: Finding | Remark) -> bool:
    return said.scope is Scope.ELEMENT


def _more_of_a_value(said: Remark, both: Both) -> bool:
    """We told another fault of the same value, and they told that one too."""
    told = {one.code for one in both.ours_at(said)}
    return _element(said) and not said.note and bool(told) and told <= {one.code for one in both.theirs_at(said)}


def _trailing_ours(said: Finding, both: Both) -> bool:
    if said.kind != "element.trailing_separators":
        return False
    return said.component is not None or any(one.about == "SEG1" for one in both.theirs_in(said))


def _trailing_theirs(said: Remark, both: Both) -> bool:
    """SEG1, or too many elements because of separators with nothing between them."""
    trailing = any(one.kind == "element.trailing_separators" and one.component is None for one in both.ours_in(said))
    return trailing and (said.about == "SEG1" or (_element(said) and said.code == "3" and not said.value))


def _note_ours(said: Finding, both: Both) -> bool:
    same = (one for one in both.theirs_in(said) if one.note and one.code == said.code)
    return said.kind.startswith("note.") and said.component is None and any(said.element in one.note for one in same)


def _note_theirs(said: Remark, both: Both) -> bool:
    same = (one for one in both.ours_in(said) if one.kind.startswith("note.") and one.component is None)
    return bool(said.note) and any(one.element in said.note and one.code == said.code for one in same)


def _note_of_composite(said: Finding, both: Both) -> bool:
    return said.kind.startswith("note.") and said.component is not None


def _first_component(said: Finding, both: Both) -> bool:
    return said.kind == "element.missing" and said.component == 1


def _blank_ours(said: Finding, both: Both) -> bool:
    return said.kind == "element.character" and said.value is not None and not said.value.strip(" ")


def _blank_theirs(said: Remark, both: Both) -> bool:
    return _element(said) and any(_blank_ours(one, both) for one in both.ours_at(said))


def _trailing_blank(said: Remark, both: Both) -> bool:
    return said.code == "6" and said.type in ("AN", "ID") and said.value is not None and said.value.endswith(" ")


def _decimal(said: Remark, both: Both) -> bool:
    value = said.value or ""
    if said.type != "R" or said.code not in ("5", "6"):
        return False
    return _EXPONENT.fullmatch(value) is not None or (said.code == "6" and _POINT_AT_END.fullmatch(value) is not None)


def _number_of_nothing(said: Finding | Remark, both: Both) -> bool:
    """Our 6 and their 4 of ``-`` or ``.``."""
    return (
        _element(said) and said.value is not None and bool(said.value) and not said.value.strip("-.") and said.code in ("4", "6")
    )


def _old_date(said: Remark, both: Both) -> bool:
    is_date = said.type == "DT" or (said.segment, said.element) == ("DTP", 3)
    dates = (said.value or "").split("-")
    return said.code == "8" and is_date and any("0000" < date[:4] < _FIRST_YEAR and len(date) in (8, 12) for date in dates)


def _form(said: Finding, both: Both) -> bool:
    if said.kind not in FORM_KINDS:
        return False
    form = said.message.rpartition("(")[2].rstrip(")")
    date_for_moment = form == "DT" and len(said.value or "") in (6, 8)
    return form not in _KNOWN_FORMS or date_for_moment or bool(both.theirs_at(said))


def _control_ours(said: Finding, both: Both) -> bool:
    control = any(mark < " " or mark == "\x7f" for mark in said.value or "")
    return said.kind == "element.character" and control and bool(both.theirs_at(said))


def _control_theirs(said: Remark, both: Both) -> bool:
    return _element(said) and any(_control_ours(one, both) for one in both.ours_at(said))


def _other_characters(said: Remark, both: Both) -> bool:
    return said.code == "6" and said.type in ("AN", "ID") and _OUTSIDE_ASCII_SET.search(said.value or "") is not None


def _repeated_ours(said: Finding, both: Both) -> bool:
    if said.kind == "element.too_many_repetitions":
        return True
    return said.repetition is not None or _repeats_too_often(said, both)


def _repeated_theirs(said: Remark, both: Both) -> bool:
    mark = both.delimiters.repetition
    if not _element(said) or mark is None or mark not in (said.value or ""):
        return False
    return said.about == "repeats" or _repeats_too_often(said, both)


def _repeats_too_often(said: Finding | Remark, both: Both) -> bool:
    """We said so of the element, or of the composite it is a component of."""
    return any(one.kind == "element.too_many_repetitions" and one.element == said.element for one in both.ours_in(said))


def _only_separators(said: Finding | Remark, both: Both) -> bool:
    """A note broken or kept, or a level named, by component separators alone; SE01 or SE02 with some at the end."""
    mark, here = both.delimiters.component, both.ours_in(said)
    if said.scope is Scope.SET:
        return said.code in ("3", "4") and mark in said.message
    if isinstance(said, Finding) and said.kind.startswith("hierarchy."):
        return any(mark in (one.value or "") for one in both.ours if one.segment == "HL")
    if said.code == "1":
        return any(
            one.kind == "element.trailing_separators" and one.component == 1 and one.element == said.element for one in here
        )
    is_note = bool(said.note) if isinstance(said, Remark) else said.kind.startswith("note.")
    return is_note and any(one.value and not one.value.strip(mark) for one in here)


def _another_form(value: str) -> bool:
    try:
        return str(int(value)) != value
    except ValueError:
        return False


def _levels(said: Finding | Remark, both: Both) -> bool:
    """HL01 and HL02 in a set whose levels are not numbered 1, 2, 3, or an HL02 that is the number of a level in another form."""
    if isinstance(said, Finding) and said.kind == "hierarchy.parent" and _another_form(said.value or ""):
        return True
    about_levels = said.kind.startswith("hierarchy.") if isinstance(said, Finding) else said.about in ("HL1", "HL2")
    return about_levels and any(one.about == "HL1" for one in both.theirs)


def _cut_short(said: Remark, both: Both) -> bool:
    return said.about == "HL2" and "(None)" in said.message


RULES = (
    Rule(
        "one fault a value",
        "We tell the first thing wrong with a value (character, then length, then code or date); pyx12 tells every one.",
        theirs=_more_of_a_value,
    ),
    Rule(
        "trailing separators",
        "Separators with nothing behind them: we name the element (AK403 3, a warning); pyx12 says it of the segment (its SEG1), "
        "counts them as elements where they go beyond the last, and says nothing of them inside a composite.",
        _trailing_ours,
        _trailing_theirs,
    ),
    Rule(
        "where a syntax note is broken",
        "pyx12 names a broken note by its first element; we name the element that is missing, or one too many.",
        _note_ours,
        _note_theirs,
    ),
    Rule(
        "notes of composites",
        "pyx12 has no syntax notes inside composites.",
        _note_of_composite,
    ),
    Rule(
        "first component of an optional composite",
        "pyx12 does not ask for a mandatory first component of an optional composite that has others.",
        _first_component,
    ),
    Rule(
        "only blanks",
        "A value of nothing but blanks has a wrong character for us (X12.6: at least one is no blank); pyx12 looks at its length "
        "and code list.",
        _blank_ours,
        _blank_theirs,
    ),
    Rule(
        "blanks at the end",
        "X12.6 wants trailing blanks left out, and pyx12 reports them; we read past them, because partners send them.",
        theirs=_trailing_blank,
    ),
    Rule(
        "forms of a decimal number",
        "X12.6 allows an exponent, and readers take a point with no digits behind it; pyx12 takes neither.",
        theirs=_decimal,
    ),
    Rule(
        "a number without digits",
        "Of a lone sign or point we say that it is no number (6), pyx12 that it is too short (4).",
        _number_of_nothing,
        _number_of_nothing,
    ),
    Rule(
        "dates before 1800",
        "pyx12 takes no date before 1800; X12.6 does.",
        theirs=_old_date,
    ),
    Rule(
        "control characters pyx12 does not know",
        "Any control character is a wrong character for us, whatever the type; pyx12 knows some of them, and of a date or code "
        "with another says that it is too short, no date or not in the list.",
        _control_ours,
        _control_theirs,
    ),
    Rule(
        "national characters",
        "X12.6 leaves national characters to agreement, and our extended set takes them, and ^ and ` in every release; pyx12 "
        "takes those two from 005010 on and nothing beyond ASCII.",
        theirs=_other_characters,
    ),
    Rule(
        "forms of DTP03",
        "We hold DTP03 against every form of 1250 in use; pyx12 knows D6, D8, DT, RD8 and TM, takes a date alone for DT, and "
        "does not look at the form of a text with a wrong character.",
        _form,
    ),
    Rule(
        "repetitions",
        "pyx12 does not take repetitions apart: it checks the whole text as one value.",
        _repeated_ours,
        _repeated_theirs,
    ),
    Rule(
        "nothing but component separators",
        "pyx12 drops component separators with nothing behind them, so that a value made of them is not there and ``0001>`` is "
        "``0001``; for us what stands between element separators is there.",
        _only_separators,
        _only_separators,
    ),
    Rule(
        "numbers of levels",
        "pyx12 wants HL01 to count 1, 2, 3 and knows levels by that count, as numbers; X12 asks only that HL01 is unique and "
        "HL02 names an earlier one, as text.",
        _levels,
        _levels,
    ),
    Rule(
        "an HL that ends before HL02",
        "pyx12 takes it for a level whose parent is not known; we report HL03, which is missing.",
        theirs=_cut_short,
    ),
)
