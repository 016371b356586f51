"""Judge: a document of ours is held against its partner's compliance rules, when it is drafted and each time it is to go again.

Each look is kept beside the one before it, with the version of the pack it was judged by. What goes again is judged by the rules
of now, against the order as it stood before the document first left; whether it is late, by when it first left unrejected.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from edi_gateway.documents.base import Value
from edi_gateway.documents.catalog import ORDER_ANSWERS
from edi_gateway.documents.invoice import Invoice
from edi_gateway.order_to_cash.compliance import Exposure, Verdict, before, examine, exposures, measures_of
from edi_gateway.order_to_cash.money import USUAL
from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.pipeline.outbound.around import around, corrected_by, counted_of
from edi_gateway.pipeline.outbound.billing import billing_terms, rounding_of
from edi_gateway.pipeline.standing import standing_order
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.compliance_checks import Occasion
from edi_gateway.store.rows import DocumentRow, TransactionRow
from edi_gateway.store.threads import StoredThread
from edi_gateway.store.unit import Unit
from edi_gateway.trading.versions import to_json, version_of

BROKEN = ("stopped", "warned")


class Judged(NamedTuple):
    """The verdict of each rule, and what the broken ones may cost."""

    verdicts: tuple[Verdict, ...]
    exposures: tuple[Exposure, ...]

    @property
    def stops(self) -> list[Verdict]:
        """What the document is to be held for."""
        return [verdict for verdict in self.verdicts if verdict.result == "stopped"]


def judge(unit: Unit, tools: Tools, row: DocumentRow, document: Value, threads: Iterable[OrderThread]) -> Judged:
    """A document as the answer to each of the orders it is about; ``threads`` as they stood before it."""
    partner, pack = tools.directory.partner(row.partner), tools.directory.pack(row.partner)
    rounding = rounding_of(billing_terms(unit, tools, row)) if isinstance(document, Invoice) else USUAL
    orders = [(standing_order(unit, thread.document_id), thread) for thread in threads]
    known = [around(unit, tools, row, document, thread) for _, thread in orders]
    examined = [
        examine(order, thread, document, partner, pack, here, rounding=rounding)
        for (order, thread), here in zip(orders, known, strict=True)
    ]
    verdicts = _together(examined)
    return Judged(verdicts, exposures(verdicts, pack, measures_of(document, orders, known[0])) if known else ())


def judge_again(unit: Unit, tools: Tools, row: DocumentRow) -> Judged:
    """A document that has left, or takes the place of one that has, as if it were to leave now for the first time."""
    document = unit.documents.read(row.id)
    told = unit.documents.read(counted_of(unit, row))
    return judge(unit, tools, row, document, [before(each.thread, told) for each in threads_of(unit, row)])


def first_of(unit: Unit, document: str) -> str:
    """The document that was about an order thread first: the first one, where this corrects it."""
    return [document, *corrected_by(unit, document)][-1]


def threads_of(unit: Unit, row: DocumentRow) -> list[StoredThread]:
    """The orders a document is about, its own first; locked in the order of their ids, so that two never wait for each other."""
    others = unit.documents.other_threads(first_of(unit, row.id))
    ids = dict.fromkeys(id for id in (row.thread_id, *others) if id is not None)
    found = {id: unit.threads.get(id) for id in sorted(ids)}
    return [found[id] for id in ids]


def is_counted(unit: Unit, row: DocumentRow) -> bool:
    """Whether its order thread has counted a document that is to be checked: it corrects one that left, or was corrected itself
    while it was held after its check."""
    look = unit.compliance_checks.of(row.id)
    return bool(corrected_by(unit, row.id)) or (look is not None and look.occasion == "correct")


def keep(
    unit: Unit,
    tools: Tools,
    row: DocumentRow,
    judged: Judged,
    occasion: Occasion = "draft",
    rejected: DocumentRow | None = None,
) -> None:
    """Puts a look on record, linked to the one before it: at this document, at the one it corrects, or at the ``rejected`` one
    whose place it takes."""
    if judged.verdicts:
        pack = tools.directory.pack(row.partner)
        corrects = _last_looked_at(unit, rejected) if rejected else next(iter(corrected_by(unit, row.id)), "")
        version = version_of(to_json(pack))
        unit.compliance_checks.record(row.id, row.partner, pack.pack, version, *judged, occasion=occasion, corrects=corrects)


def _last_looked_at(unit: Unit, first: DocumentRow) -> str:
    """Of a document and those it was corrected to or from, the one that was looked at last."""
    family = {each.partition(":")[2] for each in unit.descent.family(f"document:{first.id}")}
    looks = unit.compliance_checks.history(family)
    return looks[-1].document_id if looks else first.id


def tell(unit: Unit, subject: str, row: DocumentRow, judged: Judged) -> None:
    """Tells of every rule that a document breaks which goes all the same."""
    for verdict in judged.verdicts:
        if verdict.result in BROKEN:
            unit.events.tell("compliance.breach", subject, str(verdict), partner=row.partner)


def stopped_now(unit: Unit, tools: Tools, sets: Iterable[TransactionRow]) -> list[Verdict]:
    """What stops sets of ours from going again; what a person let go when they left stops them no more. Writes nothing."""
    return [each for row in _judged_of(unit, sets) for each in _new_stops(unit, row, judge_again(unit, tools, row))]


def goes_again(unit: Unit, tools: Tools, sets: Iterable[TransactionRow], occasion: Occasion) -> None:
    """What goes again has new verdicts: they are kept beside those before, and every rule it breaks is told."""
    for row in _judged_of(unit, sets):
        judged = judge_again(unit, tools, row)
        tell(unit, f"document:{row.id}", row, judged)
        keep(unit, tools, row, judged, occasion)


def _new_stops(unit: Unit, row: DocumentRow, judged: Judged) -> list[Verdict]:
    earlier = unit.compliance_checks.of(row.id)
    let_go = {(each.rule, each.place, each.message) for each in earlier.verdicts} if earlier else set()
    return [each for each in judged.stops if (each.rule, each.place, each.message) not in let_go]


def _judged_of(unit: Unit, sets: Iterable[TransactionRow]) -> list[DocumentRow]:
    """The documents of sets of ours that rules are about, as far as their content is kept and their orders are known."""
    found = (unit.documents.find(each.document_id) for each in sets if each.document_id)
    rows = [row for row in found if row is not None and row.kind in ORDER_ANSWERS and row.thread_id is not None]
    kept = unit.documents.kept([row.id for row in rows])
    return [row for row in rows if row.id in kept]


def _together(examined: list[tuple[Verdict, ...]]) -> tuple[Verdict, ...]:
    """The verdicts of all orders a document is about, each once; a rule is kept where it is for all of them."""
    every = list(dict.fromkeys(verdict for verdicts in examined for verdict in verdicts))
    broken = {verdict.rule for verdict in every if verdict.result != "kept"}
    return tuple(verdict for verdict in every if verdict.result != "kept" or verdict.rule not in broken)
