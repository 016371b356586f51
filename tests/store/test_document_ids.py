"""Ids of documents: nobody guesses one, and what was made first comes first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.documents.text_message import TextMessage
from edi_gateway.store.database import Database
from edi_gateway.store.documents import new_document_id

MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))


@given(MOMENTS)
def test_an_id_is_a_uuid_of_version_7_in_32_hex_digits(at: datetime) -> None:
    id = new_document_id(at)
    assert (len(id), UUID(id).version, UUID(id).variant) == (32, 7, RFC_4122)


@given(MOMENTS)
def test_of_two_made_at_different_milliseconds_the_later_one_is_greater(at: datetime) -> None:
    later = at + timedelta(milliseconds=1)
    assert new_document_id(at) < new_document_id(later)


@given(MOMENTS, st.integers(0, 9000), st.integers(1, 9000))
def test_of_two_made_in_one_transaction_the_later_one_is_greater(at: datetime, nth: int, further: int) -> None:
    assert new_document_id(at, nth) < new_document_id(at, nth + further)


def test_those_of_one_moment_differ() -> None:
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert len({new_document_id(at) for _ in range(1000)}) == 1000


def test_documents_of_one_transaction_are_told_in_the_order_they_were_made(store: Database) -> None:
    message = TextMessage(purpose="original", messages=())
    with store.write() as unit:
        made = [unit.documents.add(message, number="1", partner="acme", direction="in") for _ in range(20)]
    with store.read() as unit:
        assert [row.id for row in unit.documents.numbered("text message", "1")] == made
