"""Interchanges and functional groups, and the claims that make an interchange count once."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.sql.dml import ReturningInsert

from edi_gateway.clock import Clock
from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import new_row, row_changed, rows_by, upsert, words
from edi_gateway.store.rows import GroupRow, InterchangeRow, as_row
from edi_gateway.store.tables import functional_group, interchange, interchange_claim, transaction, transmission
from edi_gateway.trading.usage import PRODUCTION, TEST

IN_PART = "read in part"  # the state of an interchange, and of a transmission, of which a person gave up the rest


class Ends(NamedTuple):
    """From whom to whom an answer of theirs went, and in which usage (ISA05 to ISA08, ISA15): where each pair of ids counts its
    own numbers, these say whose number it answers. In no usage at all: whatever it was.
    """

    sender: str = ""
    receiver: str = ""
    usage: str = ""


class Numbered(NamedTuple):
    """Which number of whom an interchange of theirs has: ISA05 to ISA08, ISA15, and ISA13 without zeros ahead."""

    sender: str
    receiver: str
    usage: str
    control_number: str


def nearest(ends: Ends) -> dict[str, str]:
    """The values of ``NEAREST``."""
    return {"their_sender": ends.sender, "their_receiver": ends.receiver, "their_usage": ends.usage}


_BACK = sa.and_(interchange.c.sender == sa.bindparam("their_receiver"), interchange.c.receiver == sa.bindparam("their_sender"))
NEAREST = (
    sa.case((_BACK, 0), else_=1),
    sa.case((interchange.c.usage == sa.bindparam("their_usage"), 0), else_=1),
    interchange.c.id.desc(),
)
"""The order of ours that an answer may be to: what went the other way first; of several the newest."""
_MAY_ANSWER = sa.or_(interchange.c.usage != PRODUCTION, sa.bindparam("their_usage") != TEST)
"""A test answers nothing that went in production; an answer in production may be to a test: partners do that."""

_SENT = (
    sa.select(interchange)
    .where(interchange.c.direction == "out", interchange.c.partner == sa.bindparam("partner"))
    .where(interchange.c.control_number == sa.bindparam("control_number"), _MAY_ANSWER)
    .order_by(*NEAREST)
    .limit(1)
)
_SENT_GROUP = (
    sa.select(functional_group)
    .join(interchange, interchange.c.id == functional_group.c.interchange_id)
    .where(interchange.c.direction == "out", interchange.c.partner == sa.bindparam("partner"))
    .where(
        functional_group.c.code == sa.bindparam("code"),
        functional_group.c.control_number == sa.bindparam("control_number"),
        _MAY_ANSWER,
    )
    .order_by(*NEAREST, functional_group.c.id.desc())
    .limit(1)
)
_THIS = interchange.alias("this_one")
_GROUP_BEFORE = (
    sa.select(functional_group)
    .join(interchange, interchange.c.id == functional_group.c.interchange_id)
    .join(_THIS, sa.and_(*(_THIS.c[name] == interchange.c[name] for name in ("direction", "sender", "receiver", "usage"))))
    .where(_THIS.c.id == sa.bindparam("this"), interchange.c.control_number != _THIS.c.control_number)
    .where(interchange.c.at > sa.bindparam("since"))
    .where(functional_group.c.control_number == sa.bindparam("control_number"), functional_group.c.code == sa.bindparam("code"))
    .order_by(functional_group.c.id.desc())
    .limit(1)
)
_BETWEEN = sa.and_(interchange.c.sender == sa.bindparam("sender"), interchange.c.receiver == sa.bindparam("receiver"))
_LAST = (
    sa.select(interchange.c.control_number)
    .where(interchange.c.direction == "out", interchange.c.partner == sa.bindparam("partner"), _BETWEEN)
    .order_by(interchange.c.id.desc())
    .limit(1)
)
_LAST_GROUP = (
    sa.select(functional_group.c.control_number)
    .join(interchange, interchange.c.id == functional_group.c.interchange_id)
    .where(interchange.c.direction == "out", interchange.c.partner == sa.bindparam("partner"))
    .where(functional_group.c.code == sa.bindparam("code"), sa.or_(_BETWEEN, functional_group.c.gs == sa.bindparam("gs")))
    .order_by(functional_group.c.id.desc())
    .limit(1)
)
_OVERTOOK = (
    sa.select(interchange)
    .join(transmission, transmission.c.id == interchange.c.transmission_id)
    .where(interchange.c.id > sa.bindparam("after"), interchange.c.direction == "out")
    .where(*(interchange.c[name] == sa.bindparam(name) for name in ("partner", "sender", "receiver")))
    .where(transmission.c.state != sa.bindparam("unsent"))
    .order_by(interchange.c.id.desc())
    .limit(1)
)

_WIDTH = 20  # of the column of control numbers
_OF = [interchange_claim.c[name] == sa.bindparam(f"of_{name}") for name in Numbered._fields]
_CLAIM = sa.select(interchange_claim).where(*_OF).with_for_update()
_CLAIMED_ANEW = interchange_claim.update().where(*_OF)
_NOBODYS = sa.select(interchange.c.id).where(
    interchange.c.transmission_id == sa.bindparam("transmission_id"),
    interchange.c.start == sa.bindparam("start"),
    interchange.c.state.in_(words("unknown sender", "held")),
)
_ANSWERED = (
    interchange.update().where(interchange.c.answered_by == sa.bindparam("answered_with")).values({"acknowledgment": "sent"})
)


@cache
def _claimed(insert: Any) -> ReturningInsert[Any]:
    new: ReturningInsert[Any] = insert(interchange_claim).on_conflict_do_nothing().returning(interchange_claim.c.interchange_id)
    return new


class Interchanges:
    """The interchanges and groups of one unit of work; one that writes ``locks`` the groups it finds to be late."""

    def __init__(self, connection: Connection, clock: Clock, *, locks: bool = False) -> None:
        self._connection, self._clock, self._locks = connection, clock, locks

    def add(self, **values: Any) -> int:
        """Records an interchange (columns by name) and returns its id."""
        values.setdefault("at", self._clock.now())
        return int(self._connection.execute(new_row(interchange), values).scalar_one())

    def get(self, id: int) -> InterchangeRow:
        return as_row(InterchangeRow, self._connection.execute(rows_by(interchange, "id"), {"id": id}).one())

    def change(self, id: int, **values: Any) -> None:
        """Sets columns of an interchange."""
        self._connection.execute(row_changed(interchange), {"this": id, **values})

    def claim(self, id: int, numbered: Numbered, window: timedelta) -> int | None:
        """Claims a number for an interchange; None when it is now ours.

        Where it was claimed before, within ``window``, answers the interchange that has it. The unique row makes one partner on
        two connections count once.
        """
        now = self._clock.now()
        ours = {"claimed_at": now, "interchange_id": id}
        if self._connection.execute(_claimed(upsert(self._connection)), {**numbered._asdict(), **ours}).first() is not None:
            return None
        here = {f"of_{name}": value for name, value in numbered._asdict().items()}
        held = self._connection.execute(_CLAIM, here).one()
        if held.claimed_at > now - window:
            return int(held.interchange_id)
        self._connection.execute(_CLAIMED_ANEW, {**here, **ours})
        return None

    def namesakes(self, id: int, numbered: Numbered, window: timedelta) -> list[int]:
        """The interchanges that were taken under this number before, within ``window``; oldest first."""
        query = sa.select(interchange.c.id).where(
            interchange.c.direction == "in",
            interchange.c.sender == numbered.sender,
            interchange.c.receiver == numbered.receiver,
            interchange.c.usage == numbered.usage,
            interchange.c.control_number.in_(_written(numbered.control_number)),
            interchange.c.state.in_(("reading", "read", IN_PART)),
            interchange.c.at > self._clock.now() - window,
            interchange.c.id != id,
        )
        return [row.id for row in self._connection.execute(query.order_by(interchange.c.id))]

    def were_taken_from(self, transmission_id: int) -> bool:
        """Whether a transmission brought an interchange that was taken: not passed over, held or an unknown sender's; and none of
        which the rest was given up."""
        query = sa.select(interchange.c.state).where(interchange.c.transmission_id == transmission_id)
        states = set(self._connection.execute(query).scalars())
        return IN_PART not in states and bool(states & {"reading", "read"})

    def nobodys(self, transmission_id: int, start: int) -> int | None:
        """The interchange at this byte of a transmission, if it was held there: its sender unknown, or its payload an old one."""
        found: int | None = self._connection.execute(_NOBODYS, {"transmission_id": transmission_id, "start": start}).scalar()
        return found

    def in_transmission(self, transmission_id: int) -> list[InterchangeRow]:
        """The interchanges of a transmission in their order."""
        rows = self._connection.execute(rows_by(interchange, "transmission_id"), {"transmission_id": transmission_id})
        return [as_row(InterchangeRow, row) for row in rows]

    def overtook(self, one: InterchangeRow, unsent: str) -> InterchangeRow | None:
        """Of ours to the same ids, the newest that was numbered after this one and whose transmission is ``unsent`` no more."""
        same = {"partner": one.partner, "sender": one.sender, "receiver": one.receiver}
        row = self._connection.execute(_OVERTOOK, {"after": one.id, "unsent": unsent, **same}).first()
        return as_row(InterchangeRow, row) if row else None

    def ends(self, id: int | None) -> Ends:
        """Between whom an interchange went; None: it is not known."""
        row = self.get(id) if id is not None else None
        return Ends(row.sender, row.receiver, row.usage) if row else Ends()

    def sent(self, partner: str, control_number: str, ends: Ends) -> InterchangeRow | None:
        """The interchange we sent to a partner under this ISA13: what a TA1 that went between these ``ends`` answers."""
        here = {"partner": partner, "control_number": control_number, **nearest(ends)}
        row = self._connection.execute(_SENT, here).first()
        return as_row(InterchangeRow, row) if row else None

    def last_number(self, partner: str, sender: str, receiver: str) -> int:
        """The last ISA13 that we wrote to a partner between two ids; 0 where there is none."""
        here = {"partner": partner, "sender": sender, "receiver": receiver}
        return _as_number(self._connection.execute(_LAST, here).scalar())

    def last_group_number(self, partner: str, code: str, sender: str, receiver: str, gs: str) -> int:
        """The last GS06 that we wrote to a partner for a kind of group, between two ids or under group ids ``gs``; 0: none."""
        here = {"partner": partner, "code": code, "sender": sender, "receiver": receiver, "gs": gs}
        return _as_number(self._connection.execute(_LAST_GROUP, here).scalar())

    def sent_between(self, since: datetime, until: datetime) -> int:
        """How many sets of ours were written in a time; an interchange that holds none counts as one."""
        here = sa.and_(interchange.c.direction == "out", interchange.c.at >= since, interchange.c.at < until)
        sets = interchange.outerjoin(transaction, transaction.c.interchange_id == interchange.c.id)
        return int(self._connection.execute(sa.select(sa.func.count()).select_from(sets).where(here)).scalar_one())

    # -- groups ----------------------------------------------------------------------------------

    def add_group(self, **values: Any) -> int:
        """Records a functional group (columns by name) and returns its id."""
        return int(self._connection.execute(new_row(functional_group), values).scalar_one())

    def group(self, id: int) -> GroupRow:
        return as_row(GroupRow, self._connection.execute(rows_by(functional_group, "id"), {"id": id}).one())

    def groups(self, interchange_id: int) -> list[GroupRow]:
        """The groups of an interchange in their order."""
        rows = self._connection.execute(rows_by(functional_group, "interchange_id"), {"interchange_id": interchange_id})
        return [as_row(GroupRow, row) for row in rows]

    def groups_answered_by(self, transaction: int) -> list[GroupRow]:
        """The groups a 997 answers: theirs that one of ours answers, or ours that one of theirs answered last."""
        rows = self._connection.execute(rows_by(functional_group, "answered_by"), {"answered_by": transaction})
        return [as_row(GroupRow, row) for row in rows]

    def asked(self, transaction: int) -> tuple[InterchangeRow, GroupRow | None] | None:
        """What an acknowledgment of ours answers: their interchange, and the group in it unless it is a TA1."""
        groups = self.groups_answered_by(transaction)
        if groups:
            return self.get(groups[0].interchange_id), groups[0]
        row = self._connection.execute(rows_by(interchange, "answered_by"), {"answered_by": transaction}).first()
        return (as_row(InterchangeRow, row), None) if row else None

    def owed_too_long(self) -> list[GroupRow]:
        """Groups whose acknowledgment has not left although it was due; in a unit that writes, without those that are written to
        just now: theirs may be leaving."""
        late = sa.and_(functional_group.c.acknowledgment == "owed", functional_group.c.due_at <= self._clock.now())
        query = sa.select(functional_group).where(late)
        found = query.with_for_update(skip_locked=True, key_share=True) if self._locks else query
        return [as_row(GroupRow, row) for row in self._connection.execute(found)]

    def not_half_told(self) -> list[GroupRow]:
        """Groups whose acknowledgment is owed and not due yet, and nobody was told of when half the time was over."""
        early = sa.and_(functional_group.c.due_at > self._clock.now(), functional_group.c.half_told_at.is_(None))
        query = sa.select(functional_group).where(functional_group.c.acknowledgment == "owed", early)
        return [as_row(GroupRow, row) for row in self._connection.execute(query)]

    def answered(self, transaction: int) -> None:
        """The TA1 that answers an interchange has left."""
        self._connection.execute(_ANSWERED, {"answered_with": transaction})

    def answered_instead(self, transaction: int, by: int) -> None:
        """What a 997 or TA1 of ours answers is answered ``by`` another one, which goes in its place."""
        for table in (functional_group, interchange):
            self._connection.execute(table.update().where(table.c.answered_by == transaction).values(answered_by=by))

    def change_group(self, id: int, **values: Any) -> None:
        """Sets columns of a group."""
        self._connection.execute(row_changed(functional_group), {"this": id, **values})

    def group_before(self, interchange_id: int, code: str, control_number: str, window: timedelta) -> GroupRow | None:
        """The last group of this kind and number between the same ids, in an interchange of another number, within ``window``."""
        here = {"this": interchange_id, "code": code, "control_number": control_number, "since": self._clock.now() - window}
        row = self._connection.execute(_GROUP_BEFORE, here).first()
        return as_row(GroupRow, row) if row else None

    def sent_group(self, partner: str, code: str, control_number: str, ends: Ends) -> GroupRow | None:
        """The group we sent to a partner under this code and GS06: what a 997 that went between these ``ends`` answers."""
        here = {"partner": partner, "code": code, "control_number": control_number, **nearest(ends)}
        row = self._connection.execute(_SENT_GROUP, here).first()
        return as_row(GroupRow, row) if row else None


def _written(control_number: str) -> list[str]:
    """A number with all the leading zeros it may have been written with: so that the index of numbers finds it."""
    bare = control_number.lstrip("0")
    return ["0" * zeros + bare for zeros in range(_WIDTH - len(bare) + 1)]


def _as_number(control_number: str | None) -> int:
    return int(control_number) if control_number and control_number.isdecimal() else 0
