"""Reads BER (X.690) as partners write it, DER and indefinite lengths alike, without copying content.

Depth and number of values are bounded, so that a hostile message costs no more than its size.
"""

from __future__ import annotations

from collections.abc import Iterator

from edi_gateway.transports.as2.cms.errors import Unreadable

INTEGER, OCTET_STRING, OID = 0x02, 0x04, 0x06
SEQUENCE, SET = 0x30, 0x31
CONSTRUCTED = 0x20

DEEPEST = 24
_VALUES = 4096  # that any message may have, and one more for every
_BYTES_A_VALUE = 64  # of it
_INDEFINITE = 0x80
_END_OF_CONTENTS = b"\x00\x00"


class Value:
    """One BER value: its tag, its content, and all of it as it was written.

    ``children`` of a value of indefinite length are read with it, since only they say where it ends; those of others when asked.
    """

    __slots__ = ("_budget", "_children", "_depth", "content", "tag", "whole")

    def __init__(
        self, tag: int, content: memoryview, whole: memoryview, budget: list[int], depth: int, children: list[Value] | None = None
    ) -> None:
        self.tag, self.content, self.whole = tag, content, whole
        self._budget, self._depth, self._children = budget, depth, children

    @property
    def is_constructed(self) -> bool:
        return bool(self.tag & CONSTRUCTED)

    @property
    def is_indefinite(self) -> bool:
        return self.whole[1] == _INDEFINITE

    def children(self) -> list[Value]:
        """The values inside. Raises Unreadable where there cannot be any."""
        if not self.is_constructed:
            raise Unreadable(f"a value of tag {self.tag:#04x} holds no others")
        if self._children is None:
            found, at = [], 0
            while at < len(self.content):
                value, at = _read(self.content, at, self._budget, self._depth + 1)
                found.append(value)
            self._children = found
        return self._children

    @property
    def is_octets(self) -> bool:
        """Whether it is an octet string, whole or in parts."""
        return self.tag & ~CONSTRUCTED == OCTET_STRING

    def expect(self, tag: int) -> Value:
        """Itself, if it has that tag. Raises Unreadable."""
        if self.tag != tag:
            raise Unreadable(f"a value of tag {tag:#04x} was expected, and {self.tag:#04x} found")
        return self

    def integer(self) -> int:
        """Its number."""
        return int.from_bytes(self.expect(INTEGER).content, "big", signed=True)

    def oid(self) -> str:
        """Its object identifier in dotted form."""
        body = bytes(self.expect(OID).content)
        if not body or body[-1] & 0x80 or len(body) > 64:
            raise Unreadable("an object identifier is broken")
        arcs, arc = [], 0
        for byte in body:
            arc = arc << 7 | byte & 0x7F
            if not byte & 0x80:
                arcs.append(arc)
                arc = 0
        first = min(arcs[0] // 40, 2)
        return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))

    def pieces(self) -> Iterator[memoryview]:
        """The octets of an octet string, whole or in parts, in order; whatever its (implicit) tag."""
        if not self.is_constructed:
            yield self.content
            return
        for child in self.children():
            if not child.is_octets:
                raise Unreadable("an octet string is made of something else")
            yield from child.pieces()

    def octets(self) -> bytes:
        """The octets of a small octet string in one piece."""
        return b"".join(self.pieces())


def read(data: bytes | memoryview) -> Value:
    """The one value ``data`` begins with; what follows it (padding, a line end) is not looked at. Raises Unreadable."""
    value, _ = _read(memoryview(data), 0, [_VALUES + len(data) // _BYTES_A_VALUE], 0)
    return value


def _read(data: memoryview, at: int, budget: list[int], depth: int) -> tuple[Value, int]:
    """The value at an offset, and the offset behind it."""
    budget[0] -= 1
    if depth > DEEPEST or budget[0] < 0:
        raise Unreadable("a structure is too deep or of too many parts")
    tag, start, length = _header(data, at)
    if length is not None:
        end = start + length
        if end > len(data):
            raise Unreadable("a value is cut off")
        return Value(tag, data[start:end], data[at:end], budget, depth), end
    children, end = [], start
    while data[end : end + 2] != _END_OF_CONTENTS:
        child, end = _read(data, end, budget, depth + 1)
        children.append(child)
    return Value(tag, data[start:end], data[at : end + 2], budget, depth, children), end + 2


def _header(data: memoryview, at: int) -> tuple[int, int, int | None]:
    """Tag, where the content starts, and its length; None for one that is indefinite."""
    if at + 2 > len(data):
        raise Unreadable("a value is cut off")
    tag, length = data[at], data[at + 1]
    if tag & 0x1F == 0x1F:
        raise Unreadable("tags above 30 do not occur in messages")
    if length < 0x80:
        return tag, at + 2, length
    if length == _INDEFINITE:
        if not tag & CONSTRUCTED:
            raise Unreadable("a primitive value must say its length")
        return tag, at + 2, None
    count = length & 0x7F
    if count > 8 or at + 2 + count > len(data):
        raise Unreadable("a length is broken")
    return tag, at + 2 + count, int.from_bytes(data[at + 2 : at + 2 + count], "big")
