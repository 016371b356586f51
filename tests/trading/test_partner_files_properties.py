"""Whatever stands in a partner file, it loads or every mistake is told with its line; nothing else ever comes out."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.errors import Collected, WrongInput
from edi_gateway.trading.loader import load

PARTNERS = Path(__file__).parents[2] / "partners"
LINES = (PARTNERS / "northwind" / "partner.yaml").read_text(encoding="utf-8").splitlines()

JUNK = st.one_of(
    st.sampled_from(["", "-", "{}", "[]", "[[a]]", "{a: {b: c}}", "null", "no", "-1", "999999999d", "~", "'", "!!str x", "&a b"]),
    st.text(st.characters(codec="utf-8"), max_size=12),
)


@st.composite
def spoiled(draw) -> str:
    """Northwind's file with a few lines dropped, doubled, moved inwards or given another value."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        how = draw(st.sampled_from(["drop", "double", "indent", "value", "key"]))
        word, colon, value = lines[at].partition(":")
        lines[at : at + 1] = {
            "drop": [],
            "double": [lines[at], lines[at]],
            "indent": ["  " + lines[at]],
            "value": [f"{word}: {draw(JUNK)}"],
            "key": [f"{draw(JUNK)}{colon}{value}"],
        }[how]
    return "\n".join(lines)


@given(text=spoiled())
def test_a_spoiled_file_loads_or_is_told_with_its_lines(text, tmp_path_factory):
    folder = tmp_path_factory.mktemp("spoiled") / "partners"
    shutil.copytree(PARTNERS, folder)
    (folder / "northwind" / "partner.yaml").write_text(text, encoding="utf-8")
    for mistake in mistakes_of(folder):
        assert re.match(rf"{re.escape(str(folder))}/[\w/-]+\.yaml:\d+: .", str(mistake), re.DOTALL), mistake


def mistakes_of(folder: Path) -> tuple[WrongInput, ...]:
    try:
        load(folder)
    except Collected as error:
        return error.mistakes
    return ()
