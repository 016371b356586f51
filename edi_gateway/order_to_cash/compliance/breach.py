"""One rule broken at one place, and what is known around a document that it is broken by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Literal, TypeAlias

from edi_gateway.documents.base import Value
from edi_gateway.order_to_cash.compliance.confirmation import ConfirmationRate


class Breach(Value, frozen=True, kw_only=True):
    """``rule`` is its number (R05 …); ``place`` the line, pack or field it is about, empty for the whole document.

    ``warn`` is never held, whatever the partner's pack says of the rule.
    """

    rule: str
    severity: Literal["stop", "warn"] = "stop"
    message: str
    place: str = ""


Breaches: TypeAlias = Iterator[Breach]


class Around(Value, frozen=True, kw_only=True):
    """What a rule has to know beside the order, its thread and the document.

    ``today`` is the day at the partner's place; ``number_used``: the partner has another unrejected document of this kind and
    number; ``company_prefix`` is ours, empty where any will do; ``labels_used`` are SSCCs of the document with the shipment they
    went with before; ``change_waits`` says which change of the order is not applied yet; ``other_notices`` are shipments told of
    for the same trailer, ship-to and day.

    Of time: ``now``, when the document first left (``left_at``), when the goods leave or left (``leaves_at``), and by when the
    document has to go (``due_at``); None where nobody knows. ``is_trial``: cartons are tried, and nothing has left. ``projected``
    are the confirmation rates an 855 would make, of the items it does not confirm in full.
    """

    now: datetime | None = None
    left_at: datetime | None = None
    leaves_at: datetime | None = None
    due_at: datetime | None = None
    projected: tuple[ConfirmationRate, ...] = ()
    today: date | None = None
    is_trial: bool = False
    number_used: bool = False
    company_prefix: str = ""
    labels_used: dict[str, str] = {}
    change_waits: str = ""
    other_notices: tuple[str, ...] = ()

    @property
    def goes_at(self) -> datetime | None:
        """When the document goes, as its partner counts: when it first left, else now."""
        return self.left_at or self.now

    @property
    def may_wait(self) -> bool:
        """Whether the document can be held back and be in time all the same: it never left, and the goods have not."""
        if self.is_trial:
            return True
        if self.left_at is not None or self.now is None or self.leaves_at is None:
            return False
        return self.now < self.leaves_at


NOTHING = Around()
