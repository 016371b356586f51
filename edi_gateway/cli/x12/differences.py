"""How a comparison looks on a terminal: set by set, what was changed, and what only one side has."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.text import Text

from edi_gateway.cli.common import out
from edi_gateway.cli.x12.text import printable
from edi_gateway.x12.comparison import Difference


def print_differences(found: Sequence[Difference]) -> None:
    if not found:
        out.print("they say the same")
    for name, differences in groupby(found, key=lambda one: one.set):
        out.print(Text(printable(name), "bold"))
        for one in differences:
            out.print(_line(one), soft_wrap=True)


def _line(one: Difference) -> Text:
    if one.what == "only in the first":
        return _alone("-", one, one.one, "red", one.position)
    if one.what == "only in the second":
        return _alone("+", one, one.other, "green", one.other_position)
    at = f"{one.position}" if one.position == one.other_position else f"{one.position}, {one.other_position}"
    change = Text.assemble((_value(one.one), "red"), " → ", (_value(one.other), "green"))
    return Text.assemble(f"  ~ {printable(one.place):<8}", (f"{one.name:<34} ", "dim"), change, (f"  segment {at}", "dim"))


def _alone(mark: str, one: Difference, text: str, style: str, position: int | None) -> Text:
    place = f"  segment {position}" if position else ""
    return Text.assemble((f"  {mark} {printable(text)}", style), (f"  {one.name}{place}  {one.what}", "dim"))


def _value(text: str) -> str:
    return printable(text) or "nothing"
