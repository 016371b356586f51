"""After a restore: what happened since the backup is not on record, so no number is used twice and nothing goes on unseen.

Numbers jump past whatever may have been drawn since; what was on its way at the backup is held, because it may have gone. Replays
that were running do not go on, because they may have; what lay in an outbox lies there no more, because it may have been fetched;
and what people were told since they are not told again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from edi_gateway.errors import WrongInput
from edi_gateway.operations.apply import in_force
from edi_gateway.operations.restore_alerts import count_as_told
from edi_gateway.operations.restore_outboxes import hold_what_lay_there, move_outboxes_aside, tell_unknown
from edi_gateway.pipeline.outbound.labels import LABELS, least_labels
from edi_gateway.store.database import Database
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.wording import count

LEAST_JUMP = 1000
_SAFETY = 10  # times what is usual for the time that passed
_MONTH = timedelta(days=30)
_UNFINISHED = ("ready", "attempting", "waiting")
_HARMLESS = ("await", "confirm", "acknowledge", "repeat")  # what they do twice is no harm; 'await' sends nothing again after it
RESTORED = "restored from a backup"  # how the reason of what is held for it begins


class AfterRestore(NamedTuple):
    """How far numbers jumped, and how many flows wait to be reconciled; ``aside`` of them for what lay in an outbox.

    ``replays`` counts sets that a replay did not come to, ``alerts`` those that are open; ``head`` is the last event there is:
    whoever follows events goes on behind it. ``unknown`` counts files in outboxes that are not on record, and stay there.
    """

    jump: int
    held: int
    replays: int = 0
    alerts: int = 0
    head: int = 0
    aside: int = 0
    unknown: int = 0


def after_restore(
    store: Database, made_at: datetime, *, by: str, jump: int | None = None, data: Path | None = None
) -> AfterRestore:
    """Makes a restored store safe to run, in one transaction. Without ``jump`` it is ten times the usual, and 1000 at least.

    Labels are drawn by the hundred, so their counters go ten times what is usual of them, and 100,000 at least, in any case.

    ``data`` is the data folder that was restored, whose outboxes are emptied first of what is on record; without it there are
    none of ours.
    """
    directory = in_force(store)
    unknown: list[Path] = []
    if data is not None:
        with store.read() as unit:
            unknown = move_outboxes_aside(unit, data)
    alerts = count_as_told(store, directory.alerts) if directory else 0
    with store.write() as unit:
        jump = usual_jump(unit, made_at) if jump is None else jump
        unit.control_numbers.jump(jump, _label_jumps(unit, made_at, jump))
        held = sum(_hold(unit, flow, made_at) for state in _UNFINISHED for flow in unit.flows.in_state(state))
        aside = hold_what_lay_there(unit, data, made_at, RESTORED) if data is not None else 0
        held += aside
        for path in unknown:
            tell_unknown(unit, path)
        for run in sorted(unit.runs.missing(0)):
            unit.runs.bury(run, "copied")  # it ran when the backup was made: nothing died here
        stopped = sum(_give_up(unit, each.id, made_at) for each in unit.replays.running())
        text = f"restored from a backup of {made_at:%Y-%m-%d %H:%M} UTC: numbers jump by {jump}, held: {count(held, 'flow')}"
        unit.events.tell("store.restored", "store:1", text, actor=by)
    with store.read() as unit:
        return AfterRestore(jump, held, stopped, alerts, unit.events.head().events, aside, len(unknown))


def refuse_never_restored(store: Database) -> None:
    """Raises WrongInput for a store that is no restored one: what is found out after a restore is not for the old gateway."""
    with store.read() as unit:
        if not unit.events.of_kind("store.restored"):
            raise WrongInput(
                "nothing was ever restored here, so nothing is left to find out",
                do="name the restored data folder with --data; after pg_restore give 'restore jump' first",
            )


def _give_up(unit: Unit, replay: int, made_at: datetime) -> int:
    """A replay that was running may have come to its end since: what it had not come to is for a person to look at."""
    because = f"{RESTORED} of {made_at:%Y-%m-%d %H:%M} UTC: it may have been replayed since; look, and replay it anew if not"
    stopped = unit.replays.give_up(replay, because)
    unit.replays.finish(replay)
    unit.events.tell("replay.ended", f"replay:{replay}", f"{stopped} sets were not replayed: {because}")
    return stopped


def usual_jump(unit: Unit, made_at: datetime) -> int:
    """Ten times the sets that were sent, in the month before the backup, in as long a time as passed since."""
    sent = unit.interchanges.sent_between(made_at - _MONTH, made_at)
    return max(LEAST_JUMP, _as_usual(unit, sent, made_at))


def _label_jumps(unit: Unit, made_at: datetime, jump: int) -> dict[str, int]:
    """By counter of labels: ten times those that went, in the month before the backup, in as long a time; ``jump`` at least."""
    jumps = {}
    for scope in unit.control_numbers.scopes(LABELS):
        prefix = scope.removeprefix(LABELS)
        usual = _as_usual(unit, unit.label_uses.used_between(prefix, made_at - _MONTH, made_at), made_at)
        jumps[scope] = max(jump, usual, least_labels(prefix))
    return jumps


def _as_usual(unit: Unit, in_a_month: int, made_at: datetime) -> int:
    passed = max(unit.clock.now() - made_at, timedelta())
    return round(_SAFETY * in_a_month * (passed / _MONTH))


def _hold(unit: Unit, flow: FlowRow, made_at: datetime) -> bool:
    if flow.stage in _HARMLESS:
        return False
    because = (
        f"{RESTORED} of {made_at:%Y-%m-%d %H:%M} UTC, at '{flow.stage}': it may have gone on since — "
        "'edi-gateway restore reconcile' asks, else look there; then resume or dismiss it"
    )
    if flow.state == "waiting":
        unit.flows.move(flow, state="ready")
        flow = unit.flows.get(flow.id) or flow
    return unit.flows.move(flow, state="held", because=because)
