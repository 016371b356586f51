"""Verdicts: what a disturbance changed of how it ended."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from play import End, differences

from edi_gateway.worker.breaker import OPENS_AFTER

CONTENT = ("file", "payload", "document", "order the ERP has")  # what must not be lost, nor doubled
_LANE = re.compile(r"lane\.(?P<way>down|up) \|.*?\| (?P<lane>\S+) (?:failed|works) ")
_LATE = re.compile(r"compliance\.breach \|.*?\| (\d{9}) \| R31 ")
ASKS = "ask the partner"  # says what is held where only the partner can know whether a file arrived


class Verdict(NamedTuple):
    """How one disturbance ended: ``said`` is empty where all is as in the undisturbed play."""

    where: str
    said: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """lost, doubled or different; nothing where all is well."""
        content = [line for line in self.said if line.split(": ", 1)[-1].startswith(CONTENT)]
        if any(line.startswith("too little") for line in content):
            return "lost"
        if content:
            return "doubled"
        return "different" if self.said else ""


def after_death(where: str, ended: End, should_have: End) -> Verdict:
    """A new start takes no time: everything is as it would have been, every control number in its place."""
    return Verdict(where, tuple(differences(ended, should_have)))


def after_error(where: str, ended: End, should_have: End, length: int = 1) -> Verdict:
    """What is tried again may leave after what it would have left before. So the same documents went out and the same control
    numbers were used, once each; which document has which number may differ.

    Where so many operations failed (``length``) that a lane's circuit may have opened, that it did and closed again was told.
    """
    if length >= OPENS_AFTER:
        ended = without_open_circuits(ended)
    return Verdict(where, tuple(differences(without_numbers(ended), without_numbers(should_have))))


def without_questions(end: End) -> End:
    """An end without the questions that only the partner can answer: a file that is not on its server never arrived there, or was
    taken already, so a worker that died before the rename of it leaves the same behind as one that died after.

    Each leaves that its flow was held and resumed, and one attempt to send of which nobody learned what came. Just as many such
    attempts are taken out as questions were asked: one more is a difference, and so is one fewer. And what was asked about, and
    nothing else, may leave after what was numbered later (R31), for a person let it go.
    """
    asked = Counter({event: n for event, n in end["event"].items() if event.startswith("flow.held") and ASKS in event})
    resumed = {event: n for event, n in end["event"].items() if event.startswith("flow.resumed") and ASKS in event}
    late = {number for event in asked for number in re.findall(r"whether \w+?_(\d{9})", event)}
    told = {event: n for event, n in end["event"].items() if (found := _LATE.match(event)) and found[1] in late}
    attempts = Counter(end["attempt"])
    attempts.subtract({"send | unknown": asked.total()})
    return {**end, "event": end["event"] - asked - Counter(resumed) - Counter(told), "attempt": attempts}


def without_open_circuits(end: End) -> End:
    """An end without the lanes that were told to be down and, as often, to be up again; one that stays down is a difference."""
    events = end["event"]
    lanes = {event: (found["lane"], found["way"]) for event in events if (found := _LANE.match(event))}
    told = Counter[tuple[str, str]]()
    for event, lane_and_way in lanes.items():
        told[lane_and_way] += events[event]
    over = {event for event, (lane, _) in lanes.items() if told[lane, "down"] == told[lane, "up"]}
    return {**end, "event": Counter({event: n for event, n in events.items() if event not in over})}


def without_numbers(end: End) -> End:
    """An end with our control numbers apart from what carries them."""
    plain = {what: Counter[str]() for what in end}
    for what, all_ in end.items():
        for one, times in all_.items():
            plain[what][_MASKS.get(what, _in_text)(one)] += times
    plain["control number"] = Counter()
    for what, fields in (("interchange", 3), ("functional_group", 2)):
        for one, times in end[what].items():
            plain["control number"][" ".join(one.split(" | ")[:fields])] += times
    return plain


def _in_text(text: str) -> str:
    return re.sub(r"\d{9,}", "#", text)


def _in_body(text: str) -> str:
    """ISA13, IEA02, GS06, GE02 and AK102, and the names of files."""
    text = re.sub(r"(GS\*\w+\*\w+\*\w+|GE\*\d+|AK1\*\w+)\*\d+", r"\1*#", text)
    return re.sub(r"_\d{9}|\*\d{9}(?=[*~|])", "#", text)


def _in_row(text: str) -> str:
    return _in_text(re.sub(r"(?<= \| )\d+(?= \| )", "#", text, count=1))


def _in_set(text: str) -> str:
    """What their 997 answers is a group of ours."""
    return _in_text(re.sub(r"^(in \| 997 \| \d+ \|) \d+", r"\1 #", text))


def _in_flow(text: str) -> str:
    """How often what is held now was tried before."""
    return _in_text(re.sub(r"^(\w+ \| held \| \w+ \|) \d+", r"\1 #", text))


_MASKS = {
    "flow": _in_flow,
    "file": _in_body,
    "payload": _in_body,
    "event": _in_row,
    "functional_group": _in_row,
    "transaction_set": _in_set,
}
