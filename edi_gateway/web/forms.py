"""What a browser sends with a form, and whether it is from one of our own pages."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from urllib.parse import parse_qsl

from fastapi import Request

from edi_gateway.errors import WrongInput
from edi_gateway.operations.access import csrf_of
from edi_gateway.web.multipart import boundary_of, parts

__all__ = ["LARGEST", "Form", "check_csrf", "csrf_of", "read_form"]

LARGEST = 2_000_000  # bytes: a pasted interchange or certificate is far below
FIELDS = 100_000  # an 856 of twenty thousand cartons


class Upload(NamedTuple):
    """A file that came with a form."""

    name: str
    body: bytes


@dataclass(frozen=True)
class Form:
    """The fields of a form, in order; a name may be there several times. ``files`` by the name of their field."""

    fields: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, Upload], ...] = ()

    @cached_property
    def _first(self) -> dict[str, str]:
        """The first field of each name: a form about a large order has thousands, and each is asked for."""
        return dict(reversed(self.fields))

    def get(self, name: str, otherwise: str = "") -> str:
        """A field without the blanks around it."""
        return self._first[name].strip() if name in self._first else otherwise

    def all(self, name: str) -> list[str]:
        """Every value of a field."""
        return [value.strip() for field, value in self.fields if field == name]

    def file(self, name: str) -> Upload | None:
        """The first file of a field; None where none was chosen."""
        return next((file for field, file in self.files if field == name), None)

    def number(self, name: str) -> int:
        """A field as a number. Raises WrongInput."""
        text = self.get(name)
        if not text.isdecimal():
            raise WrongInput(f"'{text}' is no number", where=name)
        return int(text)

    def text(self, name: str) -> str:
        """A field of many lines, with ends of lines as we write them."""
        return self.get(name).replace("\r\n", "\n")


async def read_form(request: Request) -> Form:
    """The form in a request's body. Raises WrongInput for one that is no form of ours."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise WrongInput(f"the form holds more than {LARGEST:,} bytes", do="use the command line for files of that size")
    boundary = boundary_of(request.headers.get("content-type", ""))
    if boundary is not None:
        return _with_files(bytes(body), boundary)
    if body.count(b"&") >= FIELDS:
        raise WrongInput(f"the form holds more than {FIELDS:,} fields", do="use the command line for what is so large")
    return Form(tuple(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)))


def _with_files(body: bytes, boundary: bytes) -> Form:
    found = list(parts(body, boundary))
    fields = tuple((each.name, each.body.decode("utf-8", "replace")) for each in found if each.file is None)
    return Form(fields, tuple((each.name, Upload(each.file, each.body)) for each in found if each.file and each.body))


def check_csrf(form: Form, secret: str) -> None:
    """Raises WrongInput for a form that did not come from a page we gave this visitor."""
    if not secret or not hmac.compare_digest(form.get("csrf").encode(), csrf_of(secret).encode()):
        raise WrongInput("this form is not from a page we gave you, or it is too old", do="load the page again and repeat it")
