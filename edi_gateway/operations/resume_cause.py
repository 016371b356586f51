"""Resume by cause: everything that one cause had stopped goes on in one step, once somebody has mended it."""

from __future__ import annotations

from typing import NamedTuple

from edi_gateway.errors import WrongInput
from edi_gateway.operations.resume import asks_approval, resume_each
from edi_gateway.store.database import Database

LEAST = 4  # letters: less than a word would mean nearly everything


class Resumed(NamedTuple):
    """The flows that go on, by number; and how many of that cause are left: those ask for an approval, or have nothing left."""

    resumed: list[int]
    left: int


def resume_cause(store: Database, cause: str, *, partner: str = "", by: str) -> Resumed:
    """Sets going what is held or dead because of something that has ``cause`` in it, in any case; the oldest first.

    Each goes on by itself, so that one that cannot stops no other. Raises WrongInput for a cause of less than four letters, and
    where nothing stopped because of it.
    """
    words = cause.strip().lower()
    if len(words) < LEAST:
        raise WrongInput(f"'{cause}' would mean nearly everything", do="say more of why they stopped, as 'hold list' shows it")
    with store.read() as unit:
        unit.versions.check_partner(partner)
        found = [
            flow
            for state in ("held", "dead")
            for flow in unit.flows.in_state(state)
            if words in flow.because.lower() and partner in ("", flow.partner)
        ]
    if not found:
        raise WrongInput(f"nothing is held or dead because of '{cause}'", do="see 'edi-gateway hold list'")
    going = resume_each(store, sorted(flow.id for flow in found if not asks_approval(flow)), by=by)
    return Resumed(going, len(found) - len(going))
