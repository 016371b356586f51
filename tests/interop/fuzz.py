"""``make fuzz-as2``: the readers of BER, MIME and AS2 messages against far more spoilt input than the test suite has time for.

fuzz.py [--tries N]
"""

from __future__ import annotations

import argparse
import sys
import time
from importlib import import_module
from pathlib import Path

from hypothesis import settings

sys.path[:0] = [str(Path(__file__).parents[1] / "transports" / "as2")]

CLAIMS = (
    "test_any_bytes_are_read_or_refused",
    "test_spoilt_messages_are_read_or_refused_and_signed_ones_never_say_something_else",
    "test_any_header_and_body_are_read_or_refused",
    "test_a_spoilt_message_is_opened_as_it_was_or_refused",
    "test_transfer_encodings_are_undone_or_refused",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tries", type=int, default=20_000, help="inputs for each claim")
    tries = parser.parse_args().tries
    settings.register_profile("fuzz", max_examples=tries, deadline=None, database=None)
    settings.load_profile("fuzz")
    claims = import_module("test_as2_ber")
    for name in CLAIMS:
        start = time.monotonic()
        getattr(claims, name)()
        print(f"{name.removeprefix('test_').replace('_', ' ')}: {tries} inputs, {time.monotonic() - start:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
