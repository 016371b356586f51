"""The application advice: what a partner's application made of documents of ours (824)."""

from __future__ import annotations

from datetime import date, datetime

from edi_gateway.documents.base import Amount, DateOf, Extra, Note, Reference, Value
from edi_gateway.documents.party import Party


class ApplicationError(Value, frozen=True, kw_only=True):
    """One fault (TED): ``code`` is TED01; where it is (segment, its position, the element) and the bad ``value``."""

    code: str
    message: str = ""
    segment: str = ""
    position: int | None = None
    element: str = ""
    value: str = ""
    should_be: str = ""
    notes: tuple[Note, ...] = ()


class AdviceItem(Value, frozen=True, kw_only=True):
    """What became of one document (OTI). ``outcome`` is our word for OTI01: accepted, accepted with changes, rejected …

    ``reference`` is the document's business number, ``control_number`` and ``group_control_number`` those it was sent under.
    """

    outcome: str
    qualifier: str
    reference: str
    on: date | None = None
    time: str = ""
    sender: str = ""
    receiver: str = ""
    group_control_number: str = ""
    control_number: str = ""
    set_code: str = ""
    release: str = ""
    references: tuple[Reference, ...] = ()
    dates: tuple[DateOf, ...] = ()
    amounts: tuple[Amount, ...] = ()
    errors: tuple[ApplicationError, ...] = ()


class ApplicationAdvice(Value, frozen=True, kw_only=True):
    """An advice about any number of documents; ``number`` is BGN02."""

    number: str
    purpose: str
    created_at: datetime
    reference: str = ""
    transaction_type: str = ""
    action: str = ""
    parties: tuple[Party, ...] = ()
    items: tuple[AdviceItem, ...] = ()
    extras: tuple[Extra, ...] = ()
