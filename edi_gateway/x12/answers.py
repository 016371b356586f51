"""The acknowledgments a payload would get with nothing agreed: one interchange for each that was received."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.x12.acknowledgment import (
    Form,
    SetResult,
    functional_acknowledgment,
    functional_acknowledgment_is_owed,
    interchange_acknowledgment,
    interchange_acknowledgment_is_owed,
)
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import GroupEnd, InterchangeEnd, Segment, TransactionSet
from edi_gateway.x12.examination import examine
from edi_gateway.x12.group_codes import ACKNOWLEDGMENT_GROUP
from edi_gateway.x12.reader import Reader
from edi_gateway.x12.validation import Policy
from edi_gateway.x12.writer import GroupHeader, InterchangeHeader, write_interchange

_MARKS = Delimiters(line_end="\n")


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

    ``form.release`` may be empty: then each group is answered in 004010 or 005010, whichever is nearer to its own. An interchange
    that holds only acknowledgments gets none.
    """
    results: list[SetResult] = []
    answered: list[tuple[GroupHeader, list[list[Segment]]]] = []
    number, weighed = first_number, policy or Policy()
    trouble: WrongInput | None = None
    for event in Reader(source):
        if isinstance(event, TransactionSet):
            if event.group is not None and functional_acknowledgment_is_owed(event.group):
                results.append(examine(event, weighed).result)
        elif isinstance(event, GroupEnd) and functional_acknowledgment_is_owed(event.group):
            try:
                answered.append(_answer(event, results, form, at, number))
            except WrongInput as error:
                trouble = error
            results, number = [], number + 1
        elif isinstance(event, InterchangeEnd):
            told = trouble or _interchange(event, answered, at, number, always_ta1)
            answered, trouble, number = [], None, number + 1
            if told:
                yield told


def _answer(
    end: GroupEnd, results: list[SetResult], form: Form, at: datetime, number: int
) -> tuple[GroupHeader, list[list[Segment]]]:
    near = "005010" if end.group.release >= "005" or form.set == "999" else "004010"
    written = msgspec.structs.replace(form, release=form.release or near)
    answer = functional_acknowledgment(end.group, results, end.findings, declared=end.declared, form=written, delimiters=_MARKS)
    header = GroupHeader(
        code=ACKNOWLEDGMENT_GROUP,
        sender=end.group.receiver,
        receiver=end.group.sender,
        control_number=number,
        release=written.release,
        at=at,
    )
    return header, [answer.segments]


def _interchange(
    end: InterchangeEnd, groups: list[tuple[GroupHeader, list[list[Segment]]]], at: datetime, number: int, always_ta1: bool
) -> bytes | WrongInput | None:
    received = end.interchange
    owed = interchange_acknowledgment_is_owed(received, end.findings, "always" if always_ta1 else "when asked")
    ta1 = [interchange_acknowledgment(received, end.findings)] if owed and (end.groups or end.findings) else []
    if not groups and not ta1:
        return None
    if not (received.sender.id and received.receiver.id):
        return WrongInput("it names no sender or no receiver", where=f"interchange {received.control_number}")
    header = InterchangeHeader(
        sender=received.receiver,
        receiver=received.sender,
        control_number=number,
        at=at,
        version=received.version if len(received.version) == 5 else "00401",
        usage=received.usage if len(received.usage) == 1 else "P",
    )
    try:
        return write_interchange(header, groups, _MARKS, ta1=ta1)
    except WrongInput as error:
        return error
