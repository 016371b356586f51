"""Asks pyx12 about one set, in an interchange of its own. The only module that imports pyx12, and only when it is asked.

pyx12's reader, walker and segment checks are called one by one, as its own ``x12n_document`` does, because their results carry
codes and places that its report has already folded together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from edi_gateway.x12.envelope import Identity, TransactionSet
from edi_gateway.x12.finding import Scope
from edi_gateway.x12.second_opinion.maps import MAP, envelope_version, write_maps
from edi_gateway.x12.second_opinion.opinion import Opinion, Remark
from edi_gateway.x12.standard import TransactionSetDefinition
from edi_gateway.x12.standard import segment as segment_of
from edi_gateway.x12.writer import InterchangeHeader

_CHARACTERS = {"basic": "B", "extended": "E"}
_ENVELOPE = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA"})
_GROUP = "/ISA_LOOP/GS_LOOP"
_NOTE = re.compile(r"Syntax Error \([PRECL](\d+)\)")
_ABOUT = {"HL1": ("7", 1), "HL2": ("7", 2)}  # pyx12's own codes: what AK403 would say, and of which element
_WRITTEN_AT = datetime(2000, 1, 1)


class _NoOpinionError(Exception):
    """pyx12 cannot be asked about this set, or did not get to its end."""


def second_opinion(
    transaction_set: TransactionSet, definition: TransactionSetDefinition, *, characters: str = "extended"
) -> Opinion:
    """What pyx12 says of a set held against a definition of ours; ``characters`` is the character set, basic or extended.

    pyx12 looks at what X12.6 says of a set: structure, elements, syntax notes, SE01 and SE02. It has no opinion where it raises,
    stops before the end, or a segment of the envelope stands inside the set. Never raises for what stands in a document.
    """
    segments = transaction_set.segments
    last = len(segments) if transaction_set.ended else len(segments) + 1
    inside = [segment[0] for segment in segments[1 : last - 1] if segment[0] in _ENVELOPE]
    if inside:
        return Opinion(None, why=f"{inside[0]} stands inside the set")
    try:
        remarks = tuple(_remarks(transaction_set, definition, characters))
    except _NoOpinionError as reason:
        return Opinion(None, why=str(reason))
    except Exception as error:  # whatever pyx12 raises: it is no library of ours, and a second opinion must not stop anybody
        return Opinion(None, why=f"pyx12 raised {type(error).__name__}: {error}")
    ids = tuple(segment[0] for segment in segments)
    return Opinion(not remarks, remarks, segments=ids, delimiters=transaction_set.delimiters)


@lru_cache(maxsize=32)
def _map(definition: TransactionSetDefinition, characters: str) -> Any:
    """The definition as pyx12 holds it: written to a folder of its own, read, and the folder removed."""
    from pyx12.map_if import load_map_file
    from pyx12.params import ParamsBase

    asked = ParamsBase()
    asked.set("charset", _CHARACTERS[characters])
    with TemporaryDirectory(prefix="edi-gateway-") as folder:
        write_maps(definition, Path(folder))
        return load_map_file(MAP, asked, folder)


def _remarks(transaction_set: TransactionSet, definition: TransactionSetDefinition, characters: str) -> Iterator[Remark]:
    from pyx12.map_walker import walk_tree
    from pyx12.x12file import X12Reader

    known, walker = _map(definition, characters), walk_tree()
    for loop, head in (("/ISA_LOOP", "ISA"), (_GROUP, "GS")):
        walker.forceWalkCounterToLoopStart(loop, f"{loop}/{head}")
    node, position = known.getnodebypath(f"{_GROUP}/GS"), 0
    reader = X12Reader(StringIO(_interchange(transaction_set, definition)))
    for segment in reader:
        name = segment.get_seg_id()
        complaints = reader.pop_errors()
        if name in ("ISA", "GS"):
            continue
        if name == "IEA":
            break
        position += 1
        found, _, _, misplaced = walker.walk_errors(node, segment, position, position, None)
        if name == "GE":
            yield from (_of_place(one, name, position) for one in misplaced if one.map_node.id != "SE")
            continue
        yield from (_of_place(one, name, position) for one in misplaced)
        yield from _of_reading(complaints, name, position)
        if found is not None:
            node = found
            yield from (_of_element(one, name, position, definition) for one in node.is_valid_errors(segment)[1])
    else:
        raise _NoOpinionError(f"pyx12 stopped reading behind segment {position}")
    if position != len(transaction_set.segments) + 1:
        raise _NoOpinionError(f"pyx12 read {position - 1} segments of {len(transaction_set.segments)}")
    if not transaction_set.ended:
        yield Remark(Scope.SET, "2", "SE is missing")


def _interchange(transaction_set: TransactionSet, definition: TransactionSetDefinition) -> str:
    """The text of the set with an envelope that nothing is wrong with, in the set's own delimiters."""
    marks = transaction_set.delimiters
    us = Identity("ZZ", "SECONDOPINION")
    version = envelope_version(definition)
    isa = InterchangeHeader(sender=us, receiver=us, control_number=1, at=_WRITTEN_AT, version=version).isa(marks)
    gs = ["GS", definition.group_code, us.id, us.id, "20000101", "0000", "1", "X", definition.release]
    before, behind = (isa, gs), (["GE", "1", "1"], ["IEA", "1", isa[13]])
    head, tail = ("".join(marks.element.join(one) + marks.segment for one in part) for part in (before, behind))
    text = transaction_set.text.rstrip("\r\n" if marks.segment not in "\r\n" else "")
    return head + text + ("" if text.endswith(marks.segment) else marks.segment) + tail


