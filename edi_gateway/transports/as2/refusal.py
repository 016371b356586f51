"""A message that is refused, and which disposition answers which mistake."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from edi_gateway.errors import WrongInput
from edi_gateway.transports.as2.cms import errors as cms
from edi_gateway.transports.as2.disposition import Failure
from edi_gateway.transports.as2.mime.errors import MimeError


class Refused(WrongInput):
    """A message is not taken, for a reason that its sender is told in one of the standard's words."""

    def __init__(self, failure: Failure, what: str, *, do: str | None = None) -> None:
        self.failure = failure
        super().__init__(what, do=do)


_ANSWERS: dict[type[WrongInput], Failure] = {
    cms.AuthenticationFailed: Failure.AUTHENTICATION,
    cms.IntegrityFailed: Failure.INTEGRITY,
    cms.DecryptionFailed: Failure.DECRYPTION,
    cms.DecompressionFailed: Failure.DECOMPRESSION,
    cms.TooWeak: Failure.SECURITY,
    cms.Unsupported: Failure.FORMAT,
    cms.Unreadable: Failure.UNEXPECTED,
    MimeError: Failure.UNEXPECTED,
}


@contextmanager
def refusing() -> Iterator[None]:
    """Turns what is wrong with a message inside the block into the refusal that answers it."""
    try:
        yield
    except (cms.CmsError, MimeError) as error:
        raise Refused(_ANSWERS[type(error)], error.what, do=error.do) from error
