"""Two documents are compared by what they say, not by how they travelled."""

import pytest
from hypothesis import given
from scenes import group, in_bytes, interchange, order_set
from test_reader_properties import any_payload

from edi_gateway.errors import WrongInput
from edi_gateway.x12.comparison import BUSINESS_NUMBER, Difference, differences
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.reader import read
from edi_gateway.x12.standard import releases, sets

ORDER = interchange(group(order_set()))


def told(one, other):
    return list(differences(one.encode(), other.encode()))


def places(one, other):
    return [(each.what, each.place, each.one, each.other) for each in told(one, other)]


def test_numbers_dates_and_delimiters_of_the_envelope_say_nothing():
    other = interchange(group(order_set("0077"), "99"), "000000555").replace("*260301*1405*", "*260915*0800*")
    swapped = in_bytes(other, element="|", component="^", terminator="'", line_end="\r\n")
    assert list(differences(ORDER.encode(), swapped)) == []


def test_what_is_no_x12_says_nothing_that_could_be_the_same():
    with pytest.raises(WrongInput, match="neither holds a transaction set"):
        told("hello", "hello")


@pytest.mark.parametrize(
    ("old", "new"), [("*2.5*", "*2.50*"), ("*12*EA", "*012*EA"), ("ISAAC*", "ISAAC *"), ("CTT*2", "CTT*2***")]
)
def test_the_same_value_written_otherwise_is_the_same(old, new):
    assert told(ORDER, ORDER.replace(old, new)) == []


def test_a_changed_element_is_told_with_its_name():
    assert told(ORDER, ORDER.replace("PO1*2*24", "PO1*2*20")) == [
        Difference("850 4711", "changed", "PO102", "Quantity Ordered", "24", "20", 5, 5)
    ]


def test_a_segment_only_one_of_them_has_is_told_whole():
    more = ORDER.replace("PO1*1*", "REF*DP*042~PO1*1*").replace("SE*7", "SE*8")
    assert places(ORDER, more) == [("only in the second", "REF", "", "REF*DP*042")]
    assert places(more, ORDER) == [("only in the first", "REF", "REF*DP*042", "")]


def test_a_line_taken_out_is_one_difference_and_not_all_that_follow():
    longer = interchange(group(order_set(lines=5)))
    shorter = longer.replace("PO1*2*24*EA*2.5**UP*036000291452~", "").replace("SE*10", "SE*9")
    assert [(each.what, each.one[:8]) for each in told(longer, shorter)] == [("only in the first", "PO1*2*24")]


def test_sets_are_matched_by_their_business_number():
    first, second = order_set("0001"), order_set("0002").replace("4711", "4712")
    there, back = interchange(group(first + second)), interchange(group(second + first))
    assert told(there, back) == []


def test_a_changed_business_number_is_an_element_that_changed():
    assert places(ORDER, ORDER.replace("4711", "4799")) == [("changed", "BEG03", "4711", "4799")]


def test_a_set_only_one_of_them_has_is_told():
    both = interchange(group(order_set("0001") + order_set("0002").replace("4711", "4712")))
    assert [(each.set, each.what) for each in told(ORDER, both)] == [("850 4712", "only in the second")]
    assert [(each.set, each.what) for each in told(both, ORDER)] == [("850 4712", "only in the first")]


def test_components_compare_whatever_separates_them():
    composite = ORDER.replace("N1*ST*DOCK ISAAC*92*0423", "REF*DP*042**ZZ>1")
    assert list(differences(composite.encode(), in_bytes(composite, component=":"))) == []


def test_every_set_we_know_has_a_business_number():
    assert {code for release in releases() for code in sets(release)} == set(BUSINESS_NUMBER)


def holds_a_set(payload):
    return any(isinstance(event, TransactionSet) for event in read(payload))


@given(any_payload.filter(holds_a_set))
def test_a_payload_says_the_same_as_itself(payload):
    assert list(differences(payload, payload)) == []


@given(any_payload.filter(holds_a_set), any_payload)
def test_what_differs_one_way_differs_the_other_way(one, other):
    assert bool(list(differences(one, other))) == bool(list(differences(other, one)))
