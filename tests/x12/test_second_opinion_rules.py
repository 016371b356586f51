"""Every known difference between pyx12 and us, with a document that shows it; and the page that lists them."""

from pathlib import Path

import pytest
from differential import both_on

from edi_gateway.x12.second_opinion import RULES
from edi_gateway.x12.standard import load

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "second-opinion.md"
BEG = "BEG*00*SA*1**20260102"
BIG = "BIG*20260102*1"
BSN = "BSN*00*1*20260102*1200"
LINE = "PO1**1*EA*2.5"
# rule → set, release, and the segments between ST and SE
EXAMPLES = {
    "one code for no place": ("850", "004010", [BEG, "SN1**1*EA", LINE]),
    "elements of a segment without a place": ("850", "004010", [BEG, "N3*A", "N4**TOOLONG", LINE]),
    "late, not missing": ("850", "004010", ["CUR*BY*USD", BEG, LINE]),
    "loop begun again": ("997", "004010", ["AK1*PO*1", "AK2*850*0001", "AK2*850*0002", "AK5*A", "AK9*A*2*2*2"]),
    "a full place and another ahead": ("810", "004010", [BIG, "IT1**1*EA*1", *["TXI*ST*1"] * 11, "TDS*100"]),
    "read apart since": ("850", "004010", [BEG, LINE, "CTT*1", "PO1**2*EA", "PID*F****LAMP"]),
    "empty segment": ("850", "004010", [BEG, "PER", LINE]),
    "blanks before a segment": ("850", "004010", [BEG, f" {LINE}"]),
    "ST as a whole": ("850", "004010", [BEG, LINE]),
    "blanks around control numbers": ("850", "004010", [BEG, LINE]),
    "control numbers written apart": ("850", "004010", [BEG, LINE]),
    "findings cut off": ("850", "004010", [BEG, *["ZZZ*1"] * 5_100, LINE]),
    "one fault a value": ("850", "004010", [BEG, "PO1**1*EACH"]),
    "trailing separators": ("850", "004010", [BEG, "PO1**1*EA*"]),
    "where a syntax note is broken": ("850", "004010", [BEG, LINE, "PER*BD*A*TE"]),
    "notes of composites": ("850", "004010", [BEG, "REF*DP*1**DP>1>DP", LINE]),
    "first component of an optional composite": ("850", "004010", [BEG, "REF*DP*1**>1", LINE]),
    "only blanks": ("850", "004010", [BEG, "REF*DP* ", LINE]),
    "blanks at the end": ("850", "004010", [BEG, "REF*DP*A ", LINE]),
    "forms of a decimal number": ("850", "004010", [BEG, "PO1**1.*EA*1E2"]),
    "a number without digits": ("850", "004010", [BEG, "PO1**-*EA"]),
    "dates before 1800": ("850", "004010", ["BEG*00*SA*1**17760704", LINE]),
    "control characters pyx12 does not know": ("850", "004010", ["BEG*00*SA*1**\x000260102", LINE]),
    "national characters": ("850", "004010", [BEG, "N1*ST*CAF\xc9", LINE]),
    "forms of DTP03": ("856", "004010", [BSN, "HL*1**S", "CLD*1*1", "DTP*011*CM*MAY"]),
    "repetitions": ("850", "005010", [BEG, "REF*DP^DP*1", LINE]),
    "nothing but component separators": ("850", "004010", [BEG, "REF*DP*>", LINE]),
    "numbers of levels": ("856", "004010", [BSN, "HL*7**S", "HL*8*7*O"]),
    "an HL that ends before HL02": ("856", "004010", [BSN, "HL*1"]),
}
MORE = [
    ("elements of a segment without a place", ("850", "004010", [BEG, "ZZZ*1*", LINE])),
    ("nothing but component separators", ("850", "004010", [BEG, "INC*01*>*1*1", LINE])),
    ("nothing but component separators", ("850", "004010", [BEG, "REF*DP*1**>", LINE])),
    ("repetitions", ("850", "005010", [BEG, "REF*DP*1**DP^DP>1", LINE])),
    ("numbers of levels", ("856", "004010", [BSN, "HL*1**S", "HL*2*+1*O"])),
]
ST = {"ST as a whole": "85*0001", "blanks around control numbers": "850*0001 ", "control numbers written apart": "850*00001"}


@pytest.mark.parametrize(("name", "example"), [*EXAMPLES.items(), *MORE])
def test_a_rule_explains_its_example_and_nothing_is_left(name, example):
    code, release, body = example
    lines = [f"ST*{ST.get(name, f'{code}*0001')}", *body, f"SE*{len(body) + 2}*0001"]
    _, _, agreement = both_on([line.split("*") for line in lines], load(code, release))
    assert name in {one.rule for one in agreement.explained}
    assert agreement.unexplained == ()


def test_every_rule_has_an_example():
    assert [rule.name for rule in RULES if rule.name not in EXAMPLES] == []
    assert len({rule.name for rule in RULES}) == len(RULES) == len(EXAMPLES)


def test_the_page_lists_the_rules_as_they_are():
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| **")]
    assert rows == [f"| **{rule.name}** | {rule.why} |" for rule in RULES]
