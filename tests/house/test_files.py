"""Files stand on their own and say what they are for."""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

PLACES_OF_ONE_MACHINE = re.compile(r"/work/|\.\./shared|/root/|/tmp/[a-z]")
TEXT = {".py", ".md", ".yaml", ".yml", ".toml", ".json", ".txt", ".html", ".css", ".js", ".mako", ".sh", ""}


def test_every_package_and_module_says_what_it_is_for(files: list[Path], root: Path):
    modules = [file for file in files if file.suffix == ".py" and file.is_relative_to(root / "edi_gateway")]

    assert [str(file.relative_to(root)) for file in modules if not ast.get_docstring(ast.parse(file.read_bytes()))] == []


def test_nothing_mentions_a_place_that_only_one_machine_has(files: list[Path], root: Path):
    ours = [file for file in files if file.suffix in TEXT and not file.is_relative_to(root / "tests")]

    found = [
        f"{file.relative_to(root)}:{number}: {line.strip()}"
        for file in ours
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if PLACES_OF_ONE_MACHINE.search(line)
    ]

    assert found == []


def test_nothing_is_left_for_later(files: list[Path], root: Path):
    mark = re.compile("TO" + "DO|FIX" + "ME")  # in halves, so that this line is not found
    code = [file for file in files if file.suffix == ".py"]

    assert [str(file.relative_to(root)) for file in code if mark.search(file.read_text(encoding="utf-8"))] == []


def test_scripts_can_be_run(files: list[Path]):
    scripts = [file for file in files if not file.suffix and file.read_bytes().startswith(b"#!")]

    assert len(scripts) >= 3
    assert [file.name for file in scripts if not os.access(file, os.X_OK)] == []
