"""The sample documents are what their README says: the good ones without a finding, the bad ones with exactly theirs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from edi_gateway import plainyaml
from edi_gateway.documents.catalog import kind_of
from edi_gateway.mapping.library import Library
from edi_gateway.trading.directory import USAGES, Directory, Found, NoAgreement, Unknown
from edi_gateway.trading.loader import load
from edi_gateway.x12 import standard
from edi_gateway.x12.acknowledgment import Acknowledged, SetResult, functional_acknowledgment
from edi_gateway.x12.envelope import Event, GroupEnd, Interchange, InterchangeAcknowledgment, Skipped, TransactionSet
from edi_gateway.x12.finding import Finding, Severity
from edi_gateway.x12.guide import Guide, over
from edi_gateway.x12.reader import read
from edi_gateway.x12.validation import Policy, checker, restate

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_docs"
FILES = sorted(path.name for path in SAMPLES.glob("*.edi"))
ACKNOWLEDGMENTS = {"997", "999"}

WRONG = {
    "northwind-850-syntax-errors.edi": {
        ("element.date", "segment 2 BEG, BEG05", Severity.REJECT),
        ("element.missing", "segment 7 N1, N101", Severity.REJECT),
        ("element.code", "segment 12 PO1, PO103", Severity.WARN),
        ("guide.loop_missing", "segment 10 N1", Severity.WARN),
    },
    "northwind-850-wrong-count.edi": {("set.segment_count", "SE", Severity.REJECT)},
    "cascade-850-count-without-st-se.edi": {("set.segment_count", "SE", Severity.WARN)},
    "northwind-850-cut-off.edi": {
        ("set.trailer_missing", "set", Severity.REJECT),
        ("group.trailer_missing", "group", Severity.WARN),
        ("interchange.trailer_missing", "interchange", Severity.WARN),
    },
    "northwind-830-unknown-set.edi": {("group.unsupported", "GS", Severity.WARN)},
    "not-x12.edi": {("interchange.no_header", "interchange", Severity.REJECT)},
    "empty.edi": {("interchange.no_header", "interchange", Severity.REJECT)},
}
"""Kind, place and severity of everything that is found in a file; in the others nothing is."""


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load(ROOT / "partners")


def events(name: str) -> list[Event]:
    return read((SAMPLES / name).read_bytes())


def sets(name: str) -> list[TransactionSet]:
    return [event for event in events(name) if isinstance(event, TransactionSet)]


def findings(name: str, directory: Directory) -> list[Finding]:
    """Everything found in a file, under the severities and by the guides of whoever sent it."""
    found: list[Finding] = []
    policy = Policy()
    for event in events(name):
        if isinstance(event, Interchange):
            policy = policy_for(event, directory)
        elif isinstance(event, Skipped):
            found.append(event.finding)
        elif not isinstance(event, InterchangeAcknowledgment):
            found += restate(getattr(event, "findings", ()), policy)
        if isinstance(event, TransactionSet) and (near := standard.nearest(event.code, event.release)):
            guide = guide_for(event, directory)
            found += checker(near.definition, policy, over(guide, near.definition) if guide else None).check(event)
    return found


def guide_for(transaction_set: TransactionSet, directory: Directory) -> Guide | None:
    header = transaction_set.group.interchange
    sender = directory.sender(header.sender, None, header.receiver)
    if not isinstance(sender, Found):
        return None
    usage = USAGES[header.usage]
    agreement = directory.agreement(sender.partner, transaction_set.code, "in", transaction_set.release, usage)
    return None if isinstance(agreement, NoAgreement) else directory.guide(sender.partner, agreement)


def policy_for(interchange: Interchange, directory: Directory) -> Policy:
    sender = directory.sender(interchange.sender, None, interchange.receiver)
    return Policy(sender.partner.severities, sender.partner.characters) if isinstance(sender, Found) else Policy()


@pytest.mark.parametrize("name", FILES)
def test_a_file_shows_exactly_its_named_findings(name, directory):
    found = {(finding.kind, finding.place, finding.severity) for finding in findings(name, directory)}
    assert found == WRONG.get(name, set())


def test_the_readme_tells_of_every_file_and_of_no_other():
    page = (SAMPLES / "README.md").read_text()
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    told = [name for row in rows for name in re.findall(r"`([^`]+\.edi)`", row.split(" | ")[0])]
    assert sorted(name for name in told if "/" not in name) == FILES
    folders = {path.parent for path in SAMPLES.glob("*/*.edi") if path.parent.name not in ("faults", "tutorial")}
    there = {f"{path.parent.name}/{path.name}" for folder in folders for path in folder.glob("*.edi")}
    assert {name for name in told if "/" in name} == there


@pytest.mark.parametrize("name", WRONG)
def test_the_readme_names_the_findings(name):
    row = next(line for line in (SAMPLES / "README.md").read_text().splitlines() if line.startswith(f"| `{name}`"))
    for kind, _, _ in WRONG[name]:
        assert f"`{kind}`" in row


@pytest.mark.parametrize("name", [name for name in FILES if name not in {"empty.edi", "not-x12.edi", "unknown-sender-850.edi"}])
def test_the_sender_is_a_partner_of_ours_and_its_groups_are_too(name, directory):
    for event in events(name):
        if isinstance(event, TransactionSet):
            header = event.group.interchange
            sender = directory.sender(header.sender, event.group.sender, header.receiver, USAGES[header.usage])
            assert isinstance(sender, Found), sender


@pytest.mark.parametrize("name", [name for name in FILES if "850" in name or "820" in name])
def test_orders_and_remittances_are_agreed_on(name, directory):
    for transaction_set in sets(name):
        header = transaction_set.group.interchange
        sender = directory.sender(header.sender, transaction_set.group.sender, header.receiver)
        if isinstance(sender, Found):
            agreement = directory.agreement(
                sender.partner, transaction_set.code, "in", transaction_set.release, USAGES[header.usage]
            )
            assert not isinstance(agreement, NoAgreement), agreement


@pytest.mark.parametrize(("name", "set"), [("northwind-860-no-agreement.edi", "860"), ("northwind-830-unknown-set.edi", "830")])
def test_sets_nothing_is_agreed_for(name, set, directory):
    (only,) = sets(name)
    found = directory.agreement(directory.partner("northwind"), only.code, "in", only.release, "production")
    assert only.code == set
    assert isinstance(found, NoAgreement)


def test_the_unknown_set_is_in_no_release():
    (only,) = sets("northwind-830-unknown-set.edi")
    assert standard.nearest(only.code, only.release) is None


def test_the_unknown_sender_is_told_with_the_nearest_one(directory):
    header = events("unknown-sender-850.edi")[0]
    found = directory.sender(header.sender, "CASCADESUPPLY", header.receiver)
    assert found == Unknown("nobody has interchange id ZZ:CASCADESUPPLY; nearest: ZZ:CASCADESUP (cascade)")


def test_the_same_interchange_is_the_same_byte_for_byte():
    plain, again = (SAMPLES / f"northwind-850-{which}.edi" for which in ("plain", "same-interchange"))
    assert plain.read_bytes() == again.read_bytes()


def test_the_same_order_is_the_same_set_under_another_control_number():
    plain, again = events("northwind-850-plain.edi"), events("northwind-850-same-order.edi")
    assert plain[0].control_number != again[0].control_number
    assert plain[2].text == again[2].text


def test_the_cut_off_order_has_no_end_and_the_one_before_it_has():
    assert [each.ended for each in sets("northwind-850-cut-off.edi")] == [True, False]


def test_usage_delimiters_and_what_is_asked_for_are_as_told():
    assert events("northwind-850-test-usage.edi")[0].usage == "T"
    assert events("northwind-850-allowances.edi")[0].acknowledgment_requested
    marks = events("cascade-850-plain.edi")[0].delimiters
    assert (marks.element, marks.component, marks.segment) == ("|", "^", "\n")
    assert b"~\r\n" in (SAMPLES / "northwind-850-newlines.edi").read_bytes()
    assert len(sets("northwind-850-several-sets.edi")) == 3
    assert len([event for event in events("two-partners.edi") if isinstance(event, Interchange)]) == 2


def test_partners_write_with_the_delimiters_that_we_write_to_them_with(directory):
    assert directory.partner("cascade").marks.delimiters() == events("cascade-850-plain.edi")[0].delimiters


@pytest.mark.parametrize("name", FILES)
def test_items_are_those_the_embedded_erp_sells(name):
    catalog = plainyaml.load(ROOT / "edi_gateway/erp/simulator/catalog.yaml")["items"].values()
    sold = [{**item["ids"], **ids} for item in catalog for ids in item["buyer_ids"].values()]
    for line in (segment for each in sets(name) for segment in each.segments if segment[0] == "PO1"):
        ids = dict(zip(line[6::2], line[7::2], strict=True))
        assert any(ids.items() <= item.items() for item in sold), line


def answer_to(name: str, directory: Directory) -> Acknowledged:
    """The 997 for the only group of a file, under the severities of whoever sent it."""
    (end,) = (event for event in events(name) if isinstance(event, GroupEnd))
    policy = policy_for(end.group.interchange, directory)
    results = [SetResult(each.code, each.control_number, found_in(each, policy)) for each in sets(name)]
    return functional_acknowledgment(end.group, results, restate(end.findings, policy), declared=end.declared)


def found_in(each: TransactionSet, policy: Policy) -> tuple[Finding, ...]:
    check = checker(standard.nearest(each.code, each.release).definition, policy)
    return (*restate(each.findings, policy), *check.check(each))


def test_the_997_to_the_syntax_errors_names_the_three_elements_and_rejects(directory):
    body = answer_to("northwind-850-syntax-errors.edi", directory).body
    assert [segment[1:4] for segment in body if segment[0] == "AK4"] == [["5", "373", "8"], ["1", "98", "1"], ["3", "355", "7"]]
    assert ["AK5", "R", "5"] in body


@pytest.mark.parametrize(
    ("name", "verdict"), [("northwind-850-wrong-count.edi", "R"), ("cascade-850-count-without-st-se.edi", "E")]
)
def test_the_997_to_a_wrong_count_is_what_the_profile_says(name, verdict, directory):
    assert ["AK5", verdict, "4"] in answer_to(name, directory).body


def test_the_997_to_a_cut_off_file_accepts_what_is_whole(directory):
    body = answer_to("northwind-850-cut-off.edi", directory).body
    assert [segment[1:] for segment in body if segment[0] == "AK5"] == [["A"], ["R", "2"]]
    assert body[-1][0] == "AK9"
    assert body[-1][5] == "3"


@pytest.mark.parametrize("name", [name for name in FILES if re.match(r"\w+-8(50|60|20)-", name) and name not in WRONG])
def test_the_997_to_what_is_right_accepts(name, directory):
    assert answer_to(name, directory).verdict == "accepted"


@pytest.mark.parametrize("name", [name for name in FILES if re.match(r"\w+-8(50|20)-", name) and name not in WRONG])
def test_the_agreed_map_makes_a_document_of_what_is_right(name, directory):
    maps = Library.load(ROOT / "maps")
    for each in sets(name):
        header = each.group.interchange
        partner = directory.sender(header.sender, each.group.sender, header.receiver).partner
        agreement = directory.agreement(partner, each.code, "in", each.release, USAGES[header.usage])
        document = maps.reading(agreement.map).read(each)
        assert kind_of(document) == {"850": "order", "820": "remittance"}[each.code]
        items = document.lines if each.code == "850" else document.items
        assert len(items) == sum(segment[0] in {"PO1", "RMR"} for segment in each.segments)
