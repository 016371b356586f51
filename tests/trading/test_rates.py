"""A rate is how many in how long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from edi_gateway.trading.rate import Rate, RateLimit

RATES: TypeAdapter[Any] = TypeAdapter(RateLimit)


@pytest.mark.parametrize(
    ("text", "rate"), [("60/1m", Rate(60, timedelta(minutes=1))), ("1 / 30s", Rate(1, timedelta(seconds=30)))]
)
def test_a_rate_is_how_many_in_how_long(text: str, rate: Rate):
    assert RATES.validate_python(text) == rate
    assert RATES.validate_python(RATES.dump_python(rate, mode="json")) == rate


@pytest.mark.parametrize("text", ["60", "0/1m", "60/0s", "60/often", "-1/1m", "/1m"])
def test_what_is_no_rate_is_refused(text: str):
    with pytest.raises(ValidationError, match=r"is no rate|is no duration"):
        RATES.validate_python(text)
