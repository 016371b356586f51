"""Which certificate is used when, which warnings are due, and what files of certificates are read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.errors import WrongInput
from edi_gateway.trading.certificate_files import Bundle, exported, read_bundle, spoken, warnings_about
from edi_gateway.trading.certificate_making import make_certificate
from edi_gateway.trading.certificates import WARNINGS, Certificate, Role, due_warning, in_use

NOW = datetime(2026, 11, 2, tzinfo=UTC)


def certificate(
    id: int, *, begins: int = -100, ends: int = 100, use: int = -100, role: Role = "any", **more: object
) -> Certificate:
    """A certificate by its days from now."""
    values: dict[str, object] = {
        "id": id,
        "owner": "connection:a",
        "role": role,
        "fingerprint": f"{id:064x}",
        "der": b"",
        "chain": b"",
        "subject": f"CN={id}",
        "valid_from": NOW + timedelta(days=begins),
        "valid_until": NOW + timedelta(days=ends),
        "use_from": NOW + timedelta(days=use),
        "has_key": False,
        "told_days": None,
        "retired_at": None,
        "added_at": NOW,
        "added_by": "ann",
    }
    return Certificate(**{**values, **more})  # type: ignore[arg-type]


def test_the_one_whose_time_came_last_is_used() -> None:
    old, new = certificate(1, use=-50), certificate(2, use=-1)

    assert in_use([new, old], "encryption", NOW) == new


def test_the_switch_happens_on_its_day_by_itself() -> None:
    old, new = certificate(1), certificate(2, use=10)

    assert in_use([old, new], "signing", NOW + timedelta(days=9)) == old
    assert in_use([old, new], "signing", NOW + timedelta(days=10)) == new


def test_a_certificate_for_one_purpose_is_not_used_for_the_other() -> None:
    signing = certificate(1, role="signing")

    assert in_use([signing], "signing", NOW) == signing
    assert in_use([signing], "encryption", NOW) is None


def test_one_that_has_ended_is_used_only_where_none_holds() -> None:
    ended, older = certificate(1, ends=-1, use=-1), certificate(2)

    assert in_use([ended, older], "signing", NOW) == older
    assert in_use([ended], "signing", NOW) == ended


def test_the_next_one_is_used_before_its_day_rather_than_one_that_has_ended() -> None:
    ended, coming = certificate(1, ends=-1), certificate(2, use=5)

    assert in_use([ended, coming], "signing", NOW) == coming


@pytest.mark.parametrize(
    ("ends", "warning"), [(61, None), (60, 60), (31, 60), (30, 30), (14, 14), (7, 7), (2, 7), (1, 1), (0, 0), (-9, 0)]
)
def test_a_warning_is_due_at_each_step_before_the_end(ends: int, warning: int | None) -> None:
    assert due_warning(certificate(1, ends=ends), NOW) == warning


def test_a_warning_that_was_told_is_not_due_again() -> None:
    assert due_warning(certificate(1, ends=20, told_days=30), NOW) is None
    assert due_warning(certificate(1, ends=14, told_days=30), NOW) == 14


@given(st.lists(st.integers(-40, 100), min_size=1, max_size=40))
def test_each_warning_is_told_at_most_once_however_often_somebody_looks(looks: list[int]) -> None:
    told: list[int] = []
    for day in sorted(looks):
        due = due_warning(certificate(1, ends=60, told_days=told[-1] if told else None), NOW + timedelta(days=day))
        told += [due] if due is not None else []

    assert told == sorted(set(told), reverse=True)
    assert set(told) <= set(WARNINGS)


@pytest.fixture(scope="module")
def made() -> Bundle:
    return make_certificate("MERIDIAN", "Meridian Home Goods", NOW, bits=2048)


def test_a_certificate_we_make_is_for_signing_and_encryption_and_holds_two_years(made: Bundle) -> None:
    about = made.certificate

    assert about.subject.rfc4514_string() == "O=Meridian Home Goods,CN=MERIDIAN"
    assert about.not_valid_before_utc < NOW < about.not_valid_after_utc
    assert (about.not_valid_after_utc - about.not_valid_before_utc).days == 730
    assert warnings_about(about) == []


@pytest.mark.parametrize("form", ["pem", "der", "p7b"])
def test_every_form_without_a_key_comes_back(made: Bundle, form: str) -> None:
    written = exported(made, form)

    assert read_bundle(written) == made._replace(key=None)
    assert b"PRIVATE" not in written


def test_a_p12_comes_back_with_its_key_and_opens_with_its_password_only(made: Bundle) -> None:
    written = exported(made, "p12", b"tr0ub4dor")

    found = read_bundle(written, b"tr0ub4dor")

    assert (found.certificate, found.key_pem()) == (made.certificate, made.key_pem())
    for wrong in (b"other", None):
        with pytest.raises(WrongInput, match="no certificate can be read") as error:
            read_bundle(written, wrong)
        assert "tr0ub4dor" not in str(error.value)
    with pytest.raises(WrongInput):
        exported(made, "p12", b"")


def test_pem_with_its_key_and_those_that_vouch_for_it(made: Bundle) -> None:
    other = make_certificate("OTHER", "", NOW, bits=2048)
    text = exported(other, "pem") + made.key_pem() + exported(made, "pem")

    found = read_bundle(text)

    assert (found.certificate, found.chain) == (made.certificate, (other.certificate,))


def test_a_key_of_somebody_else_is_refused(made: Bundle) -> None:
    other = rsa.generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    with pytest.raises(WrongInput, match="not that of the certificate"):
        read_bundle(exported(made, "pem") + other)


@pytest.mark.parametrize("data", [b"", b"nothing", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", bytes(500)])
def test_what_is_no_certificate_is_refused(data: bytes) -> None:
    with pytest.raises(WrongInput):
        read_bundle(data, None, "file.cer")


def test_a_weak_key_and_one_that_nothing_can_be_encrypted_for_are_told() -> None:
    weak, curve = make_certificate("WEAK", "", NOW, bits=1024).certificate, ec.generate_private_key(ec.SECP256R1())
    builder = x509.CertificateBuilder().subject_name(weak.subject).issuer_name(weak.subject).serial_number(1)
    builder = builder.public_key(curve.public_key()).not_valid_before(NOW).not_valid_after(NOW + timedelta(days=1))

    assert "1024 bits" in warnings_about(weak)[0]
    assert "it can sign" in warnings_about(builder.sign(curve, hashes.SHA256()))[0]


def test_a_fingerprint_is_read_out_in_groups_of_four() -> None:
    assert spoken("0123456789abcdef") == "0123 4567 89ab cdef"
