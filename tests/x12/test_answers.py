"""The acknowledgments a payload would get, as interchanges of their own."""

import tracemalloc
from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given
from scenes import group, interchange, isa, order, order_set
from test_reader_properties import any_payload

from edi_gateway.errors import WrongInput
from edi_gateway.x12 import standard
from edi_gateway.x12.acknowledgment import Form, Verdict, read_acknowledgment
from edi_gateway.x12.answers import answers_in_parts, answers_to
from edi_gateway.x12.envelope import Identity, Interchange, InterchangeAcknowledgment, TransactionSet
from edi_gateway.x12.examination import examine
from edi_gateway.x12.finding import Severity
from edi_gateway.x12.group_codes import SUPPORTED_GROUPS
from edi_gateway.x12.reader import read
from edi_gateway.x12.validation import Policy

AT = datetime(2026, 3, 1, 15, 0, tzinfo=UTC)
AS_THE_GROUP = Form(release="")
GIVEN_BACK = {
    *(f"interchange.{what}" for what in ("sender_qualifier", "receiver_qualifier", "usage", "version")),
    "group.version",
}


def faults(answer):
    """What is wrong with an answer, but for what it gives back as it came."""
    return {finding.kind for event in read(answer) for finding in getattr(event, "findings", ())} - GIVEN_BACK


def answers(text, **more):
    return list(answers_to(text.encode("latin-1"), more.pop("form", AS_THE_GROUP), AT, **more))


def test_each_interchange_is_answered_with_sender_and_receiver_changed():
    (answer,) = answers(interchange(group(order_set(), "7") + group(order_set(), "8")))
    header = read(answer)[0]
    assert isinstance(header, Interchange)
    assert (header.sender, header.receiver) == (Identity("01", "004510123"), Identity("ZZ", "NORTHWIND"))
    told = [read_acknowledgment(event) for event in read(answer) if isinstance(event, TransactionSet)]
    assert [(one.group_control_number, one.verdict) for one in told] == [("7", Verdict.ACCEPTED), ("8", Verdict.ACCEPTED)]


def test_several_interchanges_get_several_answers_with_numbers_of_their_own():
    numbers = [read(answer)[0].control_number for answer in answers(order() + order("0002"), first_number=5)]
    assert len(set(numbers)) == 2


def test_the_answer_is_in_the_release_of_the_group_unless_another_is_asked_for():
    text = interchange(group(order_set(), release="005010"))
    assert b"*X*005010~" in answers(text)[0]
    assert b"*X*004010~" in answers(text, form=Form())[0]


def test_a_ta1_is_given_where_isa14_asks_or_it_is_wanted():
    def has_ta1(answer):
        return any(isinstance(event, InterchangeAcknowledgment) for event in read(answer))

    assert has_ta1(answers(interchange(group(order_set()), asked="1"))[0])
    assert not has_ta1(answers(order())[0])
    assert has_ta1(answers(order(), always_ta1=True)[0])


def test_acknowledgments_get_no_acknowledgment():
    assert answers(interchange(group("ST*997*0001~AK1*PO*7~AK9*A*1*1*1~SE*4*0001~", code="FA"))) == []
    assert answers(isa(asked="1") + "TA1*000000850*260904*1000*A*000~IEA*0*000000101~", always_ta1=True) == []


def test_what_cannot_be_answered_says_why():
    (refused,) = answers(order().replace("*NORTHWIND*OURSHOP*", "*N*OURSHOP*"))
    assert isinstance(refused, WrongInput)
    assert "GS03" in str(refused)


def test_a_payload_without_interchange_is_told_for_what_it_is():
    (told,) = answers_to(b"hello", AS_THE_GROUP, AT)
    assert isinstance(told, WrongInput)
    assert str(told) == "bytes 0 to 5: no ISA begins here; nor anywhere behind it"


@given(any_payload)
def test_anything_is_answered_soundly_or_says_why(payload):
    for answer in answers_to(payload, AS_THE_GROUP, AT):
        if isinstance(answer, bytes):
            assert not faults(answer)


def test_every_sample_is_answered_or_says_why(samples):
    for path in sorted(samples.glob("*.edi")):
        for answer in answers_to(path.read_bytes(), AS_THE_GROUP, AT):
            if isinstance(answer, bytes):
                assert not faults(answer), path.name


