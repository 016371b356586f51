"""Every document survives being written as a set and read back, in both releases: one map, both directions, nothing left over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import documents_of as of
import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from map_scenes import BASE, around, library

from edi_gateway.documents.base import Value
from edi_gateway.documents.ship_notice import Pack

releases = st.sampled_from(["004010", "005010"])
quick = settings(
    max_examples=25,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # documents are too large to be shrunk in reasonable time
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

DOCUMENTS: dict[str, st.SearchStrategy[Any]] = {
    "850": of.orders,
    "855": of.order_acknowledgments,
    "810": of.invoices,
    "820": of.remittances,
    "856": of.ship_notices(of.shipped_orders(of.many(of.packs, 2, 1))),
    "860": of.order_changes,
    "865": of.order_change_acknowledgments,
    "846": of.inventory_advices,
    "824": of.application_advices,
    "812": of.adjustments_812,
    "864": of.text_messages,
}


def there_and_back(name: str, document: Value, release: str) -> Value:
    writing, reading = library().writing(name), library().reading(name)
    segments = writing.write(document, release=release)
    assert all(segment[-1] for segment in segments), "trailing empty elements are dropped"
    return reading.read(around(writing.set_code, segments))


def documents(
    strategy: st.SearchStrategy[Any], examples: int = 25
) -> Callable[[Callable[[Value, str], None]], Callable[[], None]]:
    """Runs a check over documents of a strategy in both releases."""
    return lambda check: settings(quick, max_examples=examples)(given(document=strategy, release=releases)(check))


@pytest.mark.parametrize("code", BASE)
def test_what_is_written_is_read_back_whole(code: str) -> None:
    """The document is the same, and no element is left over as an extra."""

    @documents(DOCUMENTS[code])
    def same(document: Value, release: str) -> None:
        assert there_and_back(BASE[code], document, release) == document

    same()


@pytest.mark.parametrize("code", BASE)
def test_the_traced_twin_makes_the_same(code: str) -> None:
    @documents(DOCUMENTS[code], 8)
    def same(document: Value, release: str) -> None:
        writing, reading = library().writing(BASE[code]), library().reading(BASE[code])
        segments = writing.write(document, release=release)
        assert writing.trace(document, release=release)[0] == segments
        assert reading.trace(around(code, segments))[0] == reading.read(around(code, segments))

    same()


# --- the trees of an 856 ------------------------------------------------------------------------------------------------------

unpacked = of.many(of.packed_items, 2, 1).map(
    lambda items: (Pack(sscc="", items=tuple({item.line_number: item for item in items}.values())),)
)


@quick
@given(document=of.ship_notices(of.shipped_orders(unpacked)), release=releases)
def test_a_ship_notice_without_packs(document: Value, release: str) -> None:
    assert there_and_back("ship-notice-856", document, release) == document


@quick
@given(document=of.ship_notices(of.shipped_orders(of.many(of.packs, 3, 1).map(of.on_pallets))), release=releases)
def test_a_ship_notice_with_pallets(document: Value, release: str) -> None:
    assert there_and_back("ship-notice-856", document, release) == document


@quick
@given(document=of.ship_notices(of.shipped_orders(of.many(of.packs, 4, 1).map(of.told_once))), release=releases)
def test_a_standard_carton_ship_notice(document: Any, release: str) -> None:
    back: Any = there_and_back("ship-notice-856-standard-carton", document, release)

    for told, read in zip(document.orders, back.orders, strict=True):
        assert {pack.sscc: pack for pack in read.packs} == {pack.sscc: pack for pack in told.packs}
    orders = tuple(msgspec.structs.replace(one, packs=()) for one in document.orders)
    assert msgspec.structs.replace(back, orders=orders) == msgspec.structs.replace(document, orders=orders)


@pytest.mark.parametrize("name", library().names())
def test_every_element_sent_is_traced_to_its_field_or_its_constant(name: str) -> None:
    """All that ship: the common maps and the partners' over them."""
    writing = library().writing(name)

    @documents(DOCUMENTS[writing.set_code], 4 if "/" in name else 10)
    def traced(document: Value, release: str) -> None:
        segments, told = writing.trace(document, release=release if release in writing.releases else None)

        sent = {(at, place) for at, one in enumerate(segments, 2) for place, text in enumerate(one) if place and text}
        assert {(one.position, one.element) for one in told} == sent
        assert all(".yaml:" in one.rule for one in told)
        assert all(one.value in segments[one.position - 2][one.element] for one in told)

    traced()
