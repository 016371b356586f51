"""Reads a catalog from a YAML file, with file and line in every complaint."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

from edi_gateway.documents.base import ItemId
from edi_gateway.erp.simulator.catalog import Catalog, Customer, Item, Pace
from edi_gateway.errors import WrongInput
from edi_gateway.plainyaml import Fields, Plain, Text, load


def default_catalog() -> Catalog:
    """The catalog that comes with the gateway: a dozen invented items, and the invented partners and presets as customers."""
    return load_catalog(Path(__file__).with_name("catalog.yaml"))


def load_catalog(path: Path) -> Catalog:
    """The catalog in a YAML file. Raises WrongInput naming file and line."""
    root = _Section(load(path), f"{path}:1")
    usual = Catalog(items=(), customers={})
    catalog = Catalog(
        items=tuple(_item(number, item) for number, item in root.section("items").sections()),
        customers={number: _customer(terms) for number, terms in root.section("customers").sections()},
        pace=_pace(root.section("pace")),
        scac=root.text("scac", usual.scac),
        company_prefix=root.text("company_prefix", usual.company_prefix),
        empty_carton=root.decimal("empty_carton", usual.empty_carton),
    )
    root.end()
    return catalog


def _item(number: str, section: _Section) -> Item:
    item = Item(
        number=number,
        title=section.text("title", number),
        list_price=section.decimal("list_price"),
        weight=section.decimal("weight", Decimal(1)),
        per_carton=section.count("per_carton", 1),
        stock=section.decimal("stock", Decimal(0)),
        blocked=section.word("blocked", "no", "yes") == "yes",
        ids=section.section("ids").ids(),
        buyer_ids={partner: ids.ids() for partner, ids in section.section("buyer_ids").sections()},
    )
    section.end()
    return item


def _customer(section: _Section) -> Customer:
    customer = Customer(
        credit_limit=section.decimal("credit_limit") if section.has("credit_limit") else None,
        credit_used=section.decimal("credit_used", Decimal(0)),
        per_pallet=section.count("per_pallet", 1) if section.has("per_pallet") else None,
    )
    section.end()
    return customer


def _pace(section: _Section) -> Pace:
    usual = Pace()
    pace = Pace(
        decides_after=section.duration("decides_after", usual.decides_after),
        ships_after=section.duration("ships_after", usual.ships_after),
        bills_after=section.duration("bills_after", usual.bills_after),
        restocks_after=section.duration("restocks_after", timedelta()) if section.has("restocks_after") else None,
        short_stock=section.word("short_stock", "backorder", "cancel", "reject"),
        cancels_after=section.duration("cancels_after", usual.cancels_after),
        travels=section.duration("travels", usual.travels),
    )
    section.end()
    return pace


class _Section:
    """A mapping being read: what is taken is ticked off, and ``end`` complains about what is left."""

    def __init__(self, value: Plain, where: str) -> None:
        if not isinstance(value, Fields):
            raise WrongInput("must hold names and values", where=getattr(value, "where", where))
        self._left: dict[str, tuple[Text, Plain]] = {str(name): (name, held) for name, held in value.items()}
        self._where = value.where if value.line else where

    def has(self, name: str) -> bool:
        return name in self._left

    def end(self) -> None:
        for name, _ in self._left.values():
            raise WrongInput(f"'{name}' means nothing here", where=name.where)

    def section(self, name: str) -> _Section:
        _, value = self._left.pop(name, (None, Fields()))
        return _Section(value, self._where)

    def sections(self) -> Iterator[tuple[str, _Section]]:
        for name, value in self._left.values():
            yield str(name), _Section(value, name.where)

    def ids(self) -> tuple[ItemId, ...]:
        return tuple(ItemId(qualifier=name, id=str(self._text(name))) for name in list(self._left))

    def text(self, name: str, default: str) -> str:
        return str(self._text(name)) if self.has(name) else default

    def word(self, name: str, default: str, *others: str) -> str:
        if not self.has(name):
            return default
        text = self._text(name)
        if text not in (default, *others):
            raise WrongInput(f"'{text}' is not one of {', '.join((default, *others))}", where=text.where)
        return str(text)

    def decimal(self, name: str, default: Decimal | None = None) -> Decimal:
        if default is not None and not self.has(name):
            return default
        text = self._text(name)
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise WrongInput(f"'{text}' is no number", where=text.where) from None
        if not number.is_finite() or number < 0:
            raise WrongInput(f"'{text}' must be zero or more", where=text.where)
        return number

    def count(self, name: str, default: int) -> int:
        if not self.has(name):
            return default
        text = self._text(name)
        if not (text.isascii() and text.isdigit() and int(text)):
            raise WrongInput(f"'{text}' is no count", where=text.where, do="give a whole number from 1 up")
        return int(text)

    def duration(self, name: str, default: timedelta) -> timedelta:
        if not self.has(name):
            return default
        text = self._text(name)
        found = re.fullmatch(r"(\d+)(m|h|d)", text)
        if not found:
            raise WrongInput(f"'{text}' is no duration", where=text.where, do="write 90m, 24h or 2d")
        return timedelta(**{{"m": "minutes", "h": "hours", "d": "days"}[found[2]]: int(found[1])})

    def _text(self, name: str) -> Text:
        if name not in self._left:
            raise WrongInput(f"'{name}' is missing", where=self._where)
        _, value = self._left.pop(name)
        if not isinstance(value, Text):
            raise WrongInput(f"'{name}' must be one value", where=value.where)
        return value