@pytest.mark.parametrize("form", [Form("999", ""), Form("999", "005010X231A1")])
def test_a_999_answers_in_005010(form):
    assert b"~\nST*999*0001" in answers(order(), form=form)[0]


def without_times(answer):
    return answer.decode().splitlines()[2:]


def test_an_answer_in_parts_is_the_answer():
    text = interchange(
        group(order_set("0001") + order_set("0002"), "7") + group(order_set().replace("BEG", "BEX"), "8"), asked="1"
    )
    (parts,) = answers_in_parts(text.encode(), AS_THE_GROUP, AT)
    assert [b"".join(parts)] == answers(text)


def test_parts_taken_late_are_those_of_their_own_interchange():
    first, second = answers_in_parts((order("0001") + order("0002")).encode(), AS_THE_GROUP, AT)
    assert b"AK2*850*0002" in b"".join(second)
    assert b"AK2*850*0001" in b"".join(first)


def test_the_answer_to_a_payload_of_any_size_takes_little_memory():
    sets = (order_set(f"{n:06}").encode() for n in range(12_000))
    pieces = [isa().encode(), b"GS*PO*NORTHWIND*OURSHOP*20260301*1405*7*X*004010~", *sets, b"GE*12000*7~IEA*1*000000101~"]
    source = BytesIO(b"".join(pieces))
    tracemalloc.start()
    (parts,) = answers_in_parts(source, AS_THE_GROUP, AT)
    length = sum(map(len, parts))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert length > 270_000
    assert most < 6_000_000


def test_what_is_found_at_the_end_of_a_group_may_reject_the_sets_that_were_accepted():
    strict = Policy({"group.set_count": Severity.REJECT})
    bad = order_set("0002").replace("BEG", "BEX")
    (answer,) = answers(interchange(group(order_set() + bad, count=9)), policy=strict)
    (told,) = [read_acknowledgment(event) for event in read(answer) if isinstance(event, TransactionSet)]
    assert [one.verdict for one in told.sets] == [Verdict.REJECTED, Verdict.REJECTED]
    assert (told.verdict, told.accepted, told.declared) == (Verdict.REJECTED, 0, 9)
    assert not faults(answer)


@pytest.mark.parametrize(
    ("changed", "codes"),
    [({"code": "OG"}, ["1"]), ({"release": "009010"}, ["2"]), ({"code": "", "release": ""}, ["1", "2"])],
    ids=["group", "release", "neither"],
)
def test_a_group_that_is_not_supported_is_told_and_what_can_be_read_in_it_accepted(changed, codes):
    (answer,) = answers(interchange(group(order_set(), **changed)))
    assert [line for line in without_times(answer) if line[:3] in ("AK5", "AK9")] == [
        "AK5*A~",
        f"AK9*E*1*1*1*{'*'.join(codes)}~",
    ]


@pytest.mark.parametrize("kind", ["group.unsupported", "group.release_unsupported"])
def test_by_policy_a_group_that_is_not_supported_is_rejected_with_every_set(kind):
    changed = {"code": "OG"} if kind == "group.unsupported" else {"release": "009010"}
    policy = Policy({kind: Severity.REJECT})
    text = interchange(group(order_set(), **changed))
    (examined,) = [examine(event, policy) for event in read(text.encode()) if isinstance(event, TransactionSet)]
    assert examined.verdict is Verdict.REJECTED
    (answer,) = answers(text, policy=policy)
    assert [line[:9] for line in without_times(answer) if line[:3] in ("AK5", "AK9")] == ["AK5*R~", "AK9*R*1*1"]


def test_a_policy_that_refuses_other_releases_refuses_the_group_with_code_2():
    text = interchange(group(order_set(), release="005030"))
    assert "AK9*A*1*1*1~" in without_times(answers(text)[0])
    refused = without_times(answers(text, policy=Policy({"set.release_nearest": Severity.REJECT}))[0])
    assert [line for line in refused if line[:3] in ("AK5", "AK9")] == ["AK5*R*1~", "AK9*R*1*1*0*2~"]


def test_the_groups_said_to_be_supported_are_those_of_the_definitions():
    defined = {standard.group_code(code) for release in standard.releases() for code in standard.sets(release)}
    assert defined == SUPPORTED_GROUPS
