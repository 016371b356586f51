"""What the connections have in common that payloads go over as files: their names, and how many at most."""

from __future__ import annotations

import re
from string import Formatter
from typing import Annotated

from pydantic import AfterValidator, Field

from edi_gateway.trading.base import Terms
from edi_gateway.trading.rate import RateLimit

USUAL_NAME = "{set}_{partner}_{number}.edi"
NAME_PARTS = {
    "set": "856",
    "partner": "acme",
    "number": "000000123",
    "sender": "ZZ-LARCH",
    "receiver": "08-ACME01",
    "date": "20260105",
    "time": "140000",
}
"""What a template may hold, each with an example."""


def name_of_file(template: str, **parts: str) -> str:
    """The name a template gives to one file; what does not belong into a name is written as ``-``."""
    return template.format(**{part: re.sub(r"[^A-Za-z0-9_-]", "-", value.strip()) for part, value in parts.items()})


def marked(name: str, mark: str) -> str:
    """A copy's name: ``810_7.x12`` and ``_2`` give ``810_7_2.x12``; the ending, which partners collect by, stays."""
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}{mark}.{suffix}" if dot else f"{name}{mark}"


def _usable(value: str) -> str:
    try:
        parts = [name for _, name, form, _ in Formatter().parse(value) if name is not None or form]
        shown = value.format(**NAME_PARTS)
    except (ValueError, LookupError, AttributeError):
        raise ValueError(f"'{value}' is no file name; in braces there may be {', '.join(NAME_PARTS)}") from None
    if "number" not in parts:
        raise ValueError(f"'{value}' would give two payloads one name; it has to hold {{number}}")
    if any(mark in shown for mark in "/\\") or not shown.isprintable() or shown != shown.strip() or len(shown.encode()) > 160:
        raise ValueError(f"'{value}' is no file name; it may hold no separators and 160 bytes")
    if shown.startswith(".") or shown.lower().endswith((".part", ".tmp", ".filepart")):
        raise ValueError(f"'{value}' says that the file is still on its way; nobody would collect it")
    return value


class SentAsFiles(Terms):
    """What is agreed about the files we put there."""

    file_name: Annotated[str, AfterValidator(_usable)] = Field(
        USUAL_NAME,
        description="What our files are called: {set}, {partner}, {number} (ISA13), {sender}, {receiver}, {date}, {time} (UTC).",
    )
    at_most: RateLimit | None = Field(
        None, description="How many payloads we send in how long: 60/1m. None: as fast as they take them."
    )
