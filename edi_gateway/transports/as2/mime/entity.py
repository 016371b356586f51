"""An entity: header fields, an empty line, a body. And a multipart: entities between boundaries."""

from __future__ import annotations

import binascii
import quopri
from typing import NamedTuple

from edi_gateway.transports.as2.mime.errors import MimeError
from edi_gateway.transports.as2.mime.headers import MOST_BYTES, Headers, Parameterized
from edi_gateway.transports.as2.mime.region import Region

MOST_PARTS = 100
_PLAIN = frozenset({"", "7bit", "8bit", "binary"})
_USUAL = "application/octet-stream"


class Entity(NamedTuple):
    """Headers and a body; ``whole`` is both as they were written, which is what signatures are over."""

    headers: Headers
    body: Region
    whole: Region

    @classmethod
    def read(cls, whole: Region) -> Entity:
        """Finds the empty line. Raises MimeError where there is none, or the header is too large."""
        for empty in (b"\r\n", b"\n"):
            if whole.starts_with(empty, whole.start):
                return cls(Headers(()), whole.between(whole.start + len(empty), whole.end), whole)
        limit = whole.between(whole.start, min(whole.end, whole.start + MOST_BYTES))
        ends = [(at, at + len(mark)) for mark in (b"\r\n\r\n", b"\n\n", b"\n\r\n") if (at := limit.find(mark, whole.start)) >= 0]
        if not ends:
            raise MimeError("the end of the header is missing")
        end, begin = min(ends)
        return cls(Headers.read(whole.between(whole.start, end).copied()), whole.between(begin, whole.end), whole)

    @property
    def content_type(self) -> Parameterized:
        """What it says its body is."""
        return Parameterized.read(self.headers.get("content-type") or _USUAL)

    @property
    def file_name(self) -> str:
        """The file name it was sent under; empty where it does not say."""
        disposition = Parameterized.read(self.headers.get("content-disposition") or "")
        return disposition.text("filename") or self.content_type.text("name")

    def content(self) -> Region:
        """The body without its transfer encoding; absent means binary. Raises MimeError for an encoding there is not."""
        encoding = self.headers.get("content-transfer-encoding", "").strip().lower()
        if encoding in _PLAIN:
            return self.body
        if encoding == "base64":
            return Region.of(_from_base64(self.body))
        if encoding == "quoted-printable":
            return Region.of(quopri.decodestring(self.body.copied()))
        raise MimeError(f"the transfer encoding '{encoding[:40]}' is not known")

    def parts(self) -> list[Region]:
        """The parts of a multipart, without the line end before each boundary. Raises MimeError for one that is broken."""
        boundary = self.content_type.parameters.get("boundary", "")
        if not boundary or not boundary.isascii():
            raise MimeError("a multipart does not name its boundary")
        return _split(self.body, b"--" + boundary.encode())


def _split(body: Region, delimiter: bytes) -> list[Region]:
    parts: list[Region] = []
    begin: int | None = None
    at = _next_delimiter(body, delimiter, body.start)
    while at >= 0:
        if begin is not None:
            parts.append(body.between(begin, max(begin, _before_line_end(body, at))))
        if len(parts) > MOST_PARTS:
            raise MimeError("a multipart has too many parts")
        after = at + len(delimiter)
        if body.starts_with(b"--", after):
            return parts
        line_end = body.find(b"\n", after)
        if line_end < 0:
            break
        begin = line_end + 1
        at = _next_delimiter(body, delimiter, begin)
    raise MimeError("the last boundary of a multipart is missing")


def _next_delimiter(body: Region, delimiter: bytes, at: int) -> int:
    """The next line that is the delimiter: nothing behind it but blanks, or the two dashes of the last one."""
    while (at := body.find(delimiter, at)) >= 0:
        if at == body.start or body.starts_with(b"\n", at - 1):
            after = at + len(delimiter)
            line_end = body.find(b"\n", after)
            line = body.between(after, min(line_end if line_end >= 0 else body.end, after + 80)).copied()
            if not line.removeprefix(b"--").strip():
                return at
        at += len(delimiter)
    return -1


def _before_line_end(body: Region, at: int) -> int:
    at -= 1
    return at - 1 if body.starts_with(b"\r", at - 1) else at


def _from_base64(body: Region) -> bytes:
    try:
        return binascii.a2b_base64(body.copied().translate(None, b" \t\r\n"), strict_mode=True)
    except binascii.Error as error:
        raise MimeError("what should be base64 is none") from error
