"""The two structures every cryptographic message is made of: ContentInfo and AlgorithmIdentifier."""

from __future__ import annotations

from edi_gateway.transports.as2.cms import ber
from edi_gateway.transports.as2.cms.ber import Value
from edi_gateway.transports.as2.cms.errors import Unreadable


def content_of(info: Value, *kinds: str) -> list[Value]:
    """What a ContentInfo of one of those kinds holds, as the parts of its sequence. Raises Unreadable for another kind."""
    parts = info.expect(ber.SEQUENCE).children()
    if len(parts) != 2 or parts[0].oid() not in kinds:
        raise Unreadable("it is not the kind of cryptographic message it says it is")
    return only(parts[1].expect(0xA0)).expect(ber.SEQUENCE).children()


def kind_of(data: bytes | memoryview) -> str:
    """Which kind of message a ContentInfo says it is, as an object identifier."""
    parts = ber.read(data).expect(ber.SEQUENCE).children()
    if not parts:
        raise Unreadable("it is no cryptographic message")
    return parts[0].oid()


def only(value: Value) -> Value:
    """The one value inside a tag around it."""
    children = value.children()
    if len(children) != 1:
        raise Unreadable("a structure holds more or less than it should")
    return children[0]


def read_algorithm(value: Value) -> tuple[str, Value | None]:
    """An AlgorithmIdentifier: which one, and its parameters."""
    parts = value.expect(ber.SEQUENCE).children()
    if not parts:
        raise Unreadable("an algorithm is left out")
    return parts[0].oid(), parts[1] if len(parts) > 1 else None
