"""Plan: what files that are not in force yet would change, shown on real documents before anything is applied.

Each document goes through what is in force and through the files, as far as both are pure: who sent it, what is agreed, what
validation and guide find, the document the map makes, the rules over what the ERP had said of it; and, for what we send, the
draft of what the ERP had told and the set that is written. Nothing is stored, numbered or sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from edi_gateway.operations.plan_anew import write_again
from edi_gateway.operations.plan_difference import AS_BEFORE, Difference, between
from edi_gateway.operations.plan_documents import Lost, Received, Replayed
from edi_gateway.operations.plan_inbound import take_in
from edi_gateway.operations.plan_outbound import as_sent
from edi_gateway.operations.plan_side import Side


class Planned(NamedTuple):
    """One document: what would change of it. ``name`` is how people know it, ``partner`` whose it is, if anybody's."""

    name: str
    set: str
    direction: str
    partner: str
    difference: Difference


def plan(before: Side, after: Side, documents: Iterable[Replayed]) -> Iterator[Planned]:
    """What becomes of each document under both sides, one at a time."""
    for given in documents:
        if isinstance(given, Lost):
            yield Planned(given.name, given.code, "in", given.partner, Difference("not replayed", (given.because,)))
            continue
        document = as_sent(given, before, after)
        if isinstance(document, Received):
            direction, was, will = "in", take_in(before, document), take_in(after, document)
        else:
            direction, (was, will) = "out", write_again(before, after, document)
        yield Planned(document.name, document.code, direction, will.partner or was.partner, between(was, will))


def counts(planned: Iterable[Planned]) -> Counter[str]:
    """How many documents would change how."""
    return Counter(one.difference.how for one in planned)


def anything(planned: Iterable[Planned]) -> bool:
    """Whether anything would change."""
    return any(one.difference.how not in AS_BEFORE for one in planned)
