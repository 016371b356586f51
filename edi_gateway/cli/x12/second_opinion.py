"""How the second opinion looks on a terminal: what pyx12 says of each set, and every difference with its reason."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from edi_gateway.cli.x12.text import printable, verdict_text
from edi_gateway.x12.second_opinion import Difference, Remark, SecondOpinion

_SAYS = {True: ("accepts it", "green"), False: ("does not accept it", "bold red"), None: ("has no opinion", "yellow")}


def second_opinion_lines(one: SecondOpinion) -> Iterator[Text]:
    """One set: both opinions, what pyx12 remarks on, then the differences."""
    said, style = _SAYS[one.opinion.accepts]
    name, why = printable(f"{one.code} {one.control_number}"), f": {one.opinion.why}" if one.opinion.why else ""
    yield Text.assemble((name, "bold"), ": we say ", verdict_text(one.verdict), "; pyx12 ", (said, style), printable(why))
    yield from (_remark(remark) for remark in one.opinion.findings)
    if one.opinion.accepts is None:
        return
    if one.agreement.same:
        yield Text("  both say the same of structure and elements", "green")
    for difference in one.agreement.unexplained:
        yield _difference(difference, "not explained: one of the two is wrong; please report it", "bold red")
    for difference in one.agreement.explained:
        yield _difference(difference, f"{difference.rule}: {difference.why}", "dim")


def as_json(one: SecondOpinion) -> dict[str, object]:
    """The same for programs."""
    return {
        "set": one.code,
        "control_number": one.control_number,
        "verdict": one.verdict,
        "accepts": one.opinion.accepts,
        "why": one.opinion.why,
        "findings": [
            {"place": remark.place, "code": remark.reported_as, "message": remark.message} for remark in one.opinion.findings
        ],
        "same": one.agreement.same,
        "explained": one.agreement.explained,
        "unexplained": one.agreement.unexplained,
    }


def _remark(remark: Remark) -> Text:
    return Text.assemble(f"  {printable(remark.place)}: {printable(remark.message)}", (f"  {remark.reported_as}", "dim"))


def _difference(difference: Difference, why: str, style: str) -> Text:
    by = "only we" if difference.by == "us" else "only pyx12"
    code = f" {difference.code}" if difference.code else ""
    return Text.assemble(
        f"  {by}: {printable(difference.place)}{code}, ", (printable(difference.message), "italic"), (f"\n    {why}", style)
    )
