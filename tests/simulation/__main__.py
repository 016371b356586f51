"""``make simulate``: so many orders across the five presets, with whatever goes wrong in trade, and a truth keeper beside them.

Run as ``python -m simulation --orders 10000 --seed 7`` with ``tests`` on the path. It ends with one line,
``10000 orders, 0 unflagged, 0 open balances``, and exits with 1 where either is not 0.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from pathlib import Path

from simulation.simulate import Ending, Play

from edi_gateway import log

SHOWN = 20


def main() -> int:
    """Plays, and says how it ended."""
    words = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    words.add_argument("--orders", type=int, default=10_000)
    words.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    given = words.parse_args()
    log.configure("critical")
    print(f"{given.orders} orders, seed {given.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="edi-gateway-simulation-") as folder:
        return _play(Path(folder), given.orders, given.seed)


def _play(folder: Path, orders: int, seed: int) -> int:
    began = time.monotonic()
    play = Play(folder, orders, seed)

    def progress(sent: int, day: int) -> None:
        print(f"\rday {day:>3}: {sent} of {orders} orders sent, {time.monotonic() - began:.0f} s ", end="", flush=True)

    ending = play.play(progress)
    print()
    _show(play, ending, time.monotonic() - began)
    return 0 if ending.is_good else 1


def _show(play: Play, ending: Ending, seconds: float) -> None:
    faults = Counter(order.fault for order in play.plan.orders)
    told = ", ".join(f"{count} {fault}" for fault, count in sorted(faults.items()))
    print(f"{told}, {len(play.plan.repeated)} duplicate files, {ending.deaths} crashes; clocks off by up to 40 minutes")
    print(f"{ending.broken} rules broken by what was sent; {seconds:.0f} s, {seconds / ending.orders * 1000:.0f} ms an order")
    for sentence in [*ending.unflagged[:SHOWN], *ending.open_balances[:SHOWN]]:
        print(sentence)
    print(ending)


if __name__ == "__main__":
    raise SystemExit(main())
