"""Header fields: read tolerantly (folded, any case, bare line feeds) and written strictly (one line each, nothing injected)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import quote, unquote

from edi_gateway.transports.as2.mime.errors import MimeError

MOST_BYTES = 32 * 1024  # of one header block
MOST_FIELDS = 100
LONGEST_FIELD = 8 * 1024

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_FOLD = re.compile(r"\r?\n[ \t]+")
_LINE_END = re.compile(r"\r?\n")
_PARAMETER = re.compile(r';\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;"]*)')
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_NOT_IN_A_FIELD = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_ALONE = frozenset({"content-type", "content-transfer-encoding", "content-disposition", "as2-from", "as2-to", "message-id"})


class Headers(Mapping[str, str]):
    """Fields by name, in any case. A field that decides how the message is read stands there once."""

    def __init__(self, fields: Iterable[tuple[str, str]]) -> None:
        self._fields: dict[str, str] = {}
        for count, (name, value) in enumerate(fields, 1):
            key = name.lower()
            if count > MOST_FIELDS or len(name) + len(value) > LONGEST_FIELD:
                raise MimeError("the header is too large")
            if key in self._fields and key in _ALONE:
                raise MimeError(f"the header field {name} stands there twice")
            self._fields.setdefault(key, value)

    @classmethod
    def read(cls, block: bytes) -> Headers:
        """The fields of a header block. Raises MimeError for one that is too large or is none."""
        if len(block) > MOST_BYTES:
            raise MimeError("the header is too large")
        return cls(_split(line) for line in _lines(block))

    def __getitem__(self, name: str) -> str:
        return self._fields[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


class Parameterized(NamedTuple):
    """A field such as ``multipart/signed; boundary="b"``: its value in lower case, and its parameters."""

    value: str
    parameters: Mapping[str, str]

    @classmethod
    def read(cls, field: str) -> Parameterized:
        """Takes a field apart; what cannot be read as a parameter is left out."""
        value, _, rest = field.partition(";")
        found: dict[str, str] = {}
        for name, written in _PARAMETER.findall(";" + rest):
            found.setdefault(name.lower(), _unquoted(written))
        return cls(value.strip().lower(), found)

    def text(self, name: str) -> str:
        """A parameter, also one written for other languages (``name*=UTF-8''…``, RFC 2231); empty where there is none."""
        extended = self.parameters.get(f"{name}*")
        if extended and extended.count("'") >= 2:
            charset, _, encoded = extended.split("'", 2)
            try:
                return unquote(encoded, encoding=charset or "utf-8", errors="strict")
            except (LookupError, UnicodeDecodeError):
                pass
        return self.parameters.get(name, "")


def field(name: str, value: str) -> tuple[str, str]:
    """One field to be written. Raises MimeError where its value would begin another field, or is not ASCII."""
    if _NOT_IN_A_FIELD.search(value) or not value.isascii():
        raise MimeError(f"the value of {name} holds characters that cannot stand in a header", do="take them out")
    return name, value


def written(fields: Iterable[tuple[str, str]]) -> bytes:
    """A header block with the empty line behind it, one line a field."""
    return b"".join(f"{name}: {value}\r\n".encode("ascii") for name, value in fields) + b"\r\n"


def quoted(value: str) -> str:
    """A quoted string."""
    return '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'


def file_name_parameter(name: str) -> str:
    """``filename="…"``, and the same in UTF-8 behind it where the name is not ASCII (RFC 6266)."""
    plain = "".join(each if each.isascii() and each.isprintable() else "_" for each in name)
    extended = f"; filename*=UTF-8''{quote(name, safe='')}" if plain != name else ""
    return f"filename={quoted(plain)}{extended}"


def _lines(block: bytes) -> list[str]:
    text = _FOLD.sub(" ", block.decode("utf-8", errors="replace").strip("\r\n"))
    return _LINE_END.split(text) if text else []


def _split(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not _NAME.fullmatch(name.rstrip()):
        raise MimeError("what should be a header is none")
    return name.rstrip(), value.strip()


def _unquoted(written_: str) -> str:
    text = written_.strip()
    return _ESCAPED.sub(r"\1", text[1:-1]) if text[:1] == '"' else text
