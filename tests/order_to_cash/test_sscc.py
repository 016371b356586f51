from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.errors import NeedsPerson, WrongInput
from edi_gateway.order_to_cash.sscc import check_digit, is_gtin, is_sscc, sscc


def test_the_check_digit_is_what_weights_of_3_and_1_from_the_right_leave_to_ten() -> None:
    assert check_digit("629104150021") == "3"  # the example GS1 publishes
    assert check_digit("10614141192837465") == "7"  # 123, worked out by hand
    assert check_digit("0") == "0"


def test_an_sscc_is_extension_prefix_serial_and_check_digit() -> None:
    assert sscc("0614141", 192837465, "1") == "106141411928374657"
    assert sscc("061414112345", 7)[:17] == "00614141123450007"


@given(st.from_regex(r"[0-9]{6,12}", fullmatch=True), st.integers(0, 9999), st.sampled_from("0123456789"))
def test_every_sscc_made_is_one(prefix: str, serial: int, extension: str) -> None:
    made = sscc(prefix, serial, extension)
    assert is_sscc(made)
    assert made[1:].startswith(prefix)


@given(st.integers(0, 10**9 - 1), st.integers(0, 17), st.integers(1, 9))
def test_one_digit_misread_is_always_noticed(serial: int, place: int, by: int) -> None:
    made = sscc("0614141", serial)
    misread = made[:place] + str((int(made[place]) + by) % 10) + made[place + 1 :]
    assert not is_sscc(misread)


def test_a_prefix_that_has_no_numbers_left_needs_a_person() -> None:
    with pytest.raises(NeedsPerson, match="next extension digit"):
        sscc("061414112345", 10_000)


@pytest.mark.parametrize(("prefix", "extension"), [("12345", "0"), ("1234567890123", "0"), ("06141A1", "0"), ("0614141", "10")])
def test_what_is_no_prefix_or_no_extension_is_refused(prefix: str, extension: str) -> None:
    with pytest.raises(WrongInput):
        sscc(prefix, 1, extension)


@pytest.mark.parametrize("text", ["", "1061414119283746", "10614141192837465x", "١٠٦١٤١٤١١٩٢٨٣٧٤٦٥٦"])
def test_what_is_not_18_digits_is_no_sscc(text: str) -> None:
    assert not is_sscc(text)


def test_gtins_come_in_four_lengths() -> None:
    assert is_gtin("6291041500213")
    assert is_gtin("06291041500213")
    assert not is_gtin("6291041500212")
    assert not is_gtin("006291041500213")
