"""ansi-x12: envelope and segments, no rules of a set. It takes one interchange at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from timing import measure
from x12 import parse_x12_interchange, tokenize_x12


def parse(file: str) -> dict[str, Any]:
    payloads = [b"ISA*" + rest for rest in Path(file).read_bytes().split(b"ISA*")[1:]]
    sets = 0
    for payload in payloads:
        interchange = parse_x12_interchange(tokenize_x12(payload))
        sets += sum(len(group.transactions) for group in interchange.groups)
    return {"sets": sets}


if __name__ == "__main__":
    measure({"read": parse})
