"""Documents as XML elements: written, read back and described by a schema, all three from the types of their fields.

A field is an element of its name, with dashes; a list is an element around one element for each entry, named after its type.
Empty fields are left out. Characters that XML 1.0 cannot carry (control characters) become spaces.
"""

from __future__ import annotations

import re
import types
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from lxml import etree

from edi_gateway.documents.base import Value

XS = "http://www.w3.org/2001/XMLSchema"
_SIMPLE = {
    str: "xs:string",
    Decimal: "xs:decimal",
    int: "xs:integer",
    bool: "xs:boolean",
    date: "xs:date",
    datetime: "xs:dateTime",
}
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
V = TypeVar("V", bound=Value)


def write(value: Value, into: etree._Element) -> None:
    """The fields of ``value`` that have data, as children of ``into``."""
    for name in value.__struct_fields__:
        content = getattr(value, name)
        if content is None or content in ("", ()):
            continue
        child = etree.SubElement(into, _dashed(name))
        if isinstance(content, tuple):
            for entry in content:
                _write_one(entry, etree.SubElement(child, _name_of(type(entry))))
        else:
            _write_one(content, child)


def _write_one(content: object, into: etree._Element) -> None:
    if isinstance(content, Value):
        write(content, into)
    elif isinstance(content, date):
        into.text = content.isoformat()
    elif isinstance(content, Decimal):
        into.text = f"{content:f}"
    else:
        into.text = _NOT_IN_XML.sub(" ", str(content))


def read(found: etree._Element, type_: type[V], given: dict[str, object] | None = None) -> V:
    """The value that stands in ``found``; ``given`` are fields that stand elsewhere. Validate first."""
    fields = {**(given or {}), **_fields(found, type_)}
    return msgspec.convert(fields, type_, strict=False)


def _fields(found: etree._Element, type_: type[Value]) -> dict[str, object]:
    hints = _hints(type_)
    return {name: _read_one(child, _plain(hints[name])) for child in found if (name := str(child.tag).replace("-", "_")) in hints}


def _read_one(found: etree._Element, type_: Any) -> object:
    if get_origin(type_) is tuple:
        return [_read_one(child, get_args(type_)[0]) for child in found]
    if isinstance(type_, type) and issubclass(type_, Value):
        return _fields(found, type_)
    return found.text or ""


def schema(
    roots: dict[str, type[Any]], *, attributes: tuple[str, ...], around: str = "", leaving_out: tuple[str, ...] = ()
) -> etree._Element:
    """An XML Schema for elements of these types, with required ``attributes``; ``around`` is an element holding many."""
    made = etree.Element(f"{{{XS}}}schema", nsmap={"xs": XS})
    known: set[type] = set()
    for name, type_ in roots.items():
        if not around:
            _add(made, "element", name=name, type=_name_of(type_))
        _add_type(made, type_, known, attributes, leaving_out)
    if around:
        choice = _add(_add(_add(made, "element", name=around), "complexType"), "choice", minOccurs="0", maxOccurs="unbounded")
        for name, type_ in roots.items():
            _add(choice, "element", name=name, type=_name_of(type_))
    return made


def _add_type(
    made: etree._Element,
    type_: type[Value],
    known: set[type],
    attributes: tuple[str, ...] = (),
    leaving_out: tuple[str, ...] = (),
) -> None:
    if type_ in known:
        return
    known.add(type_)
    complex_type = _add(made, "complexType", name=_name_of(type_))
    every = _add(complex_type, "all")
    for field in msgspec.structs.fields(type_):
        if field.name in leaving_out:
            continue
        required = field.required and field.name != "at"
        element = _add(every, "element", name=_dashed(field.name), minOccurs="1" if required else "0")
        _say_type(element, made, _plain(_hints(type_)[field.name]), known)
    for attribute in attributes:
        _add(complex_type, "attribute", name=attribute, type="xs:string", use="required")


def _say_type(element: etree._Element, made: etree._Element, type_: Any, known: set[type]) -> None:
    if get_origin(type_) is tuple:
        (entry, *_) = get_args(type_)
        sequence = _add(_add(element, "complexType"), "sequence")
        inner = _add(sequence, "element", name=_name_of(entry), minOccurs="0", maxOccurs="unbounded")
        _say_type(inner, made, entry, known)
    elif type_ in _SIMPLE:
        element.set("type", _SIMPLE[type_])
    elif get_origin(type_) is Literal:
        words = _add(_add(element, "simpleType"), "restriction", base="xs:string")
        for word in get_args(type_):
            _add(words, "enumeration", value=word)
    else:
        element.set("type", _name_of(type_))
        _add_type(made, type_, known)


def _add(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{XS}}}{tag}", attributes)


def _plain(hint: Any) -> Any:
    """The type without its None."""
    if get_origin(hint) in (Union, types.UnionType):
        (hint,) = (each for each in get_args(hint) if each is not type(None))
    return hint


def _hints(type_: type[Value]) -> dict[str, Any]:
    return get_type_hints(type_)


def _name_of(type_: type) -> str:
    if type_ is str:
        return "text"
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type_.__name__).lower()


def _dashed(name: str) -> str:
    return name.replace("_", "-")
