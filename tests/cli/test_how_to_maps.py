"""What the analysts' how-to shows is what its commands say."""

from __future__ import annotations

from pathlib import Path

from test_tutorial import ROOT, Reader, blocks, folder

__all__ = ["folder"]  # a fixture

PAGE = ROOT / "docs" / "how-to" / "maps-and-codes.md"


def test_the_how_to_for_maps_does_what_it_shows(folder: Path) -> None:
    reader, shown = Reader(), 0
    for block in blocks(PAGE):
        reader.do(block)
        shown += block.kind == "console"
    assert shown == 4
    assert reader.exit_code == 0
