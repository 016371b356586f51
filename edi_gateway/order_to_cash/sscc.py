"""SSCC-18 and the GS1 check digit (GS1 General Specifications §7.9: weights 3 and 1 from the right, modulo 10)."""

from __future__ import annotations

from edi_gateway.errors import NeedsPerson, WrongInput


def check_digit(digits: str) -> str:
    """The check digit that follows ``digits``; for SSCC, GTIN and GLN alike. Raises WrongInput for what are no digits."""
    if not (digits.isascii() and digits.isdigit()):
        raise WrongInput(f"'{digits}' is no string of digits, so it has no check digit")
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-weighted % 10)


def sscc(company_prefix: str, serial: int, extension: str = "0") -> str:
    """The 18 digits of a label: extension digit, company prefix, serial filled with zeros, check digit.

    Raises WrongInput for a prefix that is not 6 to 12 digits, NeedsPerson when the prefix has no numbers left.
    """
    if not (company_prefix.isascii() and company_prefix.isdigit() and 6 <= len(company_prefix) <= 12):
        raise WrongInput(f"'{company_prefix}' is no GS1 company prefix", do="give 6 to 12 digits")
    if len(extension) != 1 or extension not in "0123456789":
        raise WrongInput(f"'{extension}' is no extension digit", do="give one digit")
    width = 16 - len(company_prefix)
    if not 0 <= serial < 10**width:
        raise NeedsPerson(
            f"serial {serial} does not fit into {width} digits behind prefix {company_prefix}",
            do="go on with the next extension digit",
        )
    body = f"{extension}{company_prefix}{serial:0{width}d}"
    return body + check_digit(body)


def capacity(company_prefix: str) -> int:
    """How many SSCC-18 a company prefix has: every serial reference under each of the ten extension digits."""
    return int(10 ** (17 - len(company_prefix)))


def sscc_of_count(company_prefix: str, count: int) -> str:
    """The label a running count comes to: all serial references under extension digit 0, then those under 1, … and after the last
    one the first again. Raises WrongInput as ``sscc``.
    """
    serials = 10 ** (16 - len(company_prefix))
    extension, serial = divmod(count % capacity(company_prefix), serials)
    return sscc(company_prefix, serial, str(extension))


def is_sscc(text: str) -> bool:
    """Whether ``text`` is an SSCC-18: 18 digits, the last one right."""
    return len(text) == 18 and _ends_right(text)


def is_gtin(text: str) -> bool:
    """Whether ``text`` is a GTIN of 8, 12, 13 or 14 digits, the last one right."""
    return len(text) in (8, 12, 13, 14) and _ends_right(text)


def is_gln(text: str) -> bool:
    """Whether ``text`` is a GLN: 13 digits, the last one right."""
    return len(text) == 13 and _ends_right(text)


def _ends_right(text: str) -> bool:
    return text.isascii() and text.isdigit() and check_digit(text[:-1]) == text[-1]
