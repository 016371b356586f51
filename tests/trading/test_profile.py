"""How words in a partner file are read: marks, durations, ids; and what makes two profiles the same version."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from edi_gateway.errors import WrongInput
from edi_gateway.trading.profile import AcknowledgmentTerms, Agreement, Marks, OrderTerms, TradingPartner
from edi_gateway.trading.scalars import MARK_NAMES, Duration, write_duration, write_mark
from edi_gateway.trading.versions import from_json, profile_version, to_json
from edi_gateway.x12.delimiters import Delimiters

DURATION = TypeAdapter(Duration)
MARK_BYTES = [chr(byte) for byte in range(256) if not chr(byte).isalnum() and chr(byte) != " "]


def partner(**words):
    return TradingPartner(
        **{"name": "acme", "title": "Acme", "interchange": ("08:ACME01",), "group": ("ACMEBUY",), "connection": "c"} | words
    )


@pytest.mark.parametrize(
    ("written", "mark"),
    [
        ("~", "~"),
        ("|", "|"),
        ("newline", "\n"),
        ("fs", "\x1c"),
        ("FS", "\x1c"),
        ("0x1C", "\x1c"),
        ("0X1c", "\x1c"),
        ("nel", "\x85"),
    ],
)
def test_a_mark_is_written_as_itself_by_name_or_in_hex(written, mark):
    assert Marks(segment=written).delimiters().segment == mark


@pytest.mark.parametrize("written", ["tilde", "0x1", "0x123", "~~", "", "A", "7", " ", "0x41", "é", "€", "0xA9é"])
def test_what_is_no_mark_is_refused(written):
    with pytest.raises(ValidationError):
        Marks(segment=written)


@pytest.mark.parametrize("name", MARK_NAMES)
def test_every_name_of_a_mark_is_legal_and_written_back(name):
    assert Marks(segment=name).model_dump(mode="json")["segment"] == name


@given(st.sampled_from(MARK_BYTES))
def test_every_byte_that_may_be_a_mark_can_be_written(mark):
    element = "*" if mark != "*" else "+"
    component = ">" if mark != ">" else "<"
    assert Marks(segment=write_mark(mark), element=element, component=component).segment == mark


def test_marks_that_are_the_same_by_different_names_are_refused():
    with pytest.raises(ValidationError, match="delimiters must differ"):
        Marks(element="fs", segment="0x1C")


@pytest.mark.parametrize("line_end", ["lf", "crlf"])
def test_a_newline_terminator_takes_no_other_line_end(line_end):
    with pytest.raises(ValidationError, match="is a line end already"):
        Marks(segment="newline", line_end=line_end)


def test_marks_become_the_delimiters_x12_writes_with():
    assert Marks(element="|", component="^", line_end="crlf").delimiters() == Delimiters("|", "^", "~", None, "\r\n")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("30s", timedelta(seconds=30)),
        ("90m", timedelta(minutes=90)),
        ("90 min", timedelta(minutes=90)),
        ("24h", timedelta(days=1)),
        ("2d", timedelta(days=2)),
    ],
)
def test_durations(written, meant):
    assert DURATION.validate_python(written) == meant


@pytest.mark.parametrize("written", ["", "24", "h", "-1h", "1.5h", "1w"])
def test_what_is_no_duration_is_refused(written):
    with pytest.raises(ValidationError, match="is no duration"):
        DURATION.validate_python(written)


@given(st.integers(0, 10**8))
def test_a_duration_is_written_back_as_it_can_be_read(seconds):
    duration = timedelta(seconds=seconds)
    assert DURATION.validate_python(write_duration(duration)) == duration


@pytest.mark.parametrize("written", ["ACME01", "8:ACME01", "ZZZ:ACME01", "ZZ:", "ZZ:ABCDEFGHIJKLMNOP"])
def test_what_is_no_interchange_id_is_refused(written):
    with pytest.raises(ValidationError, match="is no interchange id"):
        partner(interchange=(written,))


def test_the_same_profile_in_other_words_is_the_same_version():
    short = partner(orders=OrderTerms(price_tolerance_percent=Decimal("2")))
    long = partner(
        currency="USD",
        marks=Marks(segment="0x7E"),
        duplicates={"window": "365d"},
        orders={"price_tolerance_percent": "2.00"},
        answers={"order_acknowledgment_within": "1440m"},
    )
    assert profile_version(short) == profile_version(long)


@pytest.mark.parametrize(
    "words",
    [
        {"title": "Acme Inc"},
        {"marks": {"segment": "newline"}},
        {"orders": {"minimum_order": "0"}},
        {"severities": {"set.segment_count": "off"}},
        {"agreements": ({"set": "850", "direction": "in", "map": "850-order"},)},
    ],
)
def test_any_difference_in_meaning_is_another_version(words):
    assert profile_version(partner(**words)) != profile_version(partner())


def test_a_profile_comes_back_from_its_canonical_json_the_same():
    terms = AcknowledgmentTerms(within=timedelta(hours=2), detail="group")
    agreement = Agreement(set="850", direction="in", release="004010VICS", map="850-order", acknowledgment=terms)
    acme = partner(
        agreements=(agreement,),
        severities={"b": "warn", "a": "off"},
        marks=Marks(segment="newline", element="fs"),
        orders={"price_tolerance_percent": "0.5", "minimum_order": "1250"},
    )
    assert from_json(to_json(acme)) == acme
    assert to_json(from_json(to_json(acme))) == to_json(acme)


def test_a_number_in_json_keeps_its_zeros_before_the_point():
    assert '"minimum_order":"1250"' in to_json(partner(orders={"minimum_order": "1250"}))
    assert '"minimum_order":"0"' in to_json(partner(orders={"minimum_order": "0.00"}))


def test_text_that_is_no_profile_is_wrong_input():
    with pytest.raises(WrongInput, match="is no partner profile"):
        from_json('{"name": "acme"}')
