"""``make bench``: our engine and other X12 libraries on the same files, a process for each measurement, in interleaved rounds.

Every round runs everybody once on every file, so that what else the machine does meets all alike. Rates are of processor time;
a ratio is taken within a round, and the median of the rounds is told. All is written to build/bench.json too.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.contenders import BOTS, CONTENDERS, ORDER, PYX12, STANDARD_997, VALIDATE_997, Contender
from benchmarks.environments import PATIENCE, Program, Unavailable, last_line, own
from benchmarks.inputs import Input, inputs, warmup

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build"
PROGRAMS = Path(__file__).parent / "libraries"
Measured = dict[str, Any]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true", help="small files, one round: does it still run, not how fast")
    asked.add_argument("--sets", type=int, help="orders in a file")
    asked.add_argument("--rounds", type=int)
    asked.add_argument("--json", type=Path, default=BUILD / "bench.json")
    chosen = asked.parse_args()
    sets, rounds = chosen.sets or (300 if chosen.quick else 5500), chosen.rounds or (1 if chosen.quick else 3)
    result = Bench(inputs(BUILD / "bench", sets), warmup(BUILD / "bench")).run(rounds)
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(json.dumps(result, indent=1) + "\n")
    _print(result, chosen.json)


class Bench:
    """Some files, and everybody who can be run here."""

    def __init__(self, files: list[Input], warm: Path) -> None:
        self.files, self.warm = files, warm
        self.left_out: dict[str, str] = {}
        self.programs: dict[str, Program] = {}

    def run(self, rounds: int) -> dict[str, Any]:
        """Rounds of everybody on every file, and what they come to."""
        contenders = [one for one in CONTENDERS if self._is_there(one)]
        runs: defaultdict[tuple[str, str], list[Measured]] = defaultdict(list)
        for number in range(rounds):
            for file in self.files:
                for one in contenders:
                    _progress(f"round {number + 1} of {rounds}: {file.name}, {one.name}")
                    runs[file.name, one.name].append(self._measure(one, file))
        _progress("")
        small = [self._one_by_one() for _ in range(rounds)]
        return {
            "machine": _machine(),
            "rounds": rounds,
            "left_out": self.left_out,
            "files": {file.name: self._file(file, contenders, runs) for file in self.files},
            "small_order": {key: median(one[key] for one in small) for key in ("bytes", "median_ms", "p99_ms")},
            "goals": _goals(runs, small),
        }

    def _is_there(self, one: Contender) -> bool:
        """Whether a library can be installed and run; if not, it is noted why."""
        if one.library in self.left_out:
            return False
        try:
            self.programs[one.library] = self.programs.get(one.library) or one.environment()
            self._call(one, self.warm, self.warm)
        except Unavailable as reason:
            self.left_out[one.library] = str(reason)
        return one.library not in self.left_out

    def _measure(self, one: Contender, file: Input) -> Measured:
        try:
            return self._call(one, file.whole if one.whole else file.part, self.warm)
        except Unavailable as reason:
            return {"stopped": str(reason)}

    def _call(self, one: Contender, file: Path, warm: Path) -> Measured:
        return _output(self.programs[one.library], one.program, one.task, str(file), str(warm))

    def _one_by_one(self) -> Measured:
        singles = next(file for file in self.files if file.name == "singles")
        return _output(own(), "ours.py", "one", str(singles.part))

    def _file(self, file: Input, contenders: list[Contender], runs: dict[tuple[str, str], list[Measured]]) -> dict[str, Any]:
        rows = {one.name: _row(runs[file.name, one.name], runs.get((file.name, PYX12.name), [])) for one in contenders}
        return {"says": file.says, "bytes": file.whole.stat().st_size, "rows": rows}


def _output(program: Program, script: str, *arguments: str) -> Measured:
    command = [program.interpreter, str(PROGRAMS / script), *arguments]
    variables = {**os.environ, "PYTHONPATH": str(ROOT) if program == own() else "", **program.variables}
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False, env=variables)
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"stopped after {PATIENCE} s") from error
    if done.returncode:
        raise Unavailable(f"it does not run: {last_line(done.stderr)}")
    measured: Measured = json.loads(done.stdout.splitlines()[-1])
    return measured


def _row(runs: list[Measured], pyx12: list[Measured]) -> Measured:
    """Medians of the rounds; a run that stopped has no rate."""
    stopped = next((run["stopped"] for run in runs if "stopped" in run), None)
    if stopped:
        return {"stopped": stopped}
    return {
        "mb_s": median(map(_rate, runs)),
        "orders_s": median(run["sets"] / run["seconds"] for run in runs),
        "peak_mb": median(run["peak"] for run in runs),
        "start_s": median(run["start"] for run in runs),
        "to_pyx12": _ratio(runs, pyx12),
        "sets": runs[0]["sets"],
        "good": runs[0].get("good"),
    }


def _rate(run: Measured) -> float:
    return float(run["bytes"]) / 1e6 / float(run["seconds"])


def _ratio(runs: list[Measured], others: list[Measured]) -> float | None:
    pairs = [(one, other) for one, other in zip(runs, others, strict=False) if "stopped" not in {**one, **other}]
    return median(_rate(one) / _rate(other) for one, other in pairs) if pairs else None


def _goals(runs: dict[tuple[str, str], list[Measured]], small: list[Measured]) -> list[dict[str, Any]]:
    """What was set out to be reached, and what was."""
    on = {
        name: runs.get(("orders", name), []) for name in (VALIDATE_997.name, STANDARD_997.name, ORDER.name, PYX12.name, BOTS.name)
    }
    peak = max((run["peak"] for name in (VALIDATE_997.name, ORDER.name) for run in on[name]), default=None)
    wanted = [
        ("validate + 997, times pyx12's validation", 120, _ratio(on[VALIDATE_997.name], on[PYX12.name]), True),
        ("the same without the rules pyx12 has not", 120, _ratio(on[STANDARD_997.name], on[PYX12.name]), True),
        ("validate + 997 + order, times pyx12's validation", 60, _ratio(on[ORDER.name], on[PYX12.name]), True),
        ("validate + 997 + order, times bots", 30, _ratio(on[ORDER.name], on[BOTS.name]), True),
        ("one small order to its 997 and document, ms", 0.25, median(one["median_ms"] for one in small), False),
        ("peak memory on the largest file, MB", 64, peak, False),
    ]
    return [
        {"what": what, "goal": goal, "got": got, "reached": got is not None and (got >= goal if more else got <= goal)}
        for what, goal, got, more in wanted
    ]


def _progress(says: str) -> None:
    """What is being measured, on one line of a terminal."""
    if sys.stderr.isatty():
        print(f"\r  {says:76}\r", end="", file=sys.stderr, flush=True)


def _machine() -> str:
    models = [line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    model = models[0] if models else platform.machine()
    return f"{model}, {os.cpu_count()} processors, Python {platform.python_version()}, {platform.system()}"


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def _print(result: dict[str, Any], written: Path) -> None:
    print(result["machine"])
    for name, file in result["files"].items():
        print(f"\n{name}: {file['says']}, {file['bytes'] / 1e6:.1f} MB")
        print(f"  {'':42} {'MB/s':>8} {'orders/s':>9} {'peak MB':>8} {'x pyx12':>8}")
        for who, row in file["rows"].items():
            print(f"  {who:42} {_figures(row)}")
    small = result["small_order"]
    print(f"\none small order ({small['bytes']:.0f} bytes) to its 997 and document: {small['median_ms']:.3f} ms", end="")
    print(f", 99 % {small['p99_ms']:.3f} ms")
    for library, why in result["left_out"].items():
        print(f"left out: {library}: {why}")
    print()
    for goal in result["goals"]:
        got = "not measured" if goal["got"] is None else f"{goal['got']:.4g}"
        print(f"  {'reached' if goal['reached'] else 'MISSED ':8} {goal['what']}: {got} (goal {goal['goal']})")
    reached = f"{sum(goal['reached'] for goal in result['goals'])} of {len(result['goals'])} goals reached"
    print(f"\nbench: {reached}, {len(result['left_out'])} libraries left out; all figures in {os.path.relpath(written)}")


def _figures(row: Measured) -> str:
    if "stopped" in row:
        return f"     {row['stopped']}"
    ratio = "" if row["to_pyx12"] is None else f"{row['to_pyx12']:.1f}"
    return f"{row['mb_s']:8.2f} {row['orders_s']:9.0f} {row['peak_mb']:8.1f} {ratio:>8}"


if __name__ == "__main__":
    main()
