"""Rights: what one has to be allowed for each operation. Both doors, the console and the API, look it up here."""

from __future__ import annotations

from typing import NamedTuple

from edi_gateway.operations.access import What

RIGHTS: dict[str, What] = {
    "compliance.try": "read",  # nothing is recorded
    "search.save": "read",  # for whoever saves it
    "partner.change": "configure",
    "partner.certify": "configure",
    "connection.change": "configure",
    "connection.try": "try",
    "certificate.change": "configure",
    "cross_reference.change": "configure",
    "hold.place": "operate",
    "hold.resume": "operate",  # also of what waited for a cross-reference
    "hold.dismiss": "operate",
    "hold.reject": "operate",
    "hold.delivered": "operate",
    "hold.correct": "operate",
    "approval.answer": "operate",
    "alert.acknowledge": "operate",
    "document.send": "operate",  # a new one, keyed in or given in
    "document.again": "operate",
    "document.correct": "operate",
    "payload.give": "operate",
    "deposit.enter": "operate",
    "replay.begin": "operate",
    "replay.go_on": "operate",
    "schedule.act": "operate",
    "person.change": "administer",
    "key.change": "administer",
    "webhook.change": "administer",
}


class Right(NamedTuple):
    """What a door asks for: to be allowed ``what``, and for which operation; none: to look, or to try something out.

    Every door carries it as its ``right``, by which the two are held against each other.
    """

    what: What
    operation: str = ""


def right_to(operation: str) -> Right:
    """What an operation asks for, at whichever door."""
    return Right(RIGHTS[operation], operation)
