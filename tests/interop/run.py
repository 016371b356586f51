"""``make interop``: exchanges with other implementations, and with ourselves over real sockets. The last line counts them.

run.py [--quick] [--only GROUP]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from exchange import Exchange, NotThere

sys.path[:0] = [str(Path(__file__).parents[1] / "transports" / "as2")]  # whose parties take part here

PARTS = {
    "openssl": "openssl_exchanges",
    "ours": "our_exchanges",
    "pyas2lib": "pyas2lib_exchanges",
    "openssh": "openssh_exchanges",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a part that needs nothing fetched and ends within a minute")
    parser.add_argument("--only", choices=PARTS, help="one of the parts")
    chosen = parser.parse_args()
    done, failed = Counter[str](), Counter[str]()
    for name, part in PARTS.items():
        if chosen.only in (None, name):
            run(name, import_module(part).exchanges, chosen.quick, done, failed)
    for group in done:
        print(f"{group}: {done[group]} exchanges, {failed[group]} failed")
    print(f"{sum(done.values())} exchanges, {sum(failed.values())} failed")
    return 1 if sum(failed.values()) else 0


def run(name: str, part: Callable[[bool], Iterator[Exchange]], quick: bool, done: Counter[str], failed: Counter[str]) -> None:
    """Runs one part; an implementation that is not there counts as one exchange that failed."""
    start = time.monotonic()
    try:
        for exchange in part(quick):
            done[exchange.group] += 1
            try:
                exchange.run()
            except Exception as error:
                failed[exchange.group] += 1
                print(f"FAILED {exchange.group}: {exchange.name}: {type(error).__name__}: {error}")
    except NotThere as error:
        done[name] += 1
        failed[name] += 1
        print(f"FAILED {name}: {error}")
    print(f"{name}: {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
