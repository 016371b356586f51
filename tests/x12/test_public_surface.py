"""``edi_gateway.x12`` is a library by itself: light to import, and as its documentation says."""

import doctest
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "x12-library.md"
_NAMED = re.findall(r"^\| (`[a-z_]+`(?:, `[a-z_]+`)*) \|", PAGE.read_text(), re.MULTILINE)
MODULES = sorted(set(re.findall(r"`([a-z_]+)`", "".join(_NAMED))))
HEAVY = ("fastapi", "sqlalchemy", "paramiko", "pydantic", "httpx", "typer", "rich", "pyx12", "socket", "ssl", "asyncio")


def imported(program):
    """The names of the modules a program leaves imported, and the seconds it took."""
    timed = f"import sys, time; t = time.perf_counter(); {program}; print(time.perf_counter() - t, *sys.modules)"
    seconds, *names = subprocess.run([sys.executable, "-c", timed], capture_output=True, text=True, check=True).stdout.split()
    return set(names), float(seconds)


def test_the_package_itself_imports_nothing():
    names, _ = imported("import edi_gateway.x12")
    assert {name for name in names if name.startswith("edi_gateway.")} == {"edi_gateway.x12"}


def test_all_of_it_pulls_in_no_database_web_framework_or_wire_and_is_there_at_once():
    names, seconds = imported("; ".join(f"import edi_gateway.x12.{name}" for name in MODULES))
    assert not names & set(HEAVY)
    assert seconds < 2


def test_the_page_names_modules_that_are_there():
    assert len(MODULES) >= 15
    for name in MODULES:
        assert import_module(f"edi_gateway.x12.{name}").__doc__


@pytest.mark.parametrize("name", MODULES)
def test_what_the_page_names_is_there(name):
    row = next(line for line in PAGE.read_text().splitlines() if line.startswith("|") and f"`{name}`" in line.split("|")[1])
    words = re.findall(r"`([A-Za-z_]+)[`(]", row.split("|")[2])
    modules = [import_module(f"edi_gateway.x12.{each}") for each in re.findall(r"`([a-z_]+)`", row.split("|")[1])]
    assert all(any(hasattr(module, word) for module in modules) for word in words), words


def test_the_examples_of_the_page_do_what_they_say():
    before = Path.cwd()
    os.chdir(ROOT)
    try:
        failed, tried = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    finally:
        os.chdir(before)
    assert tried > 20
    assert failed == 0
