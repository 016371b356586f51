"""What is installed is pinned, allowed, and explained."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def pins(file: Path) -> dict[str, str]:
    return dict(re.findall(r"^([^\s=#]+)==(\S+)$", file.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.fixture
def runtime(root: Path) -> dict[str, str]:
    return pins(root / "requirements.txt")


@pytest.fixture
def project(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_every_dependency_is_pinned_at_a_version_it_allows(root: Path, runtime: dict[str, str], project: dict):
    everything = runtime | pins(root / "requirements-dev.txt")

    for named, pinned in ((project["dependencies"], runtime), (project["optional-dependencies"]["dev"], everything)):
        for wanted in map(Requirement, named):
            assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)]), f"{wanted}: run tools/lock"


def test_what_the_pinned_packages_need_is_pinned_too(root: Path, runtime: dict[str, str]):
    everything = runtime | pins(root / "requirements-dev.txt")

    for name in everything:
        for need in map(Requirement, importlib.metadata.requires(name) or []):
            if need.marker is None or need.marker.evaluate({"extra": ""}):
                pin = everything.get(canonicalize_name(need.name))
                assert pin is not None, f"{name} needs {need.name}: run tools/lock"
                assert need.specifier.contains(pin, prereleases=True), f"{name} needs {need}: run tools/lock"


def test_nothing_we_run_on_is_under_the_gpl(runtime: dict[str, str]):
    for name in runtime:
        about = importlib.metadata.metadata(name)
        words = " ".join([about.get("License-Expression") or "", *(about.get_all("Classifier") or [])])
        assert not re.search(r"\b(A?GPL|(?<!Lesser )General Public License)", words), f"{name}: {words}"


def test_the_page_on_libraries_tells_every_direct_dependency_and_its_version(root: Path, runtime: dict[str, str], project: dict):
    page = (root / "docs" / "decisions" / "0009-libraries.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| ([a-z0-9-]+)(?: \([a-z]+\))? \| ([\d.]+) \|", page, re.MULTILINE))

    direct = {canonicalize_name(Requirement(each).name) for each in project["dependencies"]}
    assert told == {name: runtime[name] for name in direct}
    assert f"{len(runtime)} packages at run time" in page


def test_the_page_on_libraries_names_what_we_develop_with(root: Path, project: dict):
    page = (root / "docs" / "decisions" / "0009-libraries.md").read_text(encoding="utf-8")
    names = {canonicalize_name(Requirement(each).name) for each in project["optional-dependencies"]["dev"]}
    libraries = {name for name in names if not name.startswith("types-") and not name.endswith("-stubs")}  # "type stubs"

    assert {name for name in libraries if name.removeprefix("pytest-") not in page} == set()
