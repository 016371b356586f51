"""The files that are measured with, written once for a run; the part for slow libraries is the beginning of the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeAlias

from benchmarks.orders import an_interchange_each, one_interchange, orders

Draw: TypeAlias = Callable[[int], Iterator[bytes]]
Wrap: TypeAlias = Callable[[Iterator[bytes]], Iterator[bytes]]


class Input(NamedTuple):
    """A file and its first tenth."""

    name: str
    says: str
    whole: Path
    part: Path


def inputs(folder: Path, sets: int) -> list[Input]:
    """The four files: 5,500 sets are about 10 MB."""
    folder.mkdir(parents=True, exist_ok=True)

    def made(name: str, says: str, wrap: Wrap, draw: Draw) -> Input:
        whole = _write(folder / f"{name}.edi", wrap(draw(sets)))
        return Input(name, says, whole, _write(folder / f"{name}-part.edi", wrap(draw(max(sets // 10, 1)))))

    return [
        made("orders", "one interchange of good orders", one_interchange, orders),
        made("singles", "small orders, each in an interchange of its own", an_interchange_each, partial(orders, lines=(2, 6))),
        made("bad-1", "1 % of the sets have a fault", one_interchange, partial(orders, bad=0.01)),
        made("bad-100", "every set has a fault", one_interchange, partial(orders, bad=1.0)),
    ]


def warmup(folder: Path) -> Path:
    """Some orders of the same kind, of which none is in the other files."""
    return _write(folder / "warm-up.edi", one_interchange(orders(100, seed=1)))


def _write(path: Path, pieces: Iterator[bytes]) -> Path:
    path.write_bytes(b"".join(pieces))
    return path
