"""No more than so many payloads in so long go over a connection."""

from __future__ import annotations

import io
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from edi_gateway.errors import TryAgain
from edi_gateway.trading.rate import Rate, RateLimit
from edi_gateway.transports.folder import FolderConfig, FolderTransport
from edi_gateway.transports.paced import Paced

RATES: TypeAdapter[Any] = TypeAdapter(RateLimit)


class Watch:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def paced(folder: Path, watch: Watch, most: int = 2, within: float = 60.0) -> Paced:
    return Paced(FolderTransport(FolderConfig(outbox=folder)), most, within, now=watch)


def test_the_one_that_would_be_too_many_waits_until_the_first_is_long_enough_ago(tmp_path: Path):
    watch = Watch()
    sink = paced(tmp_path, watch)
    for name in ("a", "b"):
        assert sink.pause() == 0
        sink.send(name, io.BytesIO(b"x"))
        watch.now += 10

    assert sink.pause() == 40
    watch.now = 60
    assert sink.pause() == 0
    sink.send("c", io.BytesIO(b"x"))
    assert sink.pause() == 10


def test_a_wait_ends_when_the_gateway_stops_and_nothing_is_sent(tmp_path: Path):
    sink = paced(tmp_path, Watch(), most=1, within=3600.0)
    sink.send("a", io.BytesIO(b"x"))
    threading.Timer(0.05, sink.close).start()

    with pytest.raises(TryAgain, match="its turn"):
        sink.send("b", io.BytesIO(b"x"))

    assert [path.name for path in tmp_path.iterdir()] == ["a"]


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
