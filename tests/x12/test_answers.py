"""The acknowledgments a payload would get, as interchanges of their own."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from scenes import group, interchange, isa, order, order_set
from test_reader_properties import any_payload

from edi_gateway.errors import WrongInput
from edi_gateway.x12.acknowledgment import Form, Verdict, read_acknowledgment
from edi_gateway.x12.answers import answers_to
from edi_gateway.x12.envelope import Identity, Interchange, InterchangeAcknowledgment, TransactionSet
from edi_gateway.x12.reader import read

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


def test_a_payload_without_interchange_gets_no_answer():
    assert answers("hello") == []


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
