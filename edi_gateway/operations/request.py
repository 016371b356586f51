"""What a person asks to be done again with a set of ours, why, and who; and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.pipeline.outbound.judge import stopped_now
from edi_gateway.pipeline.outbound.originals import LEFT, VERDICTS, WITH_THEM
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.rows import TransactionRow
from edi_gateway.store.unit import Unit


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """``arguments`` are the operation's own, kept as JSON where the request has to wait for a second person."""

    operation: str
    transaction: int
    because: str
    by: str
    arguments: dict[str, str] = {}

    @property
    def subject(self) -> str:
        return f"transaction:{self.transaction}"


class Answer(NamedTuple):
    """What came of a request, in a sentence; ``child`` is what was made, ``approval`` what waits for a second person."""

    text: str
    child: str = ""
    approval: int | None = None


def reasoned(because: str) -> str:
    """The reason, which goes on record. Raises WrongInput where there is none."""
    if not because.strip():
        raise WrongInput("a reason is needed", do="say in 'because' (--because) why")
    return because.strip()


def sent_set(unit: Unit, id: int) -> TransactionRow:
    """A set of ours that has left. Raises WrongInput for any other."""
    row = unit.transactions.find(id)
    if row is None:
        raise WrongInput(f"there is no set {id}", do="see 'edi-gateway transmission sets'")
    if row.direction != "out":
        raise WrongInput(
            f"set {id} came from {row.partner}; only what we sent goes again", do="'edi-gateway replay' runs it again"
        )
    answered = row.delivery in LEFT and row.acknowledgment in VERDICTS  # its receipt proves no more than that
    if row.interchange_id is None or not (row.delivery in WITH_THEM or answered):
        raise WrongInput(f"{name_of(row)} has not left yet ({row.delivery})", do="see 'edi-gateway hold list' for what keeps it")
    return row


def refuse_stopped(unit: Unit, tools: Tools, sets: Iterable[TransactionRow]) -> None:
    """Raises WrongInput where compliance rules stop now what was not stopped, or was let go, when these sets left."""
    if stops := stopped_now(unit, tools, sets):
        told = "; ".join(str(each) for each in stops)
        raise WrongInput(f"it may not go again as it is: {told}", do="mend the cause, or correct the document and send that")


def do_left_out(row: TransactionRow) -> str:
    """What is to be done about a set of ours that they left out where they answered what went beside it."""
    if row.acknowledgment == "none":  # a second original of it would go whenever somebody asked
        return "no answer to it is awaited, so none will be overdue: ask them; only what they reject goes again"
    return "ask them for its answer; once that is overdue and they miss it, re-envelope it"


def name_of(row: TransactionRow) -> str:
    """How messages call a set."""
    return f"{row.code} {row.business_number}".strip()
