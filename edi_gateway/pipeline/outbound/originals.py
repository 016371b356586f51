"""Originals: of each document, and under each number, there is one that the partner did not reject.

What they rejected whole does not exist for them, so its number is free: what the ERP tells under it again takes its place. That
is looked at when it moves its order thread, and once more when it gets its control numbers, since an answer may come late.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from edi_gateway.order_to_cash.disagreement import Disagreement
from edi_gateway.order_to_cash.taking_back import taken_back, uncovered
from edi_gateway.store.descent import How
from edi_gateway.store.rows import DocumentRow, TransactionRow
from edi_gateway.store.threads import StoredThread
from edi_gateway.store.unit import Unit
from edi_gateway.x12.acknowledgment import Verdict

AGAIN: How = "again"  # how a document descends from the rejected one whose place it takes
WITH_THEM = ("sent", "fetched", "confirmed")  # deliveries of what the partner has, as far as its server says
UNCONFIRMED = "unconfirmed"  # it went, and the receipt for it is to come
LEFT = (*WITH_THEM, UNCONFIRMED)
ORIGINAL, REPLACEMENT = "original", "replacement"
KINDS = ("ship notice", "invoice")
_OVER = ("done", "rejected")
VERDICTS = tuple(map(str, Verdict))  # acknowledgments by which they have it, and said so


class Place(NamedTuple):
    """What a document moves: its order threads as they stood without the rejected one ``first``, whose place it takes.

    ``others`` are threads that only the rejected one was about.
    """

    threads: list[StoredThread]
    first: DocumentRow | None = None
    others: tuple[StoredThread, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()

    def moved(self, threads: list[StoredThread]) -> list[Disagreement]:
        """What is wrong with the threads as moved, where something takes the place of what was counted before."""
        return [each for one in (*threads, *self.others) for each in uncovered(one.thread)] if self.first else []


def place_of(unit: Unit, row: DocumentRow, threads: list[StoredThread]) -> Place:
    """Where a document of ours is counted: on ``threads`` as they are, or without the rejected one whose place it takes."""
    first = rejected_first(unit, row.partner, row.kind, row.number, usage=row.usage, but=row.id)
    if first is None:
        return Place(threads)
    ids = {each.id for each in threads}
    members = _members(unit, first)
    known = [each.thread_id for each in members] + [id for each in members for id in unit.documents.other_threads(each.id)]
    others = [unit.threads.get(id) for id in dict.fromkeys(known) if id is not None and id not in ids]
    document = unit.documents.read(first.id)
    changes = [taken_back(each.thread, document) for each in (*threads, *others)]
    without = [msgspec.structs.replace(one, thread=each.thread) for one, each in zip((*threads, *others), changes, strict=True)]
    wrong = tuple(each for change in changes for each in change.disagreements)
    return Place(without[: len(threads)], first, tuple(without[len(threads) :]), wrong)


def take_place(unit: Unit, row: DocumentRow, place: Place) -> None:
    """The number is this document's now, and the rejected one counts no more; nobody has to mend that any longer."""
    if place.first is None:
        return
    for stored in place.others:
        unit.threads.save(stored.id, stored.thread)
    said = f"{row.partner} rejected the first, and the ERP told it again"
    for member in _members(unit, place.first):
        unit.documents.leave_threads(member.id)
        for sent in unit.transactions.all_of_document(member.id):
            close_waiting(unit, sent, f"{said}, as document {row.id}")
    unit.documents.release(place.first.id)
    unit.descent.add(f"document:{row.id}", f"document:{place.first.id}", AGAIN, because=said, by="gateway")
    text = f"{row.kind} {row.number} goes again as an original: {said}"
    unit.events.tell("document.told_again", f"document:{row.id}", text, partner=row.partner)


def rejected_first(unit: Unit, partner: str, kind: str, number: str, *, usage: str, but: str = "") -> DocumentRow | None:
    """The document that has a number, where its partner rejected all that went of it; None: the number is free, or theirs.

    One invoice made of several is mended by hand: the ERP knows none of that content.
    """
    claimed = unit.documents.claimed(partner, kind, number, usage=usage) if kind in KINDS else None
    found = unit.documents.find(claimed) if claimed and claimed != but else None
    if found is None or found.number != number or _descends(unit, but, "correct"):
        return None
    members = _members(unit, found)
    if any(_descends(unit, each.id, "consolidate") for each in members):
        return None
    if any(is_moving(unit, f"document:{each.id}") for each in members):
        return None
    sets = [one for each in members for one in unit.transactions.all_of_document(each.id) if one.direction == "out"]
    rejected = any(one.acknowledgment == Verdict.REJECTED for one in sets)
    return found if rejected and not any(_is_about(unit, one) for one in sets) else None


