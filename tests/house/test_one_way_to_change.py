"""What is on record is changed by operations, and by the engine; whoever asks for it only asks."""

from __future__ import annotations

import re
from pathlib import Path

ASKING = ("api", "web", "cli")
OWN = {"edi_gateway/api/once.py"}  # answers that are kept for who asks again are the API's own


def test_console_api_and_commands_change_nothing_on_record_themselves(files: list[Path], root: Path):
    asking = [file for file in files if file.is_relative_to(root / "edi_gateway") and file.parts[len(root.parts) + 1] in ASKING]

    assert len(asking) > 100
    write = re.compile(r"with .*\.write\(\)")
    writes = {str(file.relative_to(root)) for file in asking if write.search(file.read_text(encoding="utf-8"))}
    assert writes == OWN
