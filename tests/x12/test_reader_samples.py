"""What is read from documents other people wrote: counts and kinds only, kept in ``samples_verdicts.json``.

The documents are not ours and lie beside the checkout. ``python tests/x12/test_reader_samples.py`` writes the file anew.
"""

import json
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest

from edi_gateway.x12.boundaries import PADDING
from edi_gateway.x12.envelope import FunctionalGroup, Interchange, InterchangeAcknowledgment, Skipped, TransactionSet
from edi_gateway.x12.examination import examine
from edi_gateway.x12.reader import Reader
from edi_gateway.x12.validation import Policy

VERDICTS = Path(__file__).with_name("samples_verdicts.json")
_NAMES = {Interchange: "interchanges", FunctionalGroup: "groups", TransactionSet: "sets", InterchangeAcknowledgment: "ta1"}


def summary(payload):
    """How much of what was read, which sets, how they are judged, and how many findings of each kind."""
    counts, codes, verdicts, kinds = Counter(), Counter(), Counter(), Counter()
    for event in Reader(payload):
        counts[_NAMES.get(type(event), "")] += 1
        found = (event.finding,) if isinstance(event, Skipped) else getattr(event, "findings", ())
        if isinstance(event, TransactionSet):
            codes[event.code] += 1
            examined = examine(event, Policy())
            verdicts[str(examined.verdict)] += 1
            found = examined.findings
        kinds.update(finding.kind for finding in found)
        counts["skipped"] += event.end - event.start if isinstance(event, Skipped) else 0
    counts.pop("", None)
    return {
        **{name: n for name, n in sorted(counts.items()) if n},
        "of": dict(sorted(codes.items())),
        "verdicts": dict(sorted(verdicts.items())),
        "found": dict(sorted(kinds.items())),
    }


def test_every_sample_is_read_as_it_was(samples):
    known = json.loads(VERDICTS.read_text())
    told = {path.name: summary(path.read_bytes()) for path in sorted(samples.glob("*.edi"))}
    assert len(told) == 149
    assert told == known


def test_every_byte_of_every_sample_is_told_of(samples):
    for path in sorted(samples.glob("*.edi")):
        payload, last, padding = path.read_bytes(), 0, set(PADDING) | set("\xef\xbb\xbf")
        reader = Reader(payload)
        for event in reader:
            begins, ends = reader.span
            assert set(payload[last:begins].decode("latin-1")) <= padding, path.name
            padding |= set(event.delimiters.segment) if isinstance(event, Interchange) else set()
            last = ends
        assert set(payload[last:].decode("latin-1")) <= padding, path.name


@pytest.mark.parametrize("size", [7, 1000])
def test_every_sample_is_read_alike_in_any_chunks(samples, size):
    for path in sorted(samples.glob("*.edi")):
        if path.stat().st_size < 20_000:
            whole = [getattr(event, "text", event) for event in Reader(path.read_bytes())]
            assert [getattr(event, "text", event) for event in Reader(BytesIO(path.read_bytes()), chunk=size)] == whole, path.name


if __name__ == "__main__":
    folder = Path(__file__).parents[2].parent / "shared" / "samples"
    told = {path.name: summary(path.read_bytes()) for path in sorted(folder.glob("*.edi"))}
    rows = (f"  {json.dumps(name)}: {json.dumps(one)}" for name, one in told.items())
    VERDICTS.write_text("{\n" + ",\n".join(rows) + "\n}\n")
