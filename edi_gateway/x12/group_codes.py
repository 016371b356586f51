"""The functional group code (GS01, data element 479) each transaction set travels under."""

from __future__ import annotations

GROUP_CODES = {
    "180": "AN", "204": "SM", "210": "IM", "214": "QM", "753": "RF", "754": "RG", "810": "IN", "812": "CD", "820": "RA",
    "824": "AG", "830": "PS", "832": "SC", "846": "IB", "850": "PO", "852": "PD", "855": "PR", "856": "SH", "860": "PC",
    "861": "RC", "862": "SS", "864": "TX", "865": "CA", "867": "PT", "869": "RS", "870": "RS", "875": "OG", "880": "GP",
    "940": "OW", "943": "AR", "944": "RE", "945": "SW", "990": "GF", "997": "FA", "999": "FA",
}  # fmt: skip
ACKNOWLEDGMENT_GROUP = "FA"
SUPPORTED_GROUPS = frozenset(
    {"AG", "CA", "CD", "FA", "IB", "IN", "PC", "PO", "PR", "RA", "SH", "TX"}
)  # sets of theirs are defined


def group_code(set_code: str) -> str:
    """GS01 for a set; nothing for a set we do not know."""
    return GROUP_CODES.get(set_code, "")
