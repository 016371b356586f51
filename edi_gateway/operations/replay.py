"""Replay: our stages once more on what we have; nothing is sent or posted twice unless the terms say so.

A replay is a row with an item a set. Each item is computed with no transaction open, and recorded with what it sets going in one
transaction that also takes its turn; so a replay that is killed goes on with the items that have not had theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from edi_gateway.errors import GatewayError, WrongInput
from edi_gateway.operations.pins import Pins
from edi_gateway.operations.recompute import Recomputed, recompute
from edi_gateway.operations.replay_effects import Again, Effect, classify, take_effect
from edi_gateway.operations.request import reasoned
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.descent import DescentRow
from edi_gateway.store.replays import ReplayItem, ReplayRow, Terms
from edi_gateway.store.rows import TransactionRow
from edi_gateway.store.selection import Selection
from edi_gateway.store.unit import Unit
from edi_gateway.wording import count

BATCH = 20  # items recorded in one commit


class _Computed(NamedTuple):
    """What an item came to, or why it came to nothing."""

    item: ReplayItem
    row: TransactionRow
    result: Recomputed | None = None
    trouble: str = ""


def terms(*, origin: str, versions: str, numbers: str, sends: bool, is_dry: bool) -> Terms:
    """The terms somebody gave in words. Raises WrongInput for words there are not."""
    given = {"origin": origin, "versions": versions, "numbers": numbers, "sends": sends, "is_dry": is_dry}
    try:
        return msgspec.convert(given, Terms)
    except msgspec.ValidationError:
        raise WrongInput(f"a replay is from raw, parsed or mapped, not from '{origin}'") from None


def begin(tools: Tools, selection: Selection, terms: Terms, *, because: str, by: str) -> int:
    """Records a replay of what is selected now, and why; returns its number. Raises WrongInput without a reason or a set."""
    reason = reasoned(because)
    with tools.store.write() as unit:
        return _begin(unit, selection, terms, reason, by)


def confirm(tools: Tools, dry_id: int, *, by: str) -> int:
    """Begins to do what a dry run looked at, once; returns the number of the replay it became.

    Raises WrongInput for what is no dry run, is not through yet, or became a replay already.
    """
    with tools.store.write() as unit:
        dry = unit.replays.find(dry_id)
        if dry is None or not dry.is_dry:
            raise WrongInput(f"replay {dry_id} was no preview", do="begin a new one")
        if not unit.replays.confirm(dry_id):
            raise _not_now(unit, dry_id)
        id = unit.replays.add_like(dry, by=by)
        _tell_begun(unit, id, msgspec.structs.replace(dry.terms, is_dry=False), dry.because, by)
        unit.descent.add(f"replay:{id}", f"replay:{dry_id}", "replay", because=dry.because, by=by)
    return id


def became(tools: Tools, dry_id: int) -> DescentRow | None:
    """What a dry run became, ``child`` naming the replay, and on whose word; None where nobody confirmed it."""
    with tools.store.read() as unit:
        return next(iter(unit.descent.children(f"replay:{dry_id}")), None)


def _not_now(unit: Unit, dry_id: int) -> WrongInput:
    """Why a dry run cannot be confirmed."""
    for done in unit.descent.children(f"replay:{dry_id}"):
        number = done.child.partition(":")[2]
        return WrongInput(f"preview {dry_id} was confirmed already, by {done.actor}", do=f"see what came of it: replay {number}")
    return WrongInput(f"preview {dry_id} is not through yet", do="wait for it, and read what it would do")


def _begin(unit: Unit, selection: Selection, terms: Terms, reason: str, by: str) -> int:
    id = unit.replays.add(terms, selection, because=reason, by=by)
    _tell_begun(unit, id, terms, reason, by)
    return id


def _tell_begun(unit: Unit, id: int, terms: Terms, reason: str, by: str) -> None:
    """Tells of a replay and how many sets are meant. Raises WrongInput where it is none."""
    meant = sum(unit.replays.counts(id).values())
    if not meant:
        raise WrongInput("no set is meant by that", do="see 'edi-gateway transmission sets'")
    how = "dry run, " * terms.is_dry + f"from {terms.origin}, {terms.versions} versions" + ", sends again" * terms.sends
    unit.events.tell("replay.begun", f"replay:{id}", f"{count(meant, 'set')}, {how}: {reason}", actor=by)


def go_on(tools: Tools, id: int, *, by: str) -> None:
    """Records who lets a replay that was stopped go on; ``run`` then does. Raises WrongInput for one there is not."""
    find(tools, id)
    with tools.store.write() as unit:
        left = sum(sets for (state, _), sets in unit.replays.counts(id).items() if state == "open")
        unit.events.tell("replay.resumed", f"replay:{id}", f"{count(left, 'set')} left: it goes on", actor=by)


def run(tools: Tools, id: int, *, progress: Callable[[int], None] = lambda _count: None) -> None:
    """Replays the sets that have not had their turn; two who run the same replay share them. ``progress`` hears how many."""
    replay = find(tools, id)
    pins, last = Pins(tools.store), 0
    while items := _next(tools, id, last):
        last = items[-1].transaction_id
        computed = [_compute(tools, replay.terms, item, pins) for item in items]
        with tools.store.write() as unit:
            for each in computed:
                _record(unit, tools, replay, each)
        progress(len(items))
    _finish(tools, replay)


def find(tools: Tools, id: int) -> ReplayRow:
    """The replay of a number. Raises WrongInput where there is none."""
    with tools.store.read() as unit:
        row = unit.replays.find(id)
    if row is None:
        raise WrongInput(f"there is no replay {id}", do="see 'edi-gateway replay list'")
    return row


def _next(tools: Tools, id: int, after: int) -> list[ReplayItem]:
    with tools.store.read() as unit:
        return unit.replays.open_items(id, BATCH, after)


def _compute(tools: Tools, terms: Terms, item: ReplayItem, pins: Pins) -> _Computed:
    with tools.store.read() as unit:
        row = unit.transactions.get(item.transaction_id)
    try:
        return _Computed(item, row, recompute(tools, row, terms, pins))
    except GatewayError as error:
        return _Computed(item, row, trouble=str(error))


def _record(unit: Unit, tools: Tools, replay: ReplayRow, computed: _Computed) -> None:
    """Takes the item's turn and does what follows from it: both or neither."""
    if not unit.replays.take(computed.item):
        return
    if computed.result is None:
        unit.replays.end(computed.item, state="failed", text=computed.trouble)
        return
    told = msgspec.json.encode(computed.result.differences).decode()
    row = unit.transactions.get(computed.row.id)  # it may have moved since
    effect = classify(unit, row, replay.terms)
    again = Again(row, computed.result, replay.terms, replay.because, replay.actor)
    try:
        with unit.savepoint():
            done = Effect(effect.kind, effect.text) if replay.is_dry else take_effect(unit, tools, effect, again)
    except GatewayError as error:
        unit.replays.end(computed.item, state="failed", text=str(error), differences=told)
        return
    unit.replays.end(computed.item, effect=done.kind.value, text=done.text, differences=told, child=done.child)


def _finish(tools: Tools, replay: ReplayRow) -> None:
    with tools.store.write() as unit:
        if replay.state != "running" or unit.replays.open_items(replay.id, 1):
            return
        unit.replays.finish(replay.id)
        counts = unit.replays.counts(replay.id)
        said = ", ".join(f"{sets} {effect or state}" for (state, effect), sets in sorted(counts.items()))
        unit.events.tell("replay.ended", f"replay:{replay.id}", said, actor=replay.actor)
