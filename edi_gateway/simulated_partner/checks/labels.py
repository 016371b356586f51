"""SSCC-18 labels as a receiving dock sees them (GS1 General Specifications §7.9: weights 3 and 1 from the right, modulo 10)."""

from __future__ import annotations


def fault_of_label(sscc: str, company_prefix: str) -> str | None:
    """Why a label's number is wrong; None when it is right. Without a company prefix known, anybody's is taken."""
    if len(sscc) != 18 or not (sscc.isascii() and sscc.isdigit()):
        return "is not 18 digits"
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(sscc)))
    if weighted % 10:
        return "has a wrong check digit"
    if company_prefix and not sscc[1:].startswith(company_prefix):
        return f"is not numbered by its sender, whose prefix is {company_prefix}"
    return None
