"""The text of a new partner's profile and connection: every line says where it was taken from, or asks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from edi_gateway.operations.onboard_answers import OPEN, Answers
from edi_gateway.operations.onboard_samples import Seen
from edi_gateway.trading.scalars import write_mark

_COMMENT_AT = 34
_PAYS = "820-remittance"


def partner_text(
    name: str, seen: Seen, answers: Answers, connection: str, maps: Mapping[str, str], guides: Collection[str]
) -> str:
    """``partner.yaml``. ``maps`` are by set; a set with one of ``guides`` names it."""
    lines = [
        f"# {_title(name, answers)}. Begun from {_counted(seen)}: {', '.join(seen.names)}.",
        '# "?" is an open question: `partner check` fails until it is answered.',
        f"name: {name}",
        *_noted(f"title: {_title(name, answers)}", _asks(answers.title, "their name as people read it")),
        *_noted(f"interchange: [{', '.join(map(_quoted, map(str, seen.interchange)))}]", "ISA05 and ISA06 of the samples"),
        *_noted(f"group: [{', '.join(map(_quoted, seen.group))}]", "GS02"),
        *_noted(f"ours: {seen.ours.name}", f"they write to {seen.ours.interchange}"),
        f"connection: {connection}",
        *_noted(f"currency: {seen.currency or 'USD'}", "CUR02" if seen.currency else "assumed: no sample has a CUR"),
        *_noted(f"time_zone: {_open(answers.time_zone)}", _asks(answers.time_zone, "theirs, such as America/Chicago")),
        "",
        *_noted(f'interchange_version: "{seen.version}"', "ISA12"),
        "marks:",
        *_marks(seen),
        *_characters(seen),
        *_noted("interchange_acknowledgment: when asked", "they ask (ISA14 is 1)" if seen.asks_for_ta1 else "they do not ask"),
        "",
        "agreements:",
    ]
    for code in (*seen.codes("in"), *(["820"] if answers.pays and "820" not in seen.codes("in") else [])):
        if code in maps or code == "820":
            lines += _received(code, seen, answers, maps.get(code, _PAYS), code in guides)
    for code in dict.fromkeys((*seen.codes("out"), *answers.wanted)):
        if code in maps:
            lines += _sent(code, seen, maps[code], code in guides)
    lines += ["", *_noted("answers:", "assumed: ask which of them they want" if seen.codes("out") == [] else "")]
    lines += _answers(answers)
    return "\n".join(lines) + "\n"


def connection_text(name: str, connection: str, answers: Answers) -> str:
    """The connection's file."""
    head = [
        f"# How documents of {_title(name, answers)} come and go.",
        f"name: {connection}",
        f"kind: {answers.connection}",
        *_noted(f"senders: [{name}]", "nobody else's documents are taken from here"),
    ]
    kinds = {
        "mailbox": [f"account: {name}", *_noted("keys: []", "their public SSH keys; without one nobody can log in")],
        "sftp": [
            *_noted('host: "?"', "name or address of their server"),
            *_noted('login: "?"', "the user name they gave us"),
            *_noted("host_keys: []", f"edi-gateway connection trust-host-key {connection} shows theirs and writes it"),
            *_noted(f"key: env:{name.upper().replace('-', '_')}_KEY", "where our private key is; never the key itself"),
        ],
        "folder": [f"inbox: exchange/{name}/in", f"outbox: exchange/{name}/out"],
    }
    return "\n".join([*head, *kinds[answers.connection]]) + "\n"


def _title(name: str, answers: Answers) -> str:
    return answers.title if answers.title != OPEN else name.replace("-", " ").title()


def _counted(seen: Seen) -> str:
    return "1 sample" if len(seen.names) == 1 else f"{len(seen.names)} samples"


def _marks(seen: Seen) -> Iterator[str]:
    marks = {"element": seen.marks.element, "component": seen.marks.component, "segment": seen.marks.segment}
    if seen.version >= "00402":
        marks["repetition"] = seen.marks.repetition or "^"
    for word, mark in marks.items():
        yield f"  {word}: {_quoted(write_mark(mark))}"
    ends = {"\n": "lf", "\r\n": "crlf"}
    line_end = ends.get(_line_end(seen))
    if line_end and seen.marks.segment not in "\r\n":
        yield f"  line_end: {line_end}"


def _line_end(seen: Seen) -> str:
    """What stands behind the segment terminators of the first set."""
    text, terminator = seen.sets[0].set.text, seen.marks.segment
    after = text[text.find(terminator) + 1 :][:2]
    return "\r\n" if after == "\r\n" else after[:1]


def _characters(seen: Seen) -> Iterator[str]:
    if seen.has_lower_case:
        yield from _noted("characters: extended", "their samples have lower case")
    else:
        yield from _noted("characters: basic", "their samples have no lower case: ask whether ours may")


def _received(code: str, seen: Seen, answers: Answers, map_: str, has_guide: bool) -> Iterator[str]:
    yield from _agreement(code, "in", seen, map_, has_guide)
    within = _open(answers.acknowledge_within)
    asks = _asks(answers.acknowledge_within, "how long our 997 may take")
    yield from _noted(f'    acknowledgment: {{form: "997", release: {_quoted(seen.release(code))}, within: {within}}}', asks)


def _sent(code: str, seen: Seen, map_: str, has_guide: bool) -> Iterator[str]:
    yield from _agreement(code, "out", seen, map_, has_guide)
    within = "4h" if code == "856" else "24h"
    yield from _noted(f"    awaits: {{within: {within}}}", "assumed: how long their 997 takes")


def _agreement(code: str, direction: str, seen: Seen, map_: str, has_guide: bool) -> Iterator[str]:
    yield f'  - set: "{code}"'
    yield f"    direction: {direction}"
    yield f"    release: {_quoted(seen.release(code))}"
    if seen.usage == "test":
        yield "    usage: test"
    yield f"    map: {map_}"
    if has_guide:
        yield f'    guide: "{code}"'


def _answers(answers: Answers) -> Iterator[str]:
    wants = {"855": "order_acknowledgment", "856": "ship_notice", "810": "invoice"}
    for code, word in wants.items():
        yield f"  {word}: {'true' if code in answers.wanted else 'false'}"
        if code == "855" and code in answers.wanted:
            asks = _asks(answers.confirm_within, "how long our 855 may take")
            yield from _noted(f"  order_acknowledgment_within: {_open(answers.confirm_within)}", asks)


def _open(value: str) -> str:
    return '"?"' if value == OPEN else value


def _asks(value: str, question: str) -> str:
    return question if value == OPEN else ""


def _quoted(value: str) -> str:
    """A value as YAML has it, in quotes where a person may take it for something else."""
    plain = value.replace("-", "").replace(":", "").isalnum() and not value.isdigit()
    return value if plain else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _noted(line: str, comment: str) -> Iterator[str]:
    yield f"{line.ljust(_COMMENT_AT - 2)}  # {comment}" if comment else line
