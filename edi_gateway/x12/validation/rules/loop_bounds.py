"""LS and LE name the same loop (rules §10)."""

from __future__ import annotations

from collections.abc import Iterator

from edi_gateway.x12.validation.rules.rule import Rule
from edi_gateway.x12.validation.scene import Found, Scene, Trouble


def same_identifier(scene: Scene) -> Iterator[Trouble]:
    opened: Found | None = None
    for found in scene.all("LS", "LE"):
        if found.segment[0] == "LS":
            opened = found
        elif opened is not None:
            if opened.at(1) != found.at(1):
                yield Trouble(f"LE01 is {found.at(1)!r}, the loop was opened as {opened.at(1)!r}", found, 1)
            opened = None


RULES = (Rule("loop.identifier", same_identifier, frozenset({"LS"}), frozenset({"LS", "LE"})),)
