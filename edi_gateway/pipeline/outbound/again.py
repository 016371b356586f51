"""Again: what was sent goes once more, the same bytes as a transmission of its own; a partner knows it by its control number.

It goes as a whole, so only while the partner answered nothing of it, and over the connection that is theirs now.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from edi_gateway.pipeline.outbound.names import unused_name
from edi_gateway.pipeline.outbound.originals import LEFT, UNCONFIRMED, VERDICTS, is_moving, taken_late
from edi_gateway.pipeline.tools import start
from edi_gateway.store.rows import InterchangeRow, TransactionRow, TransmissionRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import USAGES, Directory
from edi_gateway.trading.profile import MailboxConnection
from edi_gateway.trading.sent_as_files import marked


def send_again(unit: Unit, interchange: InterchangeRow, mark: str, directory: Directory) -> int:
    """Retransmits an interchange of ours under a name of its own, with ``again`` and ``mark`` in it; the transmission's id."""
    first = unit.transmissions.get(interchange.transmission_id or 0)
    connection = directory.partner(interchange.partner or "").under(USAGES.get(interchange.usage)).connection
    name = unused_name(unit, connection, marked(first.name, f"_again{mark}"))
    transmission = unit.transmissions.add(
        direction="out",
        connection=connection,
        partner=first.partner,
        payload=first.payload,
        name=name,
        identity=name,
        state="to send",
    )
    start(unit, "send", f"transmission:{transmission}", partner=first.partner, connection=connection)
    return transmission


class TakenLate(NamedTuple):
    """A set of ours that they took before after all, as ``other``: a copy of its interchange brings them a second original."""

    row: TransactionRow
    other: TransactionRow

    def __str__(self) -> str:
        row, other = self.row, self.other
        return f"they have {row.code} {row.business_number} after all, as set {other.id} ({other.acknowledgment})"


def taken_late_of(unit: Unit, interchange: InterchangeRow) -> TakenLate | None:
    """The first such set of an interchange of ours, which then goes again as little as one that they answered."""
    sets = unit.transactions.in_interchange(interchange.id)
    return next((TakenLate(one, other) for one in sets if (other := taken_late(unit, one)) is not None), None)


def lies_unfetched(unit: Unit, interchange: InterchangeRow, directory: Directory) -> str:
    """That an interchange of ours lies in the mailbox to which it would go again, and nobody has fetched it; nothing where not.

    A second file beside it would bring it to them twice.
    """
    connection = directory.partner(interchange.partner or "").under(USAGES.get(interchange.usage)).connection
    if not isinstance(directory.connection(connection), MailboxConnection):
        return ""
    payload = unit.transmissions.get(interchange.transmission_id or 0).payload
    first = unit.quiet.lies_there(payload, connection)
    return f"it still lies in mailbox {connection} as {first.name}: they have not fetched it" if first else ""


def asks_second(directory: Directory, sets: Iterable[TransactionRow]) -> bool:
    """Whether sets of ours go to their partner again only when a second person agrees, as its profile says of any of them."""
    return any(one.code in directory.partner(one.partner or "").second_person for one in sets)


def times_it_went(unit: Unit, interchange: InterchangeRow) -> list[TransmissionRow]:
    """Every transmission of an interchange of ours, the first and those since, also what never left."""
    return unit.transmissions.of_payload("out", unit.transmissions.get(interchange.transmission_id or 0).payload)


def may_have_gone_twice(unit: Unit, interchange: InterchangeRow) -> bool:
    """Whether more than one copy of an interchange of ours may have reached them: sent again, or a try in doubt."""
    times = times_it_went(unit, interchange)
    subjects = [f"transmission:{one.id}" for one in times]  # and its sets: their wait goes on in the flow that sent it
    subjects += [f"transaction:{one.id}" for one in unit.transactions.in_interchange(interchange.id)]
    flows = [flow for subject in subjects for flow in unit.flows.of(subject)]
    doubtful = sum(unit.attempts.in_doubt(flow) or unit.attempts.open(flow) is not None for flow in flows)
    return sum(one.state in LEFT for one in times) + doubtful > 1


def is_on_its_way(unit: Unit, interchange: InterchangeRow) -> bool:
    """Whether one of them is still to leave, or waits for its receipt; what a person dismissed is over."""
    return any(is_moving(unit, f"transmission:{one.id}") for one in times_it_went(unit, interchange))


def answered_since(unit: Unit, transmission: TransmissionRow) -> str:
    """What they answered of what it brought, this time or another: they have it, whether or not a receipt comes."""
    times = unit.transmissions.of_payload("out", transmission.payload)
    brought = (one for each in times for one in unit.interchanges.in_transmission(each.id))
    return next((answered for one in brought if (answered := answered_of(unit, one))), "")


def receipt_is_settled(unit: Unit, row: TransactionRow) -> None:
    """They answered a set of ours: what waits for the receipt of its interchange, or asks a person about it, waits no longer."""
    if row.delivery != UNCONFIRMED or row.interchange_id is None:
        return
    for one in times_it_went(unit, unit.interchanges.get(row.interchange_id)):
        for flow in unit.flows.of(f"transmission:{one.id}") if one.state == UNCONFIRMED else ():
            if flow.stage == "send" and flow.state in ("waiting", "held", "dead"):
                unit.flows.move(flow, state="ready", due_at=unit.clock.now(), because="")


def answered_of(unit: Unit, interchange: InterchangeRow) -> str:
    """What the partner answered of an interchange of ours, and so has all of it; nothing where it answered nothing."""
    for one in unit.transactions.in_interchange(interchange.id):
        if one.acknowledgment in VERDICTS:
            return f"{one.code} {one.business_number} ({one.acknowledgment}) of the same interchange {interchange.control_number}"
    for group in unit.interchanges.groups(interchange.id):
        if group.acknowledgment in VERDICTS:
            said = f"{group.code} {group.control_number} ({group.acknowledgment})"
            return f"group {said} of the same interchange {interchange.control_number}"
    if interchange.acknowledgment in VERDICTS:
        return f"interchange {interchange.control_number} ({interchange.acknowledgment})"
    return ""