def _of_place(error: Any, segment: str, position: int) -> Remark:
    """A segment that pyx12's walker cannot place, misses or finds too often."""
    named = error.map_node.id if error.err_cde == "3" else segment
    elsewhere = error.err_cde in ("4", "5") and _has_place_further_out(error.map_node, segment)
    return Remark(Scope.SEGMENT, error.err_cde, error.err_str, named, position, about="further out" if elsewhere else "")


def _has_place_further_out(node: Any, segment: str) -> bool:
    """Whether a loop around this place has the segment at the loop it stands in, or ahead of it."""
    loop = node.parent
    while loop.parent is not None and not loop.parent.is_map_root():
        ahead = (child for child in loop.parent.childIterator() if child.pos >= loop.pos)
        if segment in ((child.get_first_seg() if child.is_loop() else child).id for child in ahead if child.id != "ST_LOOP"):
            return True
        loop = loop.parent
    return False


def _of_reading(complaints: list[Any], segment: str, position: int) -> Iterator[Remark]:
    """What pyx12's reader says of a segment, or at SE of the set."""
    for level, code, message, _, _ in complaints:
        if level == "st":
            yield Remark(Scope.SET, code, message)
        elif code in _ABOUT:
            instead, element = _ABOUT[code]
            yield Remark(Scope.ELEMENT, instead, message, segment, position, element, about=code)
        elif code == "SEG1":
            yield Remark(Scope.ELEMENT, "3", message, segment, position, about=code)
        elif level == "seg":
            yield Remark(Scope.SEGMENT, code, message, segment, position, about="empty" if code == "8" else "reading")


def _of_element(error: Any, segment: str, position: int, definition: TransactionSetDefinition) -> Remark:
    """What pyx12 says of an element, a composite or a syntax note."""
    node, value = error.map_node, error.err_val
    note = _NOTE.match(error.err_str)
    if note:
        at = tuple(int(note[1][start : start + 2]) for start in range(0, len(note[1]), 2))
        return Remark(Scope.ELEMENT, error.err_cde, error.err_str, segment, position, at[0], note=at)
    if node is None:  # too many elements ("12"), or a composite as a whole ("REF04")
        element = int(str(error.refdes)[-2:])
        return Remark(Scope.ELEMENT, error.err_cde, error.err_str, segment, position, element, value=value)
    element, component = (node.parent.seq, node.seq) if node.parent.is_composite() else (node.seq, None)
    kind, repeats = str(node.get_data_type()), segment_of(definition.release, segment).elements[element - 1].repeat > 1
    about = "repeats" if repeats else ""
    return Remark(Scope.ELEMENT, error.err_cde, error.err_str, segment, position, element, component, value, kind, about=about)
