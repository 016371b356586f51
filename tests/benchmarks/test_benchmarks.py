"""The benchmarks run, measure what they say, and their orders are what they say. Nothing here looks at a clock."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.inputs import inputs, warmup
from benchmarks.large import answer_all, interchange
from benchmarks.orders import FAULTS, an_interchange_each, one_interchange, orders
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.examination import examine
from edi_gateway.x12.reader import Reader
from edi_gateway.x12.validation import Policy

ROOT = Path(__file__).parents[2]


def findings(payload):
    return [examine(event, Policy()).findings for event in Reader(payload) if isinstance(event, TransactionSet)]


def test_the_same_orders_are_made_every_time():
    assert list(orders(5, bad=0.5)) == list(orders(5, bad=0.5))


def test_good_orders_have_no_finding_and_bad_ones_one_each():
    assert findings(b"".join(one_interchange(orders(30)))) == [()] * 30
    bad = findings(b"".join(an_interchange_each(orders(30, bad=1.0))))
    assert [len(found) for found in bad] == [1] * 30
    assert len({found[0].kind for found in bad}) == len(FAULTS)


def test_a_share_of_bad_orders_leaves_the_others_as_they_are():
    good, some = list(orders(200)), list(orders(200, bad=0.1))
    changed = sum(one != other for one, other in zip(good, some, strict=True))
    assert 5 < changed < 40


def test_the_part_for_slow_libraries_is_the_beginning_of_the_whole(tmp_path):
    for file in inputs(tmp_path, 20):
        whole = file.whole.read_bytes()
        assert whole.count(b"~ST*") == 20
        assert whole.startswith(file.part.read_bytes().rpartition(b"GE*")[0])


def test_an_interchange_made_while_it_is_read_is_right_in_every_respect():
    sets, accepted, wrong = answer_all(interchange(3_000_000, list(orders(50))))
    assert sets == accepted
    assert sets >= 1000
    assert wrong == 0


@pytest.mark.parametrize("task", ["read", "validate", "997", "order"])
def test_our_program_counts_what_it_measured(task, tmp_path):
    warm, file = warmup(tmp_path), inputs(tmp_path, 40)[0].whole
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "libraries" / "ours.py"), task, str(file), str(warm)],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )
    told = json.loads(done.stdout)
    assert told["sets"] == told.get("good", 40) == 40
    assert told["bytes"] == file.stat().st_size
