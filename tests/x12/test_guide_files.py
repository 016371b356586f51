"""The guides that come with the gateway: they load, are compiled, and find what they are there for."""

from __future__ import annotations

from pathlib import Path

import pytest
from guides import name

from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.guide import Guide, load, over
from edi_gateway.x12.standard import load as definition
from edi_gateway.x12.validation import checker

ROOT = Path(__file__).parents[2]
FILES = sorted([*(ROOT / "partners").glob("*/guides/*.yaml"), *(ROOT / "sample_docs" / "guides").glob("*.yaml")])
RETAILER = ROOT / "sample_docs" / "guides" / "large-retailer-856.yaml"
NOTICE = """\
BSN*00*4711*20260102*1200*0001
HL*1**S
TD1*MIX71*1
FOB*PP
N1*ST*STORE 0231*UL*0614141000012
HL*2*1*O
PRF*4500881201***20251220
REF*DP*00042
HL*3*2*P
MAN*GM*00006141410000000012
HL*4*3*I
LIN**UP*614141001378
SN1**12*EA"""


def of(partner: str, set_code: str) -> Guide:
    return load(ROOT / "partners" / partner / "guides" / f"{set_code}.yaml")


def found(guide: Guide, body: str) -> list[str]:
    segments = [line.split("*") for line in body.splitlines()]
    whole = [["ST", guide.set, "0001"], *segments, ["SE", str(len(segments) + 2), "0001"]]
    base = definition(guide.set, guide.releases[0])
    findings = checker(base, guide=over(guide, base)).check(TransactionSet.of(whole))
    return [f"{each.kind} {each.position} {name(each)}" for each in findings if each.kind.startswith("guide.")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parents[1].name}/{path.stem}")
def test_a_guide_loads_and_is_compiled(path):
    guide = load(path)
    for release in guide.releases:
        assert over(guide, definition(guide.set, release)).definition is not None


def test_each_partner_has_guides_for_orders_and_their_answers():
    for partner in ("northwind", "cascade", "fairmont"):
        assert {of(partner, code).set for code in ("850", "855", "856", "810")} == {"850", "855", "856", "810"}


def test_northwind_wants_cartons_and_cascade_does_not():
    assert of("northwind", "856").hierarchies == (("S", "O", "P", "I"),)
    assert of("cascade", "856").hierarchies == (("S", "O", "I"),)


def test_a_notice_as_the_large_retailer_has_it():
    assert found(load(RETAILER), NOTICE) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("TD1*MIX71*1\n", "", "guide.segment_missing 4 TD1"),
        ("UL*0614141000012", "92*0231", "guide.code 6 N103"),
        ("GM*0000", "GM*", "guide.too_short 11 MAN02"),
        ("REF*DP", "REF*CO", "guide.code 9 REF01"),
        ("HL*3*2*P", "HL*3*2*T", "guide.hierarchy 12 HL03"),
        ("LIN**UP", "LIN**VN", "guide.element_missing 13 LIN02"),
    ],
)
def test_what_the_large_retailer_would_not_take(old, new, told):
    assert old in NOTICE
    assert told in found(load(RETAILER), NOTICE.replace(old, new))


def test_every_rule_about_the_large_retailer_names_its_source():
    lines = RETAILER.read_text(encoding="utf-8").partition("hierarchies:")[2].splitlines()
    rules = [line for line in lines if ":" in line.partition("#")[0] or line.strip().startswith("- ")]
    unnamed = [line for line in rules if "[" not in line.partition("#")[2]]
    assert [line.strip() for line in unnamed] == ["segments:", "levels:", "S:", "O:", "P:", "I:"]
