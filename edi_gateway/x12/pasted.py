"""Sets as people keep and paste them: in an interchange, or one alone from ST to SE with ``*`` and ``~``, a segment a line."""

from __future__ import annotations

from edi_gateway.errors import WrongInput
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.reader import read


def sets_in(content: bytes | str) -> list[TransactionSet]:
    """Every set in it, in order; none where there is none. Raises WrongInput for a character that no X12 set here has."""
    body = _encoded(content) if isinstance(content, str) else content
    if body.lstrip().startswith(b"ST*"):
        text = "".join(line.strip() for line in body.decode("latin-1").splitlines())
        return [TransactionSet(text, Delimiters())]
    return [event for event in read(body) if isinstance(event, TransactionSet)]


def _encoded(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError as error:
        raise WrongInput(f"holds '{text[error.start]}', which no X12 character set here has") from None
