"""One order's life as the gateway itself recorded it once, from 850 to 820, to be copied under other numbers.

``life.json`` holds what stood in the store: the text of each set, the document behind it, and the order's thread. Numbers,
names and days stand in it as ``@ORDER@``, ``@SHIP@``, ``@INVOICE@``, ``@TRACE@``, ``@LADING@``, ``@PARTNER@``, ``@DOCUMENT@``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple


class Part(NamedTuple):
    """One kind of set: its group, what its document is called, its map (empty: none here), and its text and body."""

    code: str
    group: str
    kind: str
    map: str
    text: str
    body: str


class Names(NamedTuple):
    """What one order is called in its sets."""

    order: str
    partner: str
    document: str = ""

    @property
    def ship(self) -> str:
        return f"SH{self.order[-8:]}"

    @property
    def invoice(self) -> str:
        return f"9{self.order[-8:]}"

    @property
    def trace(self) -> str:
        return f"TR{self.order[-8:]}"

    def fill(self, text: str) -> str:
        """The text with the names in their places."""
        text = text.replace("@ORDER@", self.order).replace("@SHIP@", self.ship).replace("@INVOICE@", self.invoice)
        text = text.replace("@TRACE@", self.trace).replace("@PARTNER@", self.partner.upper())
        return text.replace("@LADING@", f"061414100{self.order[-8:]}").replace("@DOCUMENT@", self.document)

    def of(self, code: str) -> str:
        """The number a set of that code is found by."""
        return {"856": self.ship, "810": self.invoice, "820": self.trace, "812": self.invoice}.get(code, self.order)


def _recorded() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(__file__).parent / "life.json").read_text())
    return found


_LIFE = _recorded()
THREAD = json.dumps(_LIFE["thread"], separators=(",", ":"))

_SMALL = {  # what comes seldom is short, and goes through no map here
    "860": ("PC", "order change", "BCH*04*SA*@ORDER@**01*20261118~POC*001*QI*24*24*EA*18.5~CTT*1~"),
    "865": ("CA", "order change acknowledgment", "BCA*04*AT*@ORDER@**01*20261118~CTT*0~"),
    "846": ("IB", "inventory advice", "BIA*00*MM*@ORDER@*20261118~LIN**UP*614141001378~QTY*33*480*EA~CTT*1~"),
    "824": ("AG", "application advice", "BGN*00*@ORDER@*20261118~OTI*TA*PO*@ORDER@~"),
    "812": ("CD", "adjustment", "BCD*20261118*@ORDER@*M*18.5*D*@INVOICE@~CDD*04*D~"),
    "864": ("TX", "text message", "BMG*00*@ORDER@*01~MIT*1~MSG*PLEASE CALL ABOUT @ORDER@~"),
}


def _part(code: str) -> Part:
    if code in _SMALL:
        group, kind, inside = _SMALL[code]
        text = f"ST*{code}*0001~{inside}SE*{inside.count('~') + 2}*0001~"
        return Part(code, group, kind, "", text, '{"number":"@ORDER@"}')
    one = _LIFE[code]
    return Part(code, one["group"], one["kind"], one["map"], one["text"], json.dumps(one["body"], separators=(",", ":")))


PARTS = {code: _part(code) for code in ("850", "855", "856", "810", "820", *_SMALL)}
"""By code; with 997s, which answer groups, these are twelve sets."""
