"""Short ways for tests to write guides and hold sets against them."""

from __future__ import annotations

from textwrap import dedent

import pytest
from checking import a_set

from edi_gateway.errors import Collected
from edi_gateway.x12.finding import Finding
from edi_gateway.x12.guide import Guide, loads, over
from edi_gateway.x12.standard import load
from edi_gateway.x12.validation import Policy
from edi_gateway.x12.validation.checker import Checker

HEAD = 'guide: "{set}"\nset: "{set}"\nreleases: ["{release}"]\n'


def guide(text: str, set_code: str = "850", release: str = "004010") -> Guide:
    """A guide of these words; name, set and release are written before them where they are not there."""
    text = dedent(text).strip("\n")
    given = {line.partition(":")[0] for line in text.splitlines()}
    head = HEAD.format(set=set_code, release=release)
    return loads("".join(f"{line}\n" for line in head.splitlines() if line.partition(":")[0] not in given) + text, "guide.yaml")


def mistakes(text: str, set_code: str = "850") -> list[str]:
    """What loading a guide tells, each as ``line: what — do``; lines count from the first one of ``text``."""
    with pytest.raises(Collected) as caught:
        guide(text, set_code)
    added = guide_lines(text)
    told = [str(mistake).removeprefix("guide.yaml:") for mistake in caught.value.mistakes]
    return [f"{int(line) - added}:{rest}" for line, _, rest in (one.partition(":") for one in told)]


def guide_lines(text: str) -> int:
    """How many lines ``guide`` writes before a text."""
    given = {line.partition(":")[0] for line in dedent(text).splitlines()}
    return sum(1 for word in ("guide", "set", "releases") if word not in given)


def checker_with(one: Guide, *, fast: bool = False, policy: Policy | None = None) -> Checker:
    definition = load(one.set, one.releases[0])
    return Checker(definition, policy or Policy(), over(one, definition), fast=fast)


def findings(one: Guide, *body: str, policy: Policy | None = None) -> list[Finding]:
    """What is found in a set made of ``body`` (behind ST) that the guide, or the standard below balances, finds fault with."""
    told = checker_with(one, policy=policy).check(a_set(one.set, *body))
    return [finding for finding in told if finding.kind.partition(".")[0] in ("guide", "segment", "element", "loop", "note")]


def places(one: Guide, *body: str) -> list[str]:
    """The same as ``kind position place``, in the order told."""
    return [f"{finding.kind} {finding.position} {name(finding)}" for finding in findings(one, *body)]


def name(finding: Finding) -> str:
    component = f"-{finding.component}" if finding.component else ""
    return f"{finding.segment}{finding.element:02d}{component}" if finding.element else str(finding.segment)
