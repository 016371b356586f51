"""Forms that carry files: multipart/form-data as browsers write it (RFC 7578)."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import Message
from typing import NamedTuple

from edi_gateway.errors import WrongInput

MULTIPART = "multipart/form-data"
_LINE = b"\r\n"


class Part(NamedTuple):
    """One field, or one file of a field; ``file`` is the file's name, None for what is none."""

    name: str
    body: bytes
    file: str | None


def boundary_of(content_type: str) -> bytes | None:
    """What stands between the parts; None where the body is no such form."""
    header = Message()
    header["Content-Type"] = content_type
    boundary = header.get_param("boundary")
    return boundary.encode("ascii", "replace") if header.get_content_type() == MULTIPART and isinstance(boundary, str) else None


def parts(body: bytes, boundary: bytes) -> Iterator[Part]:
    """The parts of a body, in order. Raises WrongInput for one that was cut off."""
    delimiter = _LINE + b"--" + boundary
    _, *found = (_LINE + body).split(delimiter)
    if not found or not found[-1].startswith(b"--"):
        raise WrongInput("the form was cut off on its way", do="send it again")
    for each in found[:-1]:
        head, _, content = each.removeprefix(_LINE).partition(_LINE * 2)
        header = message_from_bytes(head, policy=policy.HTTP)
        name = header.get_param("name", header="content-disposition")
        if isinstance(name, str):
            yield Part(name, content, header.get_filename())
