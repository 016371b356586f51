"""A set judged with nothing else known, and what is said when its release is not one we have."""

import pytest
from scenes import group, interchange, order_set

from edi_gateway.x12.acknowledgment import Verdict, functional_acknowledgment
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.examination import examine
from edi_gateway.x12.finding import Severity
from edi_gateway.x12.reader import read
from edi_gateway.x12.validation import Policy


def the_set(text):
    return next(event for event in read(text.encode()) if isinstance(event, TransactionSet))


def of_release(release, severity=None):
    policy = Policy({"set.release_nearest": severity} if severity else {})
    return examine(the_set(interchange(group(order_set(), release=release))), policy)


@pytest.mark.parametrize(
    ("release", "taken"),
    [("003040", "004010"), ("004030VICS", "004010"), ("004060", "004010"), ("005030", "005010"), ("006020", "005010")],
)
def test_a_set_of_another_release_is_held_against_the_nearest_and_that_is_said(release, taken):
    examined = of_release(release)
    assert [finding.kind for finding in examined.findings] == ["set.release_nearest"]
    assert examined.findings[0].message == f"release {release!r} is held against {taken}"
    assert examined.nearest.definition.release == taken


@pytest.mark.parametrize("release", ["004010", "004010VICS", "005010", "005010X231A1"])
def test_an_industry_suffix_is_no_other_release(release):
    assert of_release(release).findings == ()


def test_that_the_nearest_was_taken_stays_with_us():
    examined = of_release("003040")
    assert examined.verdict is Verdict.ACCEPTED
    said = functional_acknowledgment(the_set(interchange(group(order_set(), release="003040"))).group, [examined.result])
    assert said.body[-2:] == [["AK5", "A"], ["AK9", "A", "1", "1", "1"]]


def test_a_policy_may_take_only_releases_we_have():
    examined = of_release("003040", Severity.REJECT)
    assert examined.verdict is Verdict.REJECTED
    said = functional_acknowledgment(the_set(interchange(group(order_set(), release="003040"))).group, [examined.result])
    assert ["AK5", "R", "1"] in said.body


def test_a_policy_may_take_the_nearest_without_a_word():
    assert of_release("003040", Severity.OFF).findings == ()


def test_a_set_that_is_in_no_release_is_not_supported():
    examined = examine(the_set(interchange(group("ST*877*0001~SE*2*0001~", code="ZX"))), Policy())
    assert [finding.kind for finding in examined.findings] == ["set.unsupported"]
    assert (examined.verdict, examined.nearest) == (Verdict.REJECTED, None)


def test_an_envelope_of_another_version_than_its_group_is_read_and_said():
    text = interchange(group(order_set(), release="005010"), version="00401")
    found = [finding for event in read(text.encode()) for finding in getattr(event, "findings", ())]
    assert [(finding.kind, finding.severity) for finding in found] == [("group.version", Severity.WARN)]
    assert examine(the_set(text), Policy()).nearest.definition.release == "005010"


@pytest.mark.parametrize("version", ["00400", "00401", "00403"])
def test_any_004_envelope_goes_with_any_004_group(version):
    marks = "^" if version == "00403" else "U"
    text = interchange(group(order_set(), release="004010VICS"), version=version, repetition=marks)
    assert not [finding for event in read(text.encode()) for finding in getattr(event, "findings", ())]


def test_a_text_message_is_checked():
    body = "BMG*00*PRICE ERRORS*03~MIT*4711*INVOICE 4711~N1*FR*NORTHWIND~PER*IC*ACCOUNTS*TE*5550100~MSG*LINE 2: PRICE IS 9.50~"
    text = interchange(group(f"ST*864*0001~{body}SE*7*0001~", code="TX"))
    assert examine(the_set(text), Policy()).findings == ()
    wrong = the_set(text.replace("MSG*LINE 2: PRICE IS 9.50~SE*7", "SE*6").replace("MIT*4711*", "MIT**"))
    assert [(f.kind, f.segment) for f in examine(wrong, Policy()).findings] == [
        ("element.missing", "MIT"),
        ("segment.missing", "MSG"),
    ]
