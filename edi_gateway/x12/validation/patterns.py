"""Regular expressions for values that are right: the quick way past the exact rules in ``values``.

A pattern never matches a value that ``values.fault_of`` finds fault with; a few odd ones that are right (an exponent, a text
that begins with many blanks) it may leave to the exact rules. No possessive quantifiers: CPython gh-106052.
"""

from __future__ import annotations

import re

from edi_gateway.x12.standard import ElementUse

MONTH_DAY = "(?:(?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)(?:0[1-9]|[12][0-9]|30)|02(?:0[1-9]|1[0-9]|2[0-8]))"
_LEAP_CENTURY = "(?:[02468][048]|[13579][26])"
_LEAP_YEAR = f"(?:[0-9][0-9](?!00)(?:[02468][048]|[13579][26])|(?!00){_LEAP_CENTURY}00)"
_DATE_8 = f"(?:(?!0000)[0-9]{{4}}{MONTH_DAY}|{_LEAP_YEAR}0229)"
_DATE_6 = f"(?:[0-9][0-9]{MONTH_DAY}|{_LEAP_CENTURY}0229)"


def value_pattern(use: ElementUse, inside: str, inside_no_blank: str) -> str:
    """A pattern for right values of a simple element; ``inside`` is what stands between the brackets of the data's class."""
    if use.codes is not None:
        return _codes(use.codes)
    if use.type in ("AN", "ID"):
        return _text(use, inside, inside_no_blank)
    if use.type == "DT":
        return _date(use)
    if use.type == "TM":
        return _time(use)
    if use.type == "R":
        return _decimal(use)
    if use.type == "B":
        return f"[{inside}]{{{use.min},{use.max}}}"
    return f"-?[0-9]{{{use.min},{use.max}}}"


def _text(use: ElementUse, inside: str, inside_no_blank: str) -> str:
    if use.max == 1:
        return f"[{inside_no_blank}]"
    return f"[{inside_no_blank}][{inside}]{{{max(use.min - 1, 0)},{use.max - 1}}}"


def _decimal(use: ElementUse) -> str:
    """Digits alone, or with one point among them, which a lookahead counts: a repeated group takes twice as long for that."""
    with_point = f"(?=[0-9.]{{{use.min + 1},{use.max + 1}}}(?![0-9.]))[0-9]*\\.[0-9]*"
    return f"-?(?:[0-9]{{{use.min},{use.max}}}|{with_point})"


def _date(use: ElementUse) -> str:
    forms = [form for length, form in ((6, _DATE_6), (8, _DATE_8)) if use.min <= length <= use.max]
    return f"(?:{'|'.join(forms)})" if forms else "(?!)"


def _time(use: ElementUse) -> str:
    forms = [(4, ""), (6, "[0-5][0-9]"), (7, "[0-5][0-9][0-9]"), (8, "[0-5][0-9][0-9][0-9]")]
    ends = "|".join(form for length, form in reversed(forms) if use.min <= length <= use.max)
    return f"(?:[01][0-9]|2[0-3])[0-5][0-9](?:{ends})"


def _codes(codes: frozenset[str]) -> str:
    """The codes as a tree of prefixes, so that matching looks at each character once."""
    return _tree(sorted(codes))


def _tree(codes: list[str]) -> str:
    if not codes:
        return "(?!)"
    by_first: dict[str, list[str]] = {}
    for code in codes:
        if code:
            by_first.setdefault(code[0], []).append(code[1:])
    singles = "".join(re.escape(first) for first, rest in by_first.items() if rest == [""])
    branches = [f"[{singles}]"] if len(singles) > 1 else [singles] if singles else []
    branches += [re.escape(first) + _tree(rest) for first, rest in by_first.items() if rest != [""]]
    whole = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    return f"(?:{whole})?" if "" in codes else whole
