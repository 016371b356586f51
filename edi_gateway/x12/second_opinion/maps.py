"""Definitions written as pyx12 reads them: a map of the set, the data elements it uses, and their codes.

Written so that pyx12's own shortcuts do not come between: code lists stand outside the map, because codes inside it are also
taken for what tells one segment from another; every item has a position of its own in the whole map, because positions of
different loops are compared; loops are named by their path, because two of one name are taken for the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

from edi_gateway.x12.standard import CompositeDefinition, ElementUse, LoopUse, SegmentDefinition, SegmentUse
from edi_gateway.x12.standard import TransactionSetDefinition as Definition
from edi_gateway.x12.standard import segment as segment_of

MAP, CODES, DATA_ELEMENTS = "set.xml", "codes.xml", "dataele.xml"
_VERSIONS = {"004010": "00401", "005010": "00501"}
_NO_LIMIT = ">1"


def envelope_version(definition: Definition) -> str:
    """ISA12 for a release: pyx12 knows 00401 and 00501."""
    return _VERSIONS[definition.release]


def write_maps(definition: Definition, folder: Path) -> None:
    """Writes the three files pyx12 needs for one definition; the same definition makes the same bytes."""
    for name, tree in ((MAP, set_map(definition)), (CODES, codes(definition)), (DATA_ELEMENTS, data_elements(definition))):
        (folder / name).write_bytes(tostring(tree, encoding="utf-8", xml_declaration=True))


def set_map(definition: Definition) -> Element:
    """Interchange, group and set as three loops in each other, the definition's items in the innermost."""
    positions = count(1)
    root = Element("transaction", xid=definition.set)
    SubElement(root, "name").text = definition.name
    interchange = _loop(root, "ISA_LOOP", required=True, most=None, positions=positions)
    _segment(interchange, segment_of(definition.release, "ISA"), True, 1, positions)
    _pin_version(interchange, envelope_version(definition))
    group = _loop(interchange, "GS_LOOP", required=True, most=None, positions=positions)
    _segment(group, segment_of(definition.release, "GS"), True, 1, positions)
    body = _loop(group, "ST_LOOP", required=True, most=None, positions=positions)
    _items(body, definition.items, positions)
    _segment(group, segment_of(definition.release, "GE"), True, 1, positions)
    _segment(interchange, segment_of(definition.release, "IEA"), True, 1, positions)
    return root


def codes(definition: Definition) -> Element:
    """The code list of every data element of the set that has one, under the element's number."""
    root = Element("codesets")
    for use in _simple_elements(definition):
        if use.codes is not None:
            listed = SubElement(root, "codeset")
            SubElement(listed, "id").text = use.reference
            SubElement(listed, "name").text = use.name
            SubElement(listed, "data_ele").text = use.reference
            version = SubElement(listed, "version")
            for code in sorted(use.codes):
                SubElement(version, "code").text = code
    return root


def data_elements(definition: Definition) -> Element:
    """Type and lengths of every data element of the set."""
    root = Element("data_elements")
    for use in _simple_elements(definition):
        SubElement(
            root, "data_ele", ele_num=use.reference, data_type=use.type, min_len=str(use.min), max_len=str(use.max), name=use.name
        )
    return root


def _loop(inside: Element, name: str, *, required: bool, most: int | None, positions: Iterator[int]) -> Element:
    loop = SubElement(inside, "loop", xid=name)
    SubElement(loop, "name").text = name
    SubElement(loop, "usage").text = "R" if required else "S"
    SubElement(loop, "pos").text = str(next(positions))
    SubElement(loop, "repeat").text = _NO_LIMIT if most is None else str(most)
    return loop


def _items(inside: Element, items: Iterable[SegmentUse | LoopUse], positions: Iterator[int]) -> None:
    for item in items:
        if isinstance(item, LoopUse):
            name = f"LOOP_{item.path.replace('/', '_')}"
            loop = _loop(inside, name, required=item.required, most=item.max, positions=positions)
            _items(loop, item.items, positions)
        else:
            _segment(inside, item.segment, item.required, item.max, positions)


def _segment(inside: Element, of: SegmentDefinition, required: bool, most: int | None, positions: Iterator[int]) -> None:
    segment = SubElement(inside, "segment", xid=of.id)
    SubElement(segment, "name").text = of.name
    SubElement(segment, "usage").text = "R" if required else "S"
    SubElement(segment, "pos").text = str(next(positions))
    SubElement(segment, "max_use").text = _NO_LIMIT if most is None else str(most)
    for note in of.notes:
        SubElement(segment, "syntax").text = str(note)
    for use in of.elements:
        _element(segment, use, f"{of.id}{use.position:02d}")


def _element(inside: Element, use: ElementUse, name: str) -> None:
    element = SubElement(inside, "composite" if use.composite else "element", xid=name)
    SubElement(element, "data_ele").text = use.reference
    SubElement(element, "name").text = use.name
    SubElement(element, "usage").text = "R" if use.requirement == "M" else "S"
    SubElement(element, "seq").text = f"{use.position:02d}"
    if use.composite:
        SubElement(element, "repeat").text = str(use.repeat)
        for part in use.composite.elements:
            _element(element, part, f"{name}-{part.position:02d}")
    elif use.codes is not None:
        SubElement(element, "valid_codes", external=use.reference)


def _pin_version(interchange: Element, version: str) -> None:
    """The one code pyx12 wants inside a map: from ISA12 it takes which characters the extended set has."""
    listed = next(element for element in interchange.iter("element") if element.get("xid") == "ISA12")
    for old in listed.findall("valid_codes"):
        listed.remove(old)
    SubElement(SubElement(listed, "valid_codes"), "code").text = version


def _simple_elements(definition: Definition) -> list[ElementUse]:
    """Each data element once, components included, by number."""
    found: dict[str, ElementUse] = {}
    for name in ("ISA", "GS", "GE", "IEA"):
        _collect(segment_of(definition.release, name), found)
    _collect_items(definition.items, found)
    return [found[reference] for reference in sorted(found)]


def _collect_items(items: Iterable[SegmentUse | LoopUse], found: dict[str, ElementUse]) -> None:
    for item in items:
        if isinstance(item, LoopUse):
            _collect_items(item.items, found)
        else:
            _collect(item.segment, found)


def _collect(of: SegmentDefinition | CompositeDefinition, found: dict[str, ElementUse]) -> None:
    for use in of.elements:
        if use.composite:
            _collect(use.composite, found)
        else:
            found[use.reference] = use
