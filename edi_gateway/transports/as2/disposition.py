"""Dispositions: what became of a message, in the words of RFC 4130 §7.4.3 and of its revision."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

MODE = "automatic-action/MDN-sent-automatically"
_FORM = re.compile(r"[^;]*;\s*(?P<kind>\w+)\s*(?:/\s*(?P<grade>\w+)\s*(?::\s*(?P<why>.*))?)?\s*")


class Failure(StrEnum):
    """Why a message was refused, as a disposition modifier says it."""

    AUTHENTICATION = "authentication-failed"
    INTEGRITY = "integrity-check-failed"
    DECRYPTION = "decryption-failed"
    DECOMPRESSION = "decompression-failed"
    SECURITY = "insufficient-message-security"
    RELATIONSHIP = "unknown-trading-relationship"
    MESSAGE_ID = "invalid-message-id"
    UNEXPECTED = "unexpected-processing-error"
    FORMAT = "unsupported format"
    MIC_ALGORITHMS = "unsupported MIC-algorithms"
    SELF = "sender-equals-receiver"

    @property
    def is_of_form(self) -> bool:
        """Whether the request itself cannot be met: told as ``failed/Failure``, all others as ``processed/Error``."""
        return self in (Failure.FORMAT, Failure.MIC_ALGORITHMS, Failure.SELF)


class Disposition(NamedTuple):
    """``processed``; ``processed/Error: decryption-failed``; ``failed/Failure: unsupported format``."""

    kind: str
    grade: str = ""
    why: str = ""

    @classmethod
    def of(cls, failure: Failure | None) -> Disposition:
        """The disposition for a failure; of none, that it was processed."""
        if failure is None:
            return cls("processed")
        return cls("failed", "Failure", failure) if failure.is_of_form else cls("processed", "Error", failure)

    @classmethod
    def read(cls, text: str) -> Disposition | None:
        """A disposition field, in any case; None for what is none."""
        found = _FORM.fullmatch(text.strip())
        return cls(found["kind"].lower(), (found["grade"] or "").lower(), (found["why"] or "").strip()) if found else None

    def __str__(self) -> str:
        grade = f"/{self.grade}" if self.grade else ""
        return f"{MODE}; {self.kind}{grade}{': ' + self.why if self.why else ''}"

    @property
    def is_positive(self) -> bool:
        """Whether the message was taken; a warning is no refusal."""
        return self.kind == "processed" and self.grade.lower() in ("", "warning")
