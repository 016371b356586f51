"""A set against its definition: structure codes, what the policy does, order of findings, and documents of others."""

from pathlib import Path

import pytest
from checking import a_set, found, kinds, one

from edi_gateway.errors import WrongInput
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.finding import Finding, Level, Scope, Severity
from edi_gateway.x12.reader import read
from edi_gateway.x12.standard import load, nearest
from edi_gateway.x12.validation import KINDS, Policy, checker, restate
from edi_gateway.x12.validation.checker import MOST_FINDINGS

LINE = "PO1*1*12*EA*2.5"
ABOVE = (Level.BALANCE, Level.INTER_SEGMENT, Level.EXTERNAL_CODE, Level.GUIDE)
SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"


def test_a_good_order_has_no_findings():
    assert found("850", "CUR*BY*USD", "REF*DP*042", "N1*ST*DOCK*92*0423", LINE, "CTT*1*12") == ()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (("Q99*1", LINE), "1"),
        (("N3*STREET", LINE), "2"),
        (("REF*DP*042",), "3"),
        ((*["SAC*N*D240"] * 26, LINE), "4"),
        (("CUR*BY*USD", "CUR*BY*USD", LINE), "5"),
        (("BSN*00", LINE), "6"),
        (("DTM*002*20260102", "REF*DP*042", LINE), "7"),
    ],
)
def test_each_fault_of_structure_has_its_code(body, code):
    finding = one("850", *body)
    assert (finding.code, finding.scope, finding.level) == (code, Scope.SEGMENT, Level.STRUCTURE)


def test_a_missing_segment_is_reported_where_it_was_expected():
    finding = one("850", "N1*ST*DOCK", "LM*DF", LINE)
    assert (finding.kind, finding.segment, finding.position, finding.loop) == ("segment.missing", "LQ", 5, "LM")


def test_findings_come_in_document_order():
    positions = [finding.position for finding in found("850", "REF*DP", "Q99", "DTM*002", "N3*STREET", LINE)]
    assert positions == [3, 4, 5, 6]


def test_a_set_without_se_is_the_readers_finding_and_not_repeated():
    assert found("850", LINE, ended=False) == ()


def test_a_policy_changes_severity_by_kind():
    strict = Policy({"element.code": Severity.REJECT})
    assert one("850", "REF*QQQ*042", LINE, policy=strict).severity is Severity.REJECT


def test_a_kind_that_is_off_is_not_reported():
    assert found("850", "REF*QQQ*042", LINE, policy=Policy({"element.code": Severity.OFF})) == ()


def test_a_policy_with_a_kind_that_does_not_exist_is_refused_with_what_was_meant():
    with pytest.raises(WrongInput, match=r"element[.]code"):
        Policy({"element.codes": Severity.OFF}).check()
    Policy({"element.code": Severity.OFF, "set.segment_count": Severity.WARN}).check()


def test_equal_policies_share_a_checker():
    definition = load("850", "004010")
    assert checker(definition, Policy({"element.code": Severity.OFF})) is checker(
        definition, Policy({"element.code": Severity.OFF})
    )
    assert checker(definition) is not checker(definition, Policy(characters="basic"))


def test_findings_of_a_reader_are_restated_under_a_policy():
    count = Finding("set.segment_count", Scope.SET, Level.ENVELOPE, "4", "SE01 is wrong", Severity.WARN)
    other = Finding("set.st02", Scope.SET, Level.ENVELOPE, "7", "ST02 is empty")
    policy = Policy({"set.segment_count": Severity.REJECT, "set.st02": Severity.OFF})
    assert [finding.severity for finding in restate((count, other), policy)] == [Severity.REJECT]


def test_what_feeds_the_997_rejects_and_what_is_above_warns():
    warns = {name for name, kind in KINDS.items() if kind.severity is Severity.WARN and kind.level is not Level.ENVELOPE}
    above = {name for name, kind in KINDS.items() if kind.level in ABOVE}
    assert warns == above | {"element.code", "element.trailing_separators", "element.missing_doubtful", "set.release_nearest"}


def test_kinds_of_the_reader_are_in_the_same_table():
    assert (KINDS["set.control_number"].code, KINDS["interchange.group_count"].scope) == ("3", Scope.INTERCHANGE)


@pytest.mark.parametrize("line", ["REF*DP", "Q99", "PO1*1*1*EA***UP*1"])
def test_rubbish_does_not_make_findings_without_end(line):
    findings = found("850", *[line] * (MOST_FINDINGS + 50), LINE)
    assert len(findings) == MOST_FINDINGS + 1
    assert findings[-1].kind == "set.findings_cut"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the folder of foreign samples is not beside the project")
def test_documents_of_others_are_checked_without_a_crash_and_mostly_well_formed():
    exact, well_formed = 0, 0
    for path in sorted(SAMPLES.glob("*.edi")):
        for event in read(path.read_bytes()):
            close = nearest(event.code, event.release) if isinstance(event, TransactionSet) else None
            if close is None:
                continue
            findings = checker(close.definition).check(event)
            exact += close.exact
            well_formed += close.exact and not any(finding.level is Level.STRUCTURE for finding in findings)
    assert exact > 150
    assert well_formed / exact > 0.9


def test_empty_and_odd_sets_are_checked_without_a_crash():
    definition = load("850", "004010")
    for text in ("", "~", "ST~", "ST*850", "ST*850*0001~~SE*2*0001~", "*~*~", "\x00~"):
        checker(definition).check(TransactionSet(text, a_set("850").delimiters))
    assert kinds("850") == ["segment.missing"]
