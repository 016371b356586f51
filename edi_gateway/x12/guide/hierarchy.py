"""The levels of an 856 as a partner wants them: every chain from the shipment down is one of those the guide lists."""

from __future__ import annotations

from collections.abc import Iterator

from edi_gateway.x12.validation.rules.rule import Rule
from edi_gateway.x12.validation.scene import Found, Scene, Trouble

_ID, _PARENT, _LEVEL = 1, 2, 3
_HL = frozenset({"HL"})


def hierarchy_rule(allowed: tuple[tuple[str, ...], ...]) -> Rule:
    """A rule that looks at HL alone; it is told at the first level that leaves every chain, and at one that ends too early."""

    def chains(scene: Scene) -> Iterator[Trouble]:
        above: dict[str, tuple[str, ...]] = {}  # chain down to a level, by its id; empty below a fault that was told
        levels = scene.all("HL")
        parents = {level.at(_PARENT) for level in levels}
        for level in levels:
            chain = (*above.get(level.at(_PARENT), ()), level.at(_LEVEL))
            if level.at(_PARENT) and not above.get(level.at(_PARENT)):
                chain = ()  # told already, or a parent that is not there: hierarchy.parent tells that
            elif not any(each[: len(chain)] == chain for each in allowed):
                yield _trouble(level, chain, "is no hierarchy of this guide", allowed)
                chain = ()
            elif level.at(_ID) not in parents and chain not in allowed:
                yield _trouble(level, chain, "ends too early for this guide", allowed)
            above[level.at(_ID)] = chain

    return Rule("guide.hierarchy", chains, _HL, _HL)


def _trouble(level: Found, chain: tuple[str, ...], why: str, allowed: tuple[tuple[str, ...], ...]) -> Trouble:
    listed = " or ".join(" ".join(each) for each in allowed)
    return Trouble(f"HL03: {' '.join(chain)} {why}: {listed}", level, _LEVEL)
