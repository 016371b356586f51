"""Cross-reference: a partner's codes and ours, added one at a time or by the table, and what was held for them goes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from edi_gateway.operations.resume import resume_each
from edi_gateway.store.database import Database
from edi_gateway.trading.cross_reference import CrossReference

MENDED_BY = "xref add"  # what the hold of a miss says
_STAGES = ("translate", "consult", "deliver")


class Comparison(NamedTuple):
    """What putting a table in force changes: entries that are new, changed, as they are, or not in it any more."""

    new: list[CrossReference]
    changed: list[CrossReference]
    same: list[CrossReference]
    absent: list[CrossReference]


def compare(store: Database, partner: str, entries: Sequence[CrossReference]) -> Comparison:
    """How a table differs from what is in force; changes nothing."""
    with store.read() as unit:
        there = {each.key: each for each in unit.cross_references.of(partner)}
    given = {each.key for each in entries}
    return Comparison(
        new=[each for each in entries if each.key not in there],
        changed=[each for each in entries if each.key in there and there[each.key] != each],
        same=[each for each in entries if there.get(each.key) == each],
        absent=[each for key, each in there.items() if key not in given],
    )


def put_in_force(
    store: Database, partner: str, entries: Sequence[CrossReference], *, by: str, replace: bool = False
) -> Comparison:
    """Adds and changes entries in one transaction; with ``replace`` those that are not among them go."""
    found = compare(store, partner, entries)
    with store.write() as unit:
        unit.cross_references.save(partner, [*found.new, *found.changed], by=by)
        if replace:
            unit.cross_references.remove(partner, found.absent)
        text = f"cross-references of {partner}: {len(found.new)} new, {len(found.changed)} changed"
        text += f", {len(found.absent)} taken away" if replace else ""
        if len(entries) == 1:
            text += f"; {entries[0].kind} {entries[0].theirs} is {entries[0].ours}"
        unit.events.tell("cross_reference.changed", f"partner:{partner}", text, partner=partner, actor=by)
    return found


def take_away(store: Database, partner: str, key: tuple[str, str, str, date | None], *, by: str) -> bool:
    """Takes the one entry of this key away; False where there is none."""
    with store.write() as unit:
        there = [each for each in unit.cross_references.of(partner) if each.key == key]
        if not there:
            return False
        unit.cross_references.remove(partner, there)
        text = f"cross-references of {partner}: {there[0].kind} {there[0].theirs} taken away"
        unit.events.tell("cross_reference.changed", f"partner:{partner}", text, partner=partner, actor=by)
    return True


def with_first_day_there(store: Database, partner: str, entry: CrossReference) -> CrossReference:
    """``entry`` under the first day of the one there is for its code: a correction replaces, it does not stand beside."""
    with store.read() as unit:
        same = [
            each
            for each in unit.cross_references.of(partner, entry.kind)
            if (each.qualifier, each.code) == (entry.qualifier, entry.code)
        ]
    return msgspec.structs.replace(entry, valid_from=same[-1].valid_from) if same and entry.valid_from is None else entry


def resume_held(store: Database, partner: str, entry: CrossReference | None = None, *, by: str) -> list[int]:
    """Lets everything go on that is held for a miss of this partner, or of this one code; what still misses something is held
    again."""
    with store.read() as unit:
        held = [flow for flow in unit.flows.in_state("held") if flow.partner == partner and flow.stage in _STAGES]
    waiting = [flow.id for flow in held if MENDED_BY in flow.because and (entry is None or _names(flow.because, entry))]
    return resume_each(store, waiting, by=by)


def _names(because: str, entry: CrossReference) -> bool:
    """Whether a hold says that this very code is missing; it names all that the buyer has for one thing."""
    code = f"'{entry.theirs}'" if entry.qualifier else f":{entry.code}'"
    misses = because.split(" is in no cross-reference")[:-1]  # behind the last of them is only how to mend it
    return any(code in miss.partition(f": {entry.kind} ")[2] for miss in misses)
