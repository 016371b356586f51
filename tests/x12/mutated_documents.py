"""Sets spoilt at random: ``mutated(segments, definition, random)``.

ST stays first and SE last, and no other segment of the envelope gets in between.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from edi_gateway.x12.envelope import Segment
from edi_gateway.x12.standard import TransactionSetDefinition, segment_ids
from edi_gateway.x12.structure.containers import ids_of

_ENVELOPE = {"ISA", "GS", "ST", "SE", "GE", "IEA"}
_VALUES = (
    *("", "0", "A", "AB", "ABC", "zz", " ", "  ", "A ", " A", "X" * 90, "1" * 40),
    *("20230229", "20240229", "2023022", "99991332", "00000101", "17000101", "230101", "202301011200", "2023010A"),
    *("2460", "2359", "12", "12345", "1234567", "123456789", "12:30"),
    *("1.5", "1.", ".5", ".", "-", "-1", "1-", "+1", "--1", "1E5", "1E", "1,5", "-.5", "1.2.3"),
    *("A>B", "A>B>C>D>E>F", ">", ">B", "A>", "A^B", "^", "1^2^3", "A>B^C"),
    *("É", "A\tB", "A\nB", "\x00", "\x07", "`", "12\x01", "^"),
)

Change = Callable[[list[Segment], TransactionSetDefinition, Random], None]


def mutated(segments: list[Segment], definition: TransactionSetDefinition, random: Random, times: int = 1) -> list[Segment]:
    """A copy with this many changes, each of which may leave it valid. SE01 mostly counts the segments there are."""
    spoilt = [list(segment) for segment in segments]
    for _ in range(times):
        random.choice(CHANGES)(spoilt, definition, random)
    if random.random() < 0.95:
        spoilt[-1][1:2] = [str(len(spoilt))]
    return spoilt


def _drop(spoilt: list[Segment], definition: TransactionSetDefinition, random: Random) -> None:
    if len(spoilt) > 2:
        del spoilt[random.randrange(1, len(spoilt) - 1)]


def _repeat(spoilt: list[Segment], definition: TransactionSetDefinition, random: Random) -> None:
    if len(spoilt) > 2:
        at = random.randrange(1, len(spoilt) - 1)
        spoilt[at:at] = [list(spoilt[at]) for _ in range(random.choice((1, 2, 6, 26)))]


def _move(spoilt: list[Segment], definition: TransactionSetDefinition, random: Random) -> None:
    if len(spoilt) > 3:
        moved = spoilt.pop(random.randrange(1, len(spoilt) - 1))
        spoilt.insert(random.randrange(1, len(spoilt)), moved)


def _foreign(spoilt: list[Segment], definition: TransactionSetDefinition, random: Random) -> None:
    """A segment of the set at any place, of another set, or of none."""
    choice = random.choice(
        (sorted(ids_of(definition)), sorted(segment_ids(definition.release)), ["ZZZ", "Q9", "X", "abc", "TOOLONG"])
    )
    name = random.choice([one for one in choice if one not in _ENVELOPE])
    spoilt.insert(random.randrange(1, len(spoilt)), [name, *random.choice((["1"], ["AA", "1", "2"], []))])


def _rename(spoilt: list[Segment], definition: TransactionSetDefinition, random: Random) -> None:
    if len(spoilt) > 2:
        names = sorted(ids_of(definition) - _ENVELOPE)
        spoilt[random.randrange(1, len(spoilt) - 1)][0] = random.choice(names)


def _value(spoilt: list[Segment], definition: TransactionSetDefinition, random: Random) -> None:
    segment = random.choice(spoilt)
    if len(segment) > 1:
        segment[random.randrange(1, len(segment))] = random.choice(_VALUES)


def _lengthen(spoilt: list[Segment], definition: TransactionSetDefinition, random: Random) -> None:
    segment = random.choice(spoilt)
    if len(segment) > 1:
        segment[random.randrange(1, len(segment))] += random.choice(("0", "A", " ", ".", "-", ">", "X" * 80))


def _shorten(spoilt: list[Segment], definition: TransactionSetDefinition, random: Random) -> None:
    segment = random.choice(spoilt)
    at = random.randrange(len(segment))
    if at:
        segment[at] = segment[at][: random.randrange(len(segment[at]) + 1)]


def _append(spoilt: list[Segment], definition: TransactionSetDefinition, random: Random) -> None:
    random.choice(spoilt).extend(random.choice(([""], ["", ""], ["X"], ["1", ""], ["1"] * 30)))


def _cut(spoilt: list[Segment], definition: TransactionSetDefinition, random: Random) -> None:
    segment = random.choice(spoilt[1:])
    del segment[random.randrange(1, len(segment) + 1) :]


CHANGES: tuple[Change, ...] = (
    _drop,
    _repeat,
    _move,
    _foreign,
    _rename,
    _value,
    _value,
    _value,
    _lengthen,
    _shorten,
    _append,
    _cut,
)
