"""How much may go over a connection: ``60/1m`` is sixty payloads in any minute."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, PlainSerializer, TypeAdapter

from edi_gateway.trading.scalars import Duration, write_duration

_RATE = re.compile(r"([1-9]\d{0,5})\s*/\s*(.+)")
_DURATION: TypeAdapter[timedelta] = TypeAdapter(Duration)


class Rate(NamedTuple):
    """``most`` in any stretch of time as long as ``within``."""

    most: int
    within: timedelta

    def __str__(self) -> str:
        return f"{self.most}/{write_duration(self.within)}"


def _read(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = _RATE.fullmatch(value.strip())
    if found is None:
        raise ValueError(f"'{value}' is no rate; write how many in how long, such as 60/1m")
    within = _DURATION.validate_python(found[2])
    if not within:
        raise ValueError(f"'{value}' is no rate; the time has to be longer than nothing")
    return Rate(int(found[1]), within)


RateLimit = Annotated[Rate, BeforeValidator(_read), PlainSerializer(str, when_used="json")]
