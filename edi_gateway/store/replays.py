"""Replays: one row each, and one for each set in it, so that one that was stopped goes on where it was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias

import msgspec
import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.store.connection import Connection
from edi_gateway.store.known import check_selection
from edi_gateway.store.prepared import new_row, rows_by
from edi_gateway.store.rows import as_row
from edi_gateway.store.selection import Selection
from edi_gateway.store.tables import replay, replay_item

Origin: TypeAlias = Literal["raw", "parsed", "mapped"]
Versions: TypeAlias = Literal["current", "pinned"]
Numbers: TypeAlias = Literal["new", "kept"]


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """How a replay runs. ``sends`` is the word that what was sent or posted is to be sent or posted again."""

    origin: Origin = "parsed"
    versions: Versions = "current"
    numbers: Numbers = "new"
    sends: bool = False
    is_dry: bool = False


class ReplayRow(msgspec.Struct, frozen=True):
    """A replay. ``state`` is running or done; of a dry run also confirmed: it became a replay that is none."""

    id: int
    origin: Origin
    versions: Versions
    numbers: Numbers
    sends: bool
    is_dry: bool
    selection: str
    because: str
    actor: str
    state: str
    started_at: datetime
    changed_at: datetime

    @property
    def terms(self) -> Terms:
        return Terms(**{name: getattr(self, name) for name in Terms.__struct_fields__})


class ReplayItem(msgspec.Struct, frozen=True):
    """One set in a replay. ``differences`` is JSON: a list of lines, each a difference in meaning."""

    replay_id: int
    transaction_id: int
    state: str
    effect: str
    text: str
    differences: str
    child: str

    @property
    def told(self) -> list[str]:
        lines: list[str] = msgspec.json.decode(self.differences, type=list[str])
        return lines


class Replays:
    """The replays of one unit of work."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def add(self, terms: Terms, selection: Selection, *, because: str, by: str) -> int:
        """Records a replay of all sets that are meant now, however many; returns its number. Raises as ``check_selection``."""
        check_selection(self._connection, selection)
        id = self._add(terms, msgspec.json.encode(selection).decode(), because, by)
        self._mean(id, selection.query().subquery().c.id)
        return id

    def add_like(self, dry: ReplayRow, *, by: str) -> int:
        """Records a replay of the very sets a dry run looked at, however many and whatever is meant by its words now."""
        id = self._add(msgspec.structs.replace(dry.terms, is_dry=False), dry.selection, dry.because, by)
        looked_at = sa.select(replay_item.c.transaction_id).where(replay_item.c.replay_id == dry.id).subquery()
        self._mean(id, looked_at.c.transaction_id)
        return id

    def _add(self, terms: Terms, selection: str, because: str, by: str) -> int:
        now = self._clock.now()
        values = msgspec.structs.asdict(terms) | {
            "selection": selection,
            "because": because,
            "actor": by,
            "state": "running",
            "started_at": now,
            "changed_at": now,
        }
        return int(self._connection.execute(new_row(replay), values).scalar_one())

    def _mean(self, id: int, sets: sa.ColumnElement[int]) -> None:
        """Gives every set its item, which has not had its turn; the database does, so that there may be any number."""
        items = sa.select(sa.literal(id), sets, sa.literal("open"))
        self._connection.execute(replay_item.insert().from_select(["replay_id", "transaction_id", "state"], items))

    def find(self, id: int) -> ReplayRow | None:
        row = self._connection.execute(rows_by(replay, "id"), {"id": id}).first()
        return as_row(ReplayRow, row) if row else None

    def newest(self, limit: int, *, partner: str | None = None, before: int | None = None) -> list[ReplayRow]:
        """The newest replays first: all, or those of which one partner's sets alone were meant; older than one."""
        query = sa.select(replay).order_by(replay.c.id.desc()).limit(limit)
        if partner is not None:  # in a text of the selection's a quote has a backslash before it, so that only its field reads so
            said = f'"partner":{msgspec.json.encode(partner).decode()}'
            query = query.where(replay.c.selection.contains(said, autoescape=True))
        if before is not None:
            query = query.where(replay.c.id < before)
        return [as_row(ReplayRow, row) for row in self._connection.execute(query)]

    def running(self) -> list[ReplayRow]:
        """The replays that are not through, oldest first; without dry runs."""
        here = sa.and_(replay.c.state == "running", replay.c.is_dry.is_(False))
        return [as_row(ReplayRow, row) for row in self._connection.execute(sa.select(replay).where(here).order_by(replay.c.id))]

    def give_up(self, id: int, because: str) -> int:
        """The sets that have not had their turn do not get one any more; how many these are."""
        here = sa.and_(replay_item.c.replay_id == id, replay_item.c.state == "open")
        return self._connection.execute(replay_item.update().where(here).values(state="failed", text=because)).rowcount

    def open_items(self, id: int, limit: int, after: int = 0) -> list[ReplayItem]:
        """Sets that have not had their turn, in the order they came."""
        here = sa.and_(replay_item.c.replay_id == id, replay_item.c.state == "open", replay_item.c.transaction_id > after)
        rows = self._connection.execute(sa.select(replay_item).where(here).order_by(replay_item.c.transaction_id).limit(limit))
        return [as_row(ReplayItem, row) for row in rows]

    def items(self, id: int, limit: int, after: int = 0) -> list[ReplayItem]:
        """The sets of a replay, behind one, in the order they came."""
        here = sa.and_(replay_item.c.replay_id == id, replay_item.c.transaction_id > after)
        rows = self._connection.execute(sa.select(replay_item).where(here).order_by(replay_item.c.transaction_id).limit(limit))
        return [as_row(ReplayItem, row) for row in rows]

    def take(self, item: ReplayItem) -> bool:
        """Takes a set's turn for us: True for exactly one of all who try; what follows is in the same transaction."""
        return self._set(item, {"state": "done"}, only_open=True)

    def end(self, item: ReplayItem, **values: Any) -> None:
        """Records what came of a set."""
        self._set(item, values, only_open=False)

    def _set(self, item: ReplayItem, values: Mapping[str, Any], *, only_open: bool) -> bool:
        here = [replay_item.c.replay_id == item.replay_id, replay_item.c.transaction_id == item.transaction_id]
        here += [replay_item.c.state == "open"] if only_open else []
        return self._connection.execute(replay_item.update().where(*here).values(values)).rowcount == 1

    def finish(self, id: int) -> None:
        """Every set had its turn."""
        self._connection.execute(replay.update().where(replay.c.id == id).values(state="done", changed_at=self._clock.now()))

    def confirm(self, id: int) -> bool:
        """A dry run that is through becomes a replay: True for exactly one of all who say so."""
        here = sa.and_(replay.c.id == id, replay.c.is_dry.is_(True), replay.c.state == "done")
        values = {"state": "confirmed", "changed_at": self._clock.now()}
        return self._connection.execute(replay.update().where(here).values(values)).rowcount == 1

    def counts(self, id: int) -> dict[tuple[str, str], int]:
        """How many sets are in each (state, effect)."""
        query = sa.select(replay_item.c.state, replay_item.c.effect, sa.func.count()).where(replay_item.c.replay_id == id)
        rows = self._connection.execute(query.group_by(replay_item.c.state, replay_item.c.effect))
        return {(row[0], row[1]): int(row[2]) for row in rows}
