"""Names, claims, settling and coverage: the small rules under every transport, as general as they can be said."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.clock import MovableClock
from edi_gateway.errors import WrongInput
from edi_gateway.transports.base import RemoteFile
from edi_gateway.transports.mailbox.coverage import Coverage
from edi_gateway.transports.mailbox.room import canonical
from edi_gateway.transports.naming import Claims, fit, in_transit, oddity, read_claim
from edi_gateway.transports.steady import Steady

NAMES = st.text(min_size=1, max_size=40).filter(lambda name: oddity(name) is None)
NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


@given(NAMES)
def test_a_claim_can_be_taken_apart_again_and_two_never_share_a_name(name: str):
    claims = Claims("gateway", 600.0, MovableClock(NOON))
    first, second = claims.new_name(name), claims.new_name(name)

    claim = read_claim(first)

    assert first != second
    assert claim is not None
    assert (claim.name, claim.at, claim.owner) == (name, NOON, "gateway")


@given(NAMES)
def test_a_claimed_file_that_is_claimed_again_keeps_its_own_name(name: str):
    claims = Claims("gateway", 600.0, MovableClock(NOON))

    assert read_claim(claims.new_name(read_claim(claims.new_name(name)).name)).name == name


@pytest.mark.parametrize("name", ["po.edi", "po.claimed", "po~x~y-00000000.claimed", "po~20261305T000000Z~me-00000000.claimed"])
def test_what_only_looks_like_a_claim_is_none(name: str):
    assert read_claim(name) is None


@pytest.mark.parametrize("owner", ["a b", "a/b", "x" * 33, "a~b"])
def test_an_owner_that_cannot_stand_in_a_name_is_refused(owner: str):
    with pytest.raises(WrongInput):
        Claims(owner, 600.0, MovableClock())


@pytest.mark.parametrize("name", ["..", ".", "", "a/b", "a\\b", "a\0", "a\n", " a", "a ", "\u202etxt", "\ud800", "é" * 101])
def test_odd_names_are_recognized(name: str):
    assert oddity(name)


@pytest.mark.parametrize("name", ["po.edi", "PO 4711 (2).edi", "bestellung-für-müller.txt", "受注.edi", "a~b", "-rf", "é" * 100])
def test_unusual_names_of_decent_files_are_not_odd(name: str):
    assert oddity(name) is None
    assert not in_transit(name)


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        (b"Bestell\xfcng.edi", "Bestell%FCng.edi"),
        (b"a\nb", "a%0Ab"),
        (b"a\\b ", "a%5Cb"),
        (b"x" * 250 + b".edi", "x" * 196 + ".edi"),
    ],
)
def test_what_is_odd_in_a_name_is_spelled_out(name: bytes, spelled: str):
    assert fit(os.fsdecode(name)) == spelled


@given(st.binary(max_size=260))
def test_whatever_a_file_is_called_it_is_collected_under_a_name_that_is_not_odd(name: bytes):
    assert oddity(fit(os.fsdecode(name))) is None


@given(st.text(max_size=60))
def test_no_path_is_spelled_out_of_the_mailbox(path: str):
    shown = canonical(path)

    assert shown.startswith("/")
    assert ".." not in shown.split("/")


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=30), st.integers(0, 70), st.integers(0, 70))
def test_coverage_knows_exactly_the_bytes_that_were_touched(pieces: list[tuple[int, int]], cut: int, size: int):
    coverage, touched = Coverage(), set()
    for start, length in pieces:
        assert coverage.add(start, start + length)
        touched |= set(range(start, start + length))
    coverage.cut(cut)
    touched = {offset for offset in touched if offset < cut}

    assert coverage.end == max(touched, default=-1) + 1
    assert coverage.is_whole(size) == (touched >= set(range(size)))


def test_coverage_does_not_keep_a_thousand_holes():
    coverage = Coverage()

    assert [coverage.add(offset, offset + 1) for offset in range(0, 200, 2)].count(True) == 64


def test_a_file_settles_anew_with_every_change():
    steady = Steady(10.0, trusted_age=1e9)
    small, large = (RemoteFile("/po.edi", "po.edi", size, NOON) for size in (1, 2))
    at = [NOON + timedelta(seconds=seconds) for seconds in (0, 9, 10, 19, 20, 21)]

    assert steady.ready([small], at[0]) == []
    assert steady.ready([large], at[1]) == []
    assert steady.ready([large], at[2]) == []
    assert steady.ready([large], at[3]) == [large]
    assert steady.ready([], at[4]) == []
    assert steady.ready([large], at[5]) == []