def still_theirs(unit: Unit, row: TransactionRow) -> TransactionRow | None:
    """Of a set that takes the place of a rejected one: another set of it that is not rejected after all; None: it may go."""
    return next(iter(unrejected(unit, row)), None) if _takes_place(unit, row) else None


def taken_late(unit: Unit, row: TransactionRow) -> TransactionRow | None:
    """Of a set that took the place of a rejected or missed one, and left: that one, where they took it after all."""
    if not _takes_place(unit, row):
        return None
    return next((one for one in unrejected(unit, row) if one.id < row.id and one.acknowledgment in VERDICTS), None)


def replaced_by(unit: Unit, row: TransactionRow) -> TransactionRow | None:
    """The unrejected set that has taken the place of this one since; None where none has."""
    return next((one for one in unrejected(unit, row) if one.id > row.id and _takes_place(unit, one)), None)


def unrejected(unit: Unit, row: TransactionRow) -> list[TransactionRow]:
    """The other sets of the same document, or of one made from it or that it was made from, that the partner has not rejected."""
    documents = unit.descent.family(f"document:{row.document_id}") if row.document_id else set()
    sets = unit.descent.family(f"transaction:{row.id}") | {
        f"transaction:{one.id}" for each in documents for one in unit.transactions.all_of_document(each.partition(":")[2])
    }
    others = [unit.transactions.get(int(each.partition(":")[2])) for each in sets if each != f"transaction:{row.id}"]
    return sorted((one for one in others if one.direction == "out" and _is_about(unit, one)), key=lambda one: one.id)


def is_given_up(unit: Unit, document: str) -> bool:
    """Whether the way of a document of ours ended before anything of it left: the partner will never see it."""
    sets = [one for one in unit.transactions.all_of_document(document) if one.direction == "out"]
    about = any(one.acknowledgment == Verdict.REJECTED or _is_about(unit, one) for one in sets)
    return not about and not is_moving(unit, f"document:{document}")


def _takes_place(unit: Unit, row: TransactionRow) -> bool:
    """Whether it goes as an original because one before it was rejected; a replacement goes beside what it replaces."""
    if row.document_id is None:
        return False
    made_from = (*unit.descent.parents(f"transaction:{row.id}"), *unit.descent.parents(f"document:{row.document_id}"))
    if not any(each.how in ("re-envelope", "correct", AGAIN) for each in made_from):
        return False
    return getattr(unit.documents.read(row.document_id), "purpose", ORIGINAL) == ORIGINAL


def _descends(unit: Unit, document: str, how: str) -> bool:
    return any(each.how == how for each in unit.descent.parents(f"document:{document}"))


def _members(unit: Unit, first: DocumentRow) -> list[DocumentRow]:
    """A document and those it was corrected to or from."""
    ids = (each.partition(":")[2] for each in unit.descent.family(f"document:{first.id}"))
    return [row for id in ids if (row := unit.documents.find(id)) is not None]


def _is_about(unit: Unit, row: TransactionRow) -> bool:
    """Whether they have it, may have it or are to get it, and did not reject it.

    What a person dismissed before it left is nothing to anybody; what they answered they have, and what an attempt to send may
    have brought there they may have, though a person let it be.
    """
    if row.acknowledgment == Verdict.REJECTED or _is_missed(unit, row):
        return False
    if row.delivery in LEFT or row.acknowledgment in VERDICTS:
        return True
    moved = unit.interchanges.get(row.interchange_id).transmission_id if row.interchange_id else None
    flows = unit.flows.of(f"transmission:{moved}" if moved else f"transaction:{row.id}")
    return any(flow.state not in _OVER or unit.attempts.in_doubt(flow) for flow in flows)


def _is_missed(unit: Unit, row: TransactionRow) -> bool:
    """Whether they never answered it and, as a person said, do not have it: it was re-enveloped, and that was not dismissed."""
    if row.acknowledgment in VERDICTS:
        return False
    made = [each.child for each in unit.descent.children(f"transaction:{row.id}") if each.how == "re-envelope"]
    instead = [unit.transactions.get(int(each.partition(":")[2])) for each in made]
    return any(one.acknowledgment == Verdict.REJECTED or _is_about(unit, one) for one in instead)


def is_moving(unit: Unit, subject: str) -> bool:
    """Whether something is still on its way, or held on it; what was dismissed is not."""
    return any(flow.state not in _OVER for flow in unit.flows.of(subject))


def close_waiting(unit: Unit, row: TransactionRow, because: str) -> None:
    """What waited for an answer to a set, or for a person to look at it, waits no longer."""
    for flow in unit.flows.of(f"transaction:{row.id}"):
        if flow.stage == "await" and flow.state in ("held", "dead"):
            unit.flows.move(flow, state="done", because=because)
