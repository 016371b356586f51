"""Spoils documents at random and looks at what becomes of them: ``make fuzz``, or ``make fuzz FUZZ=500 SEED=7``.

Every try draws a valid set of one of the definitions, spoils it, and asks fast path, tables and naive checker about it; every
other try spoils the bytes of the whole interchange too. The payload is then read, examined, shown and answered, and the answer
is read back. The last line says how many were tried, how many crashed, were accepted wrongly, or were judged differently.
The same seed tries the same documents.
"""

from __future__ import annotations

import argparse
import sys
import traceback
from datetime import UTC, datetime
from random import Random, SystemRandom
from typing import NamedTuple

from mutated_documents import mutated
from three_ways import ask
from valid_documents import MARKS, VERSIONS, valid_set

from edi_gateway.x12.acknowledgment import Form, read_acknowledgment
from edi_gateway.x12.answers import answers_to
from edi_gateway.x12.envelope import FunctionalGroup, Interchange, Segment, TransactionSet
from edi_gateway.x12.examination import examine
from edi_gateway.x12.reader import Reader
from edi_gateway.x12.show import shown
from edi_gateway.x12.standard import TransactionSetDefinition, load, releases, sets
from edi_gateway.x12.validation import Policy

DEFINITIONS = [load(code, release) for release in releases() for code in sets(release)]
AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
_THROWN_IN = (
    b"~",
    b"*",
    b">",
    b"\n",
    b"\r\n",
    b"\x00",
    b"\xff",
    b"ISA*",
    b"IEA*1*1~",
    b"GE*1*1~",
    b"SE*2*0001~",
    b"ST*850*0001~",
)
MOST_SHOWN = 5


class Case(NamedTuple):
    """One document to try: the set as it was spoilt, and the payload around it, spoilt or not."""

    definition: TransactionSetDefinition
    segments: list[Segment]
    payload: bytes
    whole: bool  # the envelope was left as it is


class Result(NamedTuple):
    tried: int
    crashes: int
    false_accepts: int
    disagreements: int

    @property
    def is_good(self) -> bool:
        return not (self.crashes or self.false_accepts or self.disagreements)

    def __str__(self) -> str:
        return (
            f"{self.tried} tried, {self.crashes} crashes, {self.false_accepts} false accepts, {self.disagreements} disagreements"
        )


def run(tries: int, seed: int, told: list[str] | None = None) -> Result:
    """Tries that many documents; ``told`` takes a few lines about what went wrong."""
    crashes = false_accepts = disagreements = 0
    for number in range(tries):
        case = drawn(Random(f"{seed} {number}"))
        try:
            go_the_whole_way(case.payload)
            if not case.whole:
                continue
            (only,) = [event for event in Reader(case.payload) if isinstance(event, TransactionSet)]
            asked = ask(case.definition, only)
        except Exception:  # whatever it is, it is what is looked for
            crashes += 1
            _tell(told, number, case, traceback.format_exc())
            continue
        false_accepts += asked.is_false_accept
        disagreements += bool(asked.difference)
        if asked.is_false_accept or asked.difference:
            _tell(told, number, case, asked.difference or "accepted by the fast path, and it is wrong")
    return Result(tries, crashes, false_accepts, disagreements)


def drawn(random: Random) -> Case:
    definition = random.choice(DEFINITIONS)
    segments = valid_set(definition, random, often=random.choice((0.02, 0.1, 0.25)), most=40)
    segments = mutated(segments, definition, random, random.choice((0, 1, 1, 2, 4)))
    payload = in_interchange(segments, definition)
    if whole := random.random() < 0.7:
        return Case(definition, segments, payload, whole)
    for _ in range(random.choice((1, 1, 3, 8))):
        start, length = random.randrange(len(payload)), random.choice((0, 1, 1, 7, 200))
        thrown_in = random.choice((b"", random.randbytes(1), random.choice(_THROWN_IN), payload[:106]))
        payload = payload[:start] + thrown_in + payload[start + length :] or b"I"
    return Case(definition, segments, payload, whole)


def in_interchange(segments: list[Segment], definition: TransactionSetDefinition) -> bytes:
    """The set in a group in an interchange; characters that have no byte become question marks."""
    marks, party = MARKS[definition.release], "TESTPARTY".ljust(15)
    isa = ["ISA", "00", " " * 10, "00", " " * 10, "ZZ", party, "ZZ", party, "260101", "1200", marks.repetition or "U"]
    lines = [
        [*isa, VERSIONS[definition.release], "000000001", "1", "T", marks.component],
        ["GS", definition.group_code, "TESTPARTY", "TESTPARTY", "20260101", "1200", "1", "X", definition.release],
        *segments,
        ["GE", "1", "1"],
        ["IEA", "1", "000000001"],
    ]
    return "".join(marks.element.join(line) + marks.segment for line in lines).encode("latin-1", "replace")


def go_the_whole_way(payload: bytes) -> None:
    """Read, examined, shown, answered; the answers are right in themselves and say what the examination said."""
    for event in Reader(payload):
        if isinstance(event, TransactionSet):
            examine(event, Policy())
    for _ in shown(payload):
        pass
    for answer in answers_to(payload, Form(release=""), AT, always_ta1=True):
        if isinstance(answer, bytes):
            look_at(answer)


def look_at(answer: bytes) -> None:
    """An answer of ours has no fault but in what it gives back of what it answers: headers, codes, control numbers."""
    for event in Reader(answer):
        if isinstance(event, TransactionSet):
            read_acknowledgment(event)
            assert not [one for one in examine(event, Policy()).findings if one.segment not in ("AK1", "AK2")], answer
        elif not isinstance(event, Interchange | FunctionalGroup):
            kinds = {finding.kind for finding in getattr(event, "findings", ())}
            assert all(kind.startswith("interchange.") or kind == "group.version" for kind in kinds), answer


def _tell(told: list[str] | None, number: int, case: Case, what: str) -> None:
    if told is not None and len(told) < MOST_SHOWN:
        text = case.payload.decode("latin-1").replace("~", "~\n")
        told.append(f"--- try {number}, {case.definition}\n{text}\n{what}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Tries documents spoilt at random.")
    parser.add_argument("--tries", type=int, default=40_000)
    parser.add_argument("--seed", type=int, default=None, help="default: another one each time")
    given = parser.parse_args()
    seed = SystemRandom().randrange(1_000_000) if given.seed is None else given.seed
    print(f"seed {seed}", flush=True)
    told: list[str] = []
    result = run(given.tries, seed, told)
    print("\n".join([*told, str(result)]))
    return 0 if result.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
