"""The acknowledgments a payload would get with nothing agreed: one interchange for each that was received.

What is said of a set is written when it has been examined, and set aside, in a file where it is long: the answer to a payload of
any size takes little memory. The TA1, which stands before all that, is known last.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.x12.acknowledgment import (
    AnswerSetBySet,
    Form,
    functional_acknowledgment_is_owed,
    interchange_acknowledgment,
    interchange_acknowledgment_is_owed,
    reported_of_group,
)
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import FunctionalGroup, GroupEnd, Interchange, InterchangeEnd, Skipped, TransactionSet
from edi_gateway.x12.examination import examine, group_findings
from edi_gateway.x12.finding import Finding, Severity
from edi_gateway.x12.group_codes import ACKNOWLEDGMENT_GROUP
from edi_gateway.x12.reader import Reader
from edi_gateway.x12.validation import Policy, restate
from edi_gateway.x12.writer import GroupHeader, InterchangeHeader, Pen, interchange_lines

IN_MEMORY = 1 << 20  # characters of an answer that are not put into a file
_MARKS = Delimiters(line_end="\n")
_LINES_AT_ONCE = 1000


def answers_to(
    source: bytes | BinaryIO,
    form: Form,
    at: datetime,
    *,
    policy: Policy | None = None,
    first_number: int = 1,
    always_ta1: bool = False,
) -> Iterator[bytes | WrongInput]:
    """For each interchange the one that answers it, sender and receiver changed places, or why it cannot be answered.

    Bytes outside of interchanges are told among them: nobody can be answered who is not known.

    ``form.release`` may be empty: then each group is answered in 004010 or 005010, whichever is nearer to its own. An interchange
    that holds only acknowledgments gets none.
    """
    parts = answers_in_parts(source, form, at, policy=policy, first_number=first_number, always_ta1=always_ta1)
    for answer in parts:
        yield answer if isinstance(answer, WrongInput) else b"".join(answer)


def answers_in_parts(
    source: bytes | BinaryIO,
    form: Form,
    at: datetime,
    *,
    policy: Policy | None = None,
    first_number: int = 1,
    always_ta1: bool = False,
) -> Iterator[Iterator[bytes] | WrongInput]:
    """The same, each answer in parts, for payloads of any size."""
    answering = _Answering(form, at, policy or Policy(), first_number, always_ta1)
    inside = False  # what is skipped there is told in the answer to the interchange
    for event in Reader(source):
        inside = isinstance(event, Interchange) or (inside and not isinstance(event, InterchangeEnd))
        if isinstance(event, TransactionSet):
            answering.take_set(event)
        elif isinstance(event, GroupEnd):
            answering.end_group(event)
        elif isinstance(event, InterchangeEnd):
            told = answering.end_interchange(event)
            if told is not None:
                yield told
        elif isinstance(event, Skipped) and not inside:
            yield WrongInput(event.finding.message, where=f"bytes {event.start:,} to {event.end:,}")


class _Answering:
    """Answers one interchange after the other."""

    def __init__(self, form: Form, at: datetime, policy: Policy, number: int, always_ta1: bool) -> None:
        self._form, self._at, self._policy = form, at, policy
        self._number, self._always_ta1 = number, always_ta1
        self._pen = Pen(_MARKS)
        self._kept, self._groups = _Kept(), list[_Group]()
        self._open: _Group | None = None
        self._trouble: WrongInput | None = None

    def take_set(self, event: TransactionSet) -> None:
        group = event.group
        if group is None or not functional_acknowledgment_is_owed(group):
            return
        result = examine(event, self._policy).result
        answer = self._open or self._begin(group)
        if answer is not None:
            for segment in answer.writing.take(result)[1]:
                self._kept.add(self._pen.line(segment, segment[0]))
                answer.lines += 1

    def end_group(self, end: GroupEnd) -> None:
        """A group that was begun has its AK9; one of acknowledgments was not begun, and one without sets is."""
        if functional_acknowledgment_is_owed(end.group):
            answer = self._open or self._begin(end.group)
            if answer is not None:
                answer.end(end, group_findings(end, self._policy))
                self._groups.append(answer)
            self._number += 1
        self._open = None

    def end_interchange(self, end: InterchangeEnd) -> Iterator[bytes] | WrongInput | None:
        told = self._trouble or self._interchange(end)
        self._kept, self._groups, self._trouble = _Kept(), [], None
        self._number += 1
        return told

    def _begin(self, group: FunctionalGroup) -> _Group | None:
        try:
            self._open = _Group(group, self._form, self._pen, self._at, self._number)
        except WrongInput as error:
            self._trouble = error
        return self._open

    def _interchange(self, end: InterchangeEnd) -> Iterator[bytes] | WrongInput | None:
        received, findings = end.interchange, restate(end.findings, self._policy)
        owed = interchange_acknowledgment_is_owed(received, findings, "always" if self._always_ta1 else "when asked")
        ta1 = [interchange_acknowledgment(received, findings)] if owed and (end.groups or findings) else []
        if not self._groups and not ta1:
            return None
        if not (received.sender.id and received.receiver.id):
            return WrongInput("it names no sender or no receiver", where=f"interchange {received.control_number}")
        header = InterchangeHeader(
            sender=received.receiver,
            receiver=received.sender,
            control_number=self._number,
            at=self._at,
            version=received.version if len(received.version) == 5 else "00401",
            usage=received.usage if len(received.usage) == 1 else "P",
        )
        kept = self._kept.lines()
        groups = (group.all_lines(kept) for group in self._groups)
        try:
            return _encoded(interchange_lines(header, groups, self._pen, ta1))
        except WrongInput as error:
            return error


class _Group:
    """The answer to one group: what stands around the lines that are set aside, and how many those are.

    Raises WrongInput where a group cannot be answered.
    """

    def __init__(self, group: FunctionalGroup, form: Form, pen: Pen, at: datetime, number: int) -> None:
        near = "005010" if group.release >= "005" or form.set == "999" else "004010"
        self._form, self._pen = msgspec.structs.replace(form, release=form.release or near), pen
        self.writing = AnswerSetBySet(group, self._form, pen.delimiters)
        header = GroupHeader(
            code=ACKNOWLEDGMENT_GROUP,
            sender=group.receiver,
            receiver=group.sender,
            control_number=number,
            release=self._form.release,
            at=at,
        )
        self._gs = header.gs()
        self._before = [pen.line(segment, segment[0]) for segment in (self._gs, self._form.st, self.writing.begin())]
        self.lines, self._after, self._turned = 0, list[str](), False

    def end(self, end: GroupEnd, findings: tuple[Finding, ...]) -> None:
        about = reported_of_group(findings, self._form)
        self._turned = any(finding.severity is Severity.REJECT for finding in about)
        ak9 = self.writing.end(about, end.declared)
        se, ge = ["SE", str(self.lines + 4), self._form.st[2]], ["GE", "1", self._gs[6]]
        self._after = [self._pen.line(segment, segment[0]) for segment in (ak9, se, ge)]

    def all_lines(self, kept: Iterator[str]) -> Iterator[str]:
        """GS to GE. What was found at a group's end may reject the sets in it that were accepted before."""
        yield from self._before
        taken = islice(kept, self.lines)
        yield from (_rejecting(line, self._pen.delimiters.element) for line in taken) if self._turned else taken
        yield from self._after


class _Kept:
    """Lines that are set aside: in memory while they are few."""

    def __init__(self) -> None:
        self._file: IO[str] | None = None
        self._lines: list[str] = []

    def add(self, line: str) -> None:
        self._lines.append(line)
        if len(self._lines) >= _LINES_AT_ONCE:
            self._write(self._opened())

    def lines(self) -> Iterator[str]:
        if self._file is not None:
            self._write(self._file)
            self._file.seek(0)
            yield from self._file
        yield from self._lines

    def _opened(self) -> IO[str]:
        if self._file is None:
            self._file = SpooledTemporaryFile(IN_MEMORY, "w+", encoding="latin-1", newline="\n")  # noqa: SIM115  # goes with us
        return self._file

    def _write(self, file: IO[str]) -> None:
        file.write("".join(self._lines))
        self._lines.clear()


def _rejecting(line: str, element: str) -> str:
    """The line, with R for a verdict that accepts."""
    if not line.startswith((f"AK5{element}", f"IK5{element}")):
        return line
    return f"{line[:4]}R{line[5:]}"


def _encoded(lines: Iterator[str]) -> Iterator[bytes]:
    while some := "".join(islice(lines, _LINES_AT_ONCE)):
        yield some.encode("latin-1")
