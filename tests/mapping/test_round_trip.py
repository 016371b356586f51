"""Every document survives being written as a set and read back, in both releases: one map, both directions."""

from __future__ import annotations

import msgspec
import pytest
from documents_of import (
    invoices,
    many,
    order_acknowledgments,
    orders,
    packed_items,
    packs,
    remittances,
    ship_notices,
    shipped_orders,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from map_scenes import BASE, around, library

from edi_gateway.documents.base import Value
from edi_gateway.documents.ship_notice import Pack

releases = st.sampled_from(["004010", "005010"])
quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def there_and_back(code: str, document: Value, release: str, partner: str = "") -> Value:
    name = f"{partner}/{BASE[code]}" if partner else BASE[code]
    segments = library().writing(name).write(document, release=release)
    assert all(segment[-1] for segment in segments), "trailing empty elements are dropped"
    return library().reading(name).read(around(code, segments))


def without_extras(document: Value) -> Value:
    """The heading of a note (N9) is kept as an extra, since its number and title are no fields of ours."""
    assert {extra.segment.split("*")[0] for extra in document.extras} <= {"N9"}  # type: ignore[attr-defined]
    return msgspec.structs.replace(document, extras=())


@quick
@given(document=orders, release=releases)
def test_an_order(document: Value, release: str) -> None:
    assert without_extras(there_and_back("850", document, release)) == document


@quick
@given(document=order_acknowledgments, release=releases)
def test_an_order_acknowledgment(document: Value, release: str) -> None:
    assert there_and_back("855", document, release) == document


@quick
@given(document=ship_notices(shipped_orders(many(packs, 2, 1))), release=releases)
def test_a_ship_notice_with_packs(document: Value, release: str) -> None:
    assert there_and_back("856", document, release) == document


unpacked = many(packed_items, 2, 1).map(lambda items: (Pack(sscc="", items=tuple({i.line_number: i for i in items}.values())),))


@quick
@given(document=ship_notices(shipped_orders(unpacked)), release=releases)
def test_a_ship_notice_without_packs(document: Value, release: str) -> None:
    assert there_and_back("856", document, release) == document


@quick
@given(document=invoices, release=releases)
def test_an_invoice(document: Value, release: str) -> None:
    assert there_and_back("810", document, release) == document


@quick
@given(document=remittances, release=releases)
def test_a_remittance(document: Value, release: str) -> None:
    assert there_and_back("820", document, release) == document


@pytest.mark.parametrize("code", BASE)
def test_the_traced_twin_makes_the_same(code: str) -> None:
    strategy = {
        "850": orders,
        "855": order_acknowledgments,
        "856": ship_notices(shipped_orders(many(packs, 2, 1))),
        "810": invoices,
        "820": remittances,
    }[code]

    @settings(quick, max_examples=10)
    @given(document=strategy)
    def same(document: Value) -> None:
        writing, reading = library().writing(BASE[code]), library().reading(BASE[code])
        segments = writing.write(document)
        assert writing.trace(document)[0] == segments
        assert reading.trace(around(code, segments))[0] == reading.read(around(code, segments))

    same()
