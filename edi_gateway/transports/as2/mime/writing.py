"""Writes entities and multiparts as pieces: headers in front of content that is never copied."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from typing import NamedTuple

from edi_gateway.transports.as2.cms.der import Piece
from edi_gateway.transports.as2.mime.headers import field, written

Fields = tuple[tuple[str, str], ...]


class Draft(NamedTuple):
    """An entity being made: its fields and the pieces of its body."""

    fields: Fields
    body: list[Piece]

    def pieces(self) -> list[Piece]:
        """The whole of it, as it is signed, encrypted or put into a multipart."""
        return [written(self.fields), *self.body]


def draft(content_type: str, body: Sequence[Piece], *more: tuple[str, str]) -> Draft:
    """An entity of a content type. Raises MimeError for fields that cannot be written."""
    return Draft(tuple(field(name, value) for name, value in (("Content-Type", content_type), *more)), list(body))


def multipart(subtype: str, parts: Sequence[Draft], *parameters: str) -> Draft:
    """Several entities as one; ``parameters`` stand in front of the boundary."""
    boundary = f"=_{secrets.token_hex(16)}"
    body: list[Piece] = []
    for each in parts:
        body += [b"--%s\r\n" % boundary.encode(), *each.pieces(), b"\r\n"]
    body.append(b"--%s--\r\n" % boundary.encode())
    return draft("; ".join((f"multipart/{subtype}", *parameters, f'boundary="{boundary}"')), body)


def base64_lines(data: bytes) -> bytes:
    """Base64 in lines of 76 characters, each ended by CRLF."""
    return base64.encodebytes(data).replace(b"\n", b"\r\n")
