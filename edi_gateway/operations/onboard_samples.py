"""What samples show of a partner: who it is, how it writes, which sets it sends and gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from edi_gateway.errors import WrongInput
from edi_gateway.trading.profile import OurIdentity
from edi_gateway.trading.usage import USAGES, Usage
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import FunctionalGroup, Identity, Interchange, TransactionSet
from edi_gateway.x12.reader import read

_ANSWERS = ("997", "999")


class Sample(NamedTuple):
    """A file of theirs, or one we are to send them, as they gave it."""

    name: str
    body: bytes


class SeenSet(NamedTuple):
    """A set in a sample. ``direction`` is ours: in what they send, out what they want from us."""

    sample: str
    set: TransactionSet
    group: FunctionalGroup
    direction: Literal["in", "out"]


@dataclass(frozen=True)
class Seen:
    """Everything samples show. ``marks`` and ``version`` are of the first; ``ours`` is whom of us they write to."""

    names: tuple[str, ...]
    interchange: tuple[Identity, ...]
    group: tuple[str, ...]
    ours: OurIdentity
    marks: Delimiters
    version: str
    usage: Usage
    asks_for_ta1: bool
    has_lower_case: bool
    currency: str
    sets: tuple[SeenSet, ...]

    def codes(self, direction: str) -> list[str]:
        """The sets of a direction, in the order they were met."""
        return list(dict.fromkeys(one.set.code for one in self.sets if one.direction == direction))

    def release(self, code: str) -> str:
        """GS08 of the first group with such a set; of their orders, then of anything, for a set no sample has."""
        found = [one for one in self.sets if one.set.code == code] or list(self.sets)
        return found[0].group.release


def see(samples: Sequence[Sample], ourselves: Sequence[OurIdentity]) -> Seen:
    """Looks at all samples. Raises WrongInput where one holds nothing, or is not between a partner and one of us."""
    found = [one for sample in samples for one in _sets(sample, ourselves)]
    if not found:
        raise WrongInput("there are no samples to look at", do="name their files with --samples")
    theirs = list(dict.fromkeys(_theirs(one) for one in found))
    headers = [one.group.interchange for one in found]
    mine = {_mine(one, ourselves).name: _mine(one, ourselves) for one in found}
    if len(mine) > 1:
        raise WrongInput(f"they are written to several of us: {', '.join(mine)}", do="make a partner of each")
    if len({header.usage for header in headers}) > 1:
        raise WrongInput("some are for test and some for production (ISA15)", do="begin with those of one usage")
    first = next((one for one in found if one.direction == "in"), found[0]).group.interchange
    text = "".join(one.set.text for one in found)
    return Seen(
        names=tuple(dict.fromkeys(one.sample for one in found)),
        interchange=tuple(dict.fromkeys(identity for identity, _ in theirs)),
        group=tuple(dict.fromkeys(group for _, group in theirs)),
        ours=next(iter(mine.values())),
        marks=first.delimiters,
        version=first.version,
        usage=USAGES.get(first.usage, "production"),
        asks_for_ta1=any(header.acknowledgment_requested for header in headers),
        has_lower_case=any(letter.islower() for letter in text),
        currency=_currency(found),
        sets=tuple(found),
    )


def _sets(sample: Sample, ourselves: Sequence[OurIdentity]) -> list[SeenSet]:
    ids = {identity.interchange for identity in ourselves}
    found: list[SeenSet] = []
    for event in read(sample.body):
        if not isinstance(event, TransactionSet) or event.group is None or event.code in _ANSWERS:
            continue
        header = event.group.interchange
        if header.receiver in ids:
            found.append(SeenSet(sample.name, event, event.group, "in"))
        elif header.sender in ids:
            found.append(SeenSet(sample.name, event, event.group, "out"))
        else:
            ours = ", ".join(str(identity) for identity in sorted(ids))
            what = f"is from {header.sender} to {header.receiver}, and none of them is us ({ours})"
            raise WrongInput(what, where=sample.name, do="mend the sample, or add the id to partners/_ourselves.yaml")
    if not found:
        raise WrongInput("holds no transaction set in a group", where=sample.name, do="name X12 files as they are exchanged")
    return found


def _currency(found: Sequence[SeenSet]) -> str:
    said = (segment for one in found for segment in one.set.segments if segment[0] == "CUR" and len(segment) > 2)
    return next((segment[2] for segment in said), "")


def _theirs(one: SeenSet) -> tuple[Identity, str]:
    header = one.group.interchange
    return (header.sender, one.group.sender) if one.direction == "in" else (header.receiver, one.group.receiver)


def _mine(one: SeenSet, ourselves: Sequence[OurIdentity]) -> OurIdentity:
    header: Interchange = one.group.interchange
    wanted = header.receiver if one.direction == "in" else header.sender
    return next(identity for identity in ourselves if identity.interchange == wanted)
