from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from edi_gateway.erp.simulator import default_catalog, load_catalog
from edi_gateway.errors import WrongInput
from edi_gateway.order_to_cash.sscc import is_gtin


def written(folder: Path, text: str) -> Path:
    path = folder / "catalog.yaml"
    path.write_text(text)
    return path


def test_the_catalog_that_comes_with_the_gateway_has_gtins_with_right_check_digits() -> None:
    catalog = default_catalog()
    gtins = [id.id for item in catalog.items for id in item.ids if id.qualifier == "UP"]
    assert len(gtins) == len(set(gtins)) == len(catalog.items) == 12
    assert all(is_gtin(gtin) for gtin in gtins)


def test_every_item_of_it_can_be_ordered_by_both_partners() -> None:
    for item in default_catalog().items:
        assert {partner: [id.qualifier for id in ids] for partner, ids in item.buyer_ids.items()} == {
            "northwind": ["IN"],
            "cascade": ["BP"],
        }


def test_what_is_written_is_read(tmp_path: Path) -> None:
    catalog = load_catalog(
        written(
            tmp_path,
            """
pace: {decides_after: 90m, restocks_after: 2d, short_stock: reject}
customers:
  northwind: {credit_limit: 100.50}
items:
  A1: {list_price: 0.3150, per_carton: 12, stock: 7, ids: {UP: 012345678905}}
""",
        )
    )
    (item,) = catalog.items
    assert (item.list_price, item.ids[0].id, item.title) == (Decimal("0.3150"), "012345678905", "A1")
    assert (catalog.pace.decides_after, catalog.pace.restocks_after) == (timedelta(minutes=90), timedelta(days=2))
    assert catalog.customers["northwind"].credit_limit == Decimal("100.50")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("items:\n  A1:\n    list_price: dear\n", r"catalog.yaml:3: 'dear' is no number"),
        ("items:\n  A1:\n    list_price: -1\n", r"catalog.yaml:3: '-1' must be zero or more"),
        ("items:\n  A1:\n    list_price: NaN\n", r"catalog.yaml:3: 'NaN' must be zero or more"),
        ("items:\n  A1:\n    stock: 3\n", r"catalog.yaml:3: 'list_price' is missing"),
        ("items:\n  A1:\n    list_price: 1\n    per_carton: 0\n", r"catalog.yaml:4: '0' is no count"),
        ("items:\n  A1:\n    list_price: 1\n    color: red\n", r"catalog.yaml:4: 'color' means nothing here"),
        ("items:\n  A1:\n    list_price: 1\n    blocked: perhaps\n", r"catalog.yaml:4: 'perhaps' is not one of no, yes"),
        ("items:\n  A1: cheap\n", r"catalog.yaml:2: must hold names and values"),
        ("pace:\n  decides_after: soon\n", r"catalog.yaml:2: 'soon' is no duration"),
        ("pace:\n  short_stock: pray\n", r"catalog.yaml:2: 'pray' is not one of backorder, cancel, reject"),
        ("pace:\n  travels: [1d]\n", r"catalog.yaml:2: 'travels' must be one value"),
        ("prices: {}\n", r"catalog.yaml:1: 'prices' means nothing here"),
        ("- items\n", r"catalog.yaml:1: must hold names and values"),
    ],
)
def test_a_mistake_is_named_by_file_and_line(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(WrongInput, match=complaint):
        load_catalog(written(tmp_path, text))
