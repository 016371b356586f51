"""Certificates in the console: as the files bring them, and with what is read out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import Desk
from visiting import Visitor

from edi_gateway.trading.certificate_files import Bundle, exported, spoken
from edi_gateway.trading.certificate_making import make_certificate

SignedIn = Callable[[str], Visitor]
THEIRS, OURS = "connection:northwind-mailbox", "ourselves:main"


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    """A certificate that still holds when the scenes play."""
    from desk import NOON

    return make_certificate("NORTHWIND", "Northwind Stores", NOON, days=400, bits=2048)


@pytest.mark.parametrize("form", ["pem", "der", "p7b"])
def test_a_file_in_any_form_is_added_and_its_fingerprint_shown(
    desk: Desk, signed_in: SignedIn, bundle: Bundle, form: str
) -> None:
    analyst = signed_in("analyst")
    files = {"file": (f"theirs.{form}", exported(bundle, form))}
    to = analyst.upload("/certificates", files, owner=THEIRS, role="any").headers["location"]
    page = analyst.get(to).text
    assert spoken(bundle.fingerprint) in page
    assert "Test the connection" in page


def test_ours_comes_as_p12_with_its_passphrase_and_its_key_goes_into_the_vault(
    desk: Desk, signed_in: SignedIn, bundle: Bundle
) -> None:
    analyst = signed_in("analyst")
    files = {"file": ("ours.p12", exported(bundle, "p12", b"horse"))}
    wrong = analyst.upload("/certificates", files, owner=OURS, role="any", passphrase="cow")
    assert wrong.status_code == 422
    assert "cow" not in wrong.text
    analyst.upload("/certificates", files, owner=OURS, role="any", passphrase="horse")
    with desk.store.read() as unit:
        (kept,) = unit.certificates.of(OURS)
    assert kept.has_key


def test_a_key_of_theirs_is_not_kept(desk: Desk, signed_in: SignedIn, bundle: Bundle) -> None:
    files = {"file": ("theirs.p12", exported(bundle, "p12", b"horse"))}
    signed_in("analyst").upload("/certificates", files, owner=THEIRS, role="any", passphrase="horse")
    with desk.store.read() as unit:
        (kept,) = unit.certificates.of(THEIRS)
    assert not kept.has_key


def test_neither_a_file_nor_a_text_is_told_so(signed_in: SignedIn) -> None:
    answer = signed_in("analyst").upload("/certificates", {"file": ("", b"")}, owner=THEIRS, role="any")
    assert answer.status_code == 422
    assert "choose its file, or paste its text" in answer.text
