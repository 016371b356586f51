"""What the documentation says is there, is there."""

from __future__ import annotations

import re
from pathlib import Path

import edi_gateway

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
MAKE = re.compile(r"\bmake ([a-z0-9-]+)\b(?! sure)")


def pages(files: list[Path]) -> list[Path]:
    return [file for file in files if file.suffix == ".md"]


def headings(page: Path) -> set[str]:
    """The anchors of a page, as code forges make them."""
    titles = re.findall(r"^#+ +(.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_link_to_a_file_or_heading_of_ours_resolves(files: list[Path], root: Path):
    broken = []
    for page in pages(files):
        for link in LINK.findall(page.read_text(encoding="utf-8")):
            name, _, anchor = link.partition("#")
            target = page.parent / name if name else page
            if "://" in link or (target.exists() and (not anchor or anchor in headings(target))):
                continue
            broken.append(f"{page.relative_to(root)}: {link}")

    assert broken == []


def test_every_make_command_that_is_written_about_exists(root: Path):
    targets = set(re.findall(r"^([a-z0-9-]+):.*##", (root / "Makefile").read_text(), re.MULTILINE))
    spoken = {
        each
        for page in [root / "README.md", root / "CHANGELOG.md", *(root / "docs").rglob("*.md")]
        for code in re.findall(r"`[^`\n]+`|```.*?```", page.read_text(encoding="utf-8"), re.DOTALL)
        for each in MAKE.findall(code)
    }

    assert {"demo", "test", "check", "run"} <= spoken
    assert spoken - targets == set()


def test_every_target_is_phony_and_explained(root: Path):
    makefile = (root / "Makefile").read_text()
    targets = re.findall(r"^([a-z0-9-]+):", makefile, re.MULTILINE)

    assert re.findall(r"^([a-z0-9-]+):.*## \S", makefile, re.MULTILINE) == targets
    assert sorted(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split()) == sorted(targets)


def test_the_changelog_says_something_about_this_version(root: Path):
    sections = re.split(r"^## \[(.+?)\].*$", (root / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    said = dict(zip(sections[1::2], sections[2::2], strict=True))

    newest = next(iter(said))
    assert newest in ("Unreleased", edi_gateway.__version__)
    assert re.search(r"^- \S", said[newest], re.MULTILINE)


def test_every_decision_is_listed_and_has_its_four_parts(root: Path):
    folder = root / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")

    for number, page in enumerate(sorted(folder.glob("0*.md")), 1):
        text = page.read_text(encoding="utf-8")
        title = text.splitlines()[0].removeprefix("# ")
        assert f"{number}. [{title.partition('. ')[2]}]({page.name})" in index
        assert title.startswith(f"{number}. ")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences", "Alternatives"], page.name
