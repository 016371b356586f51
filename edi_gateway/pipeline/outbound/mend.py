"""Mend: what a person does about a set of ours that the partner rejected, whole or in part, by the command that does it.

What they rejected whole does not exist for them, so it goes again as an original; what they took in part they have, so it is
replaced, or, where its kind knows no replacement, made good by other documents. Every door says the same of one set.
"""

from __future__ import annotations

from edi_gateway.documents.catalog import ORDER_ANSWERS
from edi_gateway.pipeline.outbound.originals import REPLACEMENT, unrejected
from edi_gateway.store.rows import TransactionRow
from edi_gateway.store.unit import Unit
from edi_gateway.x12.acknowledgment import Verdict

_HAVE_IT = (str(Verdict.ACCEPTED), str(Verdict.ACCEPTED_WITH_ERRORS))


def what_helps(unit: Unit, row: TransactionRow) -> str:
    """What to do about a set that was rejected or accepted in part; each is open as things stand."""
    if row.acknowledgment != Verdict.REJECTED:
        return _of_what_they_have_in_part(unit, row)
    if (other := in_the_way(unit, row)) is not None:
        return of_the_other(unit, other)
    as_it_was = f"'edi-gateway transmission re-envelope {row.id}' sends it once they can take it as it was"
    if _kind(unit, row) not in ORDER_ANSWERS:
        return as_it_was
    return f"'edi-gateway document correct {row.id}' sends it mended; {as_it_was}"


def of_the_other(unit: Unit, other: TransactionRow) -> str:
    """What to do where another set of the same document stands, which they did not reject."""
    if other.acknowledgment in _HAVE_IT:
        return f"they have it as set {other.id} ({other.acknowledgment}), so nothing is to be sent: dismiss this one"
    if other.acknowledgment == Verdict.PARTIALLY_ACCEPTED:
        return f"they have set {other.id} in part: {_of_what_they_have_in_part(unit, other)}"
    return f"a second original would be a duplicate for them: wait for the answer to set {other.id}"


def in_the_way(unit: Unit, row: TransactionRow) -> TransactionRow | None:
    """The set because of which a rejected one does not go again: there may be one unrejected original.

    What a replacement was to replace is not in its way: the partner has that, and not this.
    """
    is_replacement = replaces(unit, row)
    return next((one for one in unrejected(unit, row) if not (is_replacement and one.id < row.id)), None)


def replaces(unit: Unit, row: TransactionRow) -> bool:
    """Whether a set went as the replacement of one before it."""
    document = unit.documents.read(row.document_id) if row.document_id else None
    return getattr(document, "purpose", "") == REPLACEMENT


def _of_what_they_have_in_part(unit: Unit, row: TransactionRow) -> str:
    match _kind(unit, row):
        case "invoice":
            return "they have it, and an invoice is not replaced: have the ERP send a credit and a new invoice, then dismiss this"
        case kind if kind in ORDER_ANSWERS:
            return f"they have it: 'edi-gateway document correct {row.id}' sends what replaces it"
        case _:
            return "they have it, and nothing replaces it: settle it with them, then dismiss this"


def _kind(unit: Unit, row: TransactionRow) -> str:
    return unit.documents.get(row.document_id).kind if row.document_id else ""
