"""What a large message takes of memory, as ``make bench-as2`` measures it: of a process of its own, the most it ever had."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.append(str(HERE.parents[1] / "interop"))
import bench_as2  # noqa: E402  # beside the exchanges with others

SIZE = 20_000_000


def test_a_message_is_made_and_opened_in_at_most_five_times_its_size(tmp_path: Path) -> None:
    bench_as2.write_keys(tmp_path)

    found = bench_as2.measure(sys.executable, bench_as2.HERE / "bench_ours.py", tmp_path, SIZE, quick=True)

    assert 1 < found["memory"] * 1e6 / SIZE <= 5
