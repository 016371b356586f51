from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.documents.order import StoreQuantity
from edi_gateway.erp.simulator.packing import Goods, pack, split
from edi_gateway.order_to_cash.facts import PackedCarton

EMPTY = Decimal("0.50")


def goods(line: str, quantity: int, per_carton: int = 12, weight: str = "1.25") -> Goods:
    return Goods(line, Decimal(quantity), Decimal(per_carton), Decimal(weight))


def contents(cartons: tuple[PackedCarton, ...]) -> list[dict[str, int]]:
    return [{content.line_number: int(content.quantity) for content in carton.contents} for carton in cartons]


def test_full_cartons_come_first_and_the_rest_has_one_of_its_own() -> None:
    assert contents(pack([goods("1", 30)], EMPTY)) == [{"1": 12}, {"1": 12}, {"1": 6}]


def test_remainders_share_a_carton_as_far_as_it_holds_them() -> None:
    assert contents(pack([goods("1", 6), goods("2", 12, 24), goods("3", 1)], EMPTY)) == [{"1": 6, "2": 12}, {"3": 1}]


def test_a_carton_weighs_its_content_and_its_cardboard() -> None:
    (carton,) = pack([goods("1", 12)], EMPTY)
    assert carton.weight == Decimal("15.50")


@given(st.lists(st.tuples(st.integers(1, 100), st.integers(1, 30)), min_size=1, max_size=6))
def test_everything_is_packed_once_and_no_carton_is_overfull(asked: list[tuple[int, int]]) -> None:
    all_goods = [goods(str(number), quantity, per_carton) for number, (quantity, per_carton) in enumerate(asked)]
    cartons = pack(all_goods, EMPTY)
    for each in all_goods:
        packed = sum(c.quantity for carton in cartons for c in carton.contents if c.line_number == each.line_number)
        assert packed == each.quantity
    fill = {each.line_number: 1 / each.per_carton for each in all_goods}
    assert all(sum(c.quantity * fill[c.line_number] for c in carton.contents) <= Decimal("1.0001") for carton in cartons)


def test_cartons_go_onto_pallets_so_many_on_each() -> None:
    assert [carton.pallet for carton in pack([goods("1", 60)], EMPTY, per_pallet=2)] == ["1", "1", "2", "2", "3"]
    assert {carton.pallet for carton in pack([goods("1", 60)], EMPTY)} == {""}


def stores(**quantities: int) -> tuple[StoreQuantity, ...]:
    return tuple(StoreQuantity(store=name, quantity=Decimal(quantity), unit="EA") for name, quantity in quantities.items())


def test_no_carton_holds_goods_of_two_stores() -> None:
    parts = split(goods("1", 30), stores(a=14, b=16), Decimal(0))
    packed = [(carton.store, int(carton.contents[0].quantity)) for carton in pack(parts, EMPTY)]
    assert packed == [("a", 12), ("a", 2), ("b", 12), ("b", 4)]


def test_the_second_shipment_goes_to_the_stores_the_first_had_nothing_for() -> None:
    parts = split(goods("1", 18), stores(a=14, b=16), Decimal(12))
    assert [(part.store, int(part.quantity)) for part in parts] == [("a", 2), ("b", 16)]


def test_what_no_store_was_named_for_is_packed_for_none() -> None:
    assert [(part.store, int(part.quantity)) for part in split(goods("1", 20), stores(a=14), Decimal(0))] == [("a", 14), ("", 6)]
