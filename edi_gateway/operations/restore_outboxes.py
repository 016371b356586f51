"""After a restore: what lay in the mailboxes' outboxes at the backup may have been fetched since, so it lies there no more.

Files that are on record are moved out of the partners' sight, and each that a partner had not fetched by then waits for a person:
resumed it is put back under its name, dismissed it is left where it is. A file that is not on record may have left after the
database's backup, and be in no other place: it stays for the partner, and is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import file_digest
from pathlib import Path

from edi_gateway.files import explained, move_aside
from edi_gateway.pipeline.outbound.send import PUT_BACK
from edi_gateway.pipeline.tools import start
from edi_gateway.store.quiet import TAKEN_OUT
from edi_gateway.store.rows import TransmissionRow
from edi_gateway.store.unit import Unit

ASIDE = "outboxes-of-the-backup"
"""The folder in the data folder that they are moved to, one below it for each mailbox."""

_NOT_FETCHED = "sent"


def move_outboxes_aside(unit: Unit, data: Path) -> list[Path]:
    """Empties every outbox of what is on record, and says what stays there; harmless when repeated.

    Raises TryAgain or NeedsPerson where the disk does not do it.
    """
    unknown = []
    for path in [path for outbox in sorted(data.glob("mailboxes/*/outbox")) for path in _files(outbox)]:
        if _transmission_of(unit, path) is None:
            unknown.append(path)
            continue
        aside = data / ASIDE / path.parents[1].name
        with explained("move what a restored outbox holds aside", path):
            aside.mkdir(parents=True, exist_ok=True)
            move_aside(path, aside, path.name)
    return unknown


def tell_unknown(unit: Unit, path: Path) -> None:
    """Says of a file that is not on record where it lies, and that the partner is still to have it."""
    text = (
        f"{'/'.join(path.parts[-4:])} is not on record: it may have left after the backup; it stays there for the partner — "
        "'edi-gateway restore sent' puts it on record; take it away if they have it"
    )
    unit.events.tell("outbox.unknown", "store:1", text)


def lies_in_outbox(data: Path, account: str, name: str, body: bytes) -> bool:
    """Whether these bytes lie under this name in a mailbox's outbox. Raises TryAgain or NeedsPerson if the disk does not say."""
    path = data / "mailboxes" / account / "outbox" / name
    with explained("read what lies in an outbox", path):
        return path.is_file() and path.read_bytes() == body


def hold_what_lay_there(unit: Unit, data: Path, made_at: datetime, restored: str) -> int:
    """Holds, for a person, the transmission of each file that was moved aside and not fetched by the backup; how many."""
    held = 0
    for path in sorted(data.glob(f"{ASIDE}/*/*")):
        one = _transmission_of(unit, path)
        if one is None or one.state != _NOT_FETCHED or _is_stopped(unit, one):
            continue
        because = (
            f"{restored} of {made_at:%Y-%m-%d %H:%M} UTC: {one.name} lay in the outbox then and may have been fetched since; "
            f"it lies in {ASIDE}/{path.parent.name} now — ask the partner; resume puts it back under its name, dismiss lets it be"
        )
        unit.transmissions.change(one.id, detail=f"{TAKEN_OUT}; {one.detail}")
        start(
            unit,
            "send",
            f"transmission:{one.id}",
            partner=one.partner,
            connection=one.connection,
            state="held",
            because=because,
            position=PUT_BACK,
        )
        held += 1
    return held


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.iterdir()) if path.is_file() and not path.name.startswith("."))


def _transmission_of(unit: Unit, path: Path) -> TransmissionRow | None:
    with explained("read what lay in an outbox", path), path.open("rb") as file:
        same = unit.transmissions.of_payload("out", file_digest(file, "sha256").hexdigest())
    return next((one for one in reversed(same) if one.name == path.name), None)


def _is_stopped(unit: Unit, one: TransmissionRow) -> bool:
    """Whether it waits at ``send`` already: a restore that is repeated, or one that was on its way."""
    return any(flow.stage == "send" and flow.state != "done" for flow in unit.flows.of(f"transmission:{one.id}"))
