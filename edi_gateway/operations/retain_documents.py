"""Retain, documents: the content of orders that are over and of documents of no order goes when its time is over."""

from __future__ import annotations

from datetime import timedelta

from edi_gateway.store.database import Database

_ORDERS = 50  # removed in one commit
_OTHERS = 200
_TOLD = 2000
_ALL = 1_000_000


def retain_documents(store: Database, partner: str, keep: timedelta, *, is_dry: bool, by: str) -> int:
    """How many documents of a partner lost their content, or would."""
    if is_dry:
        with store.read() as unit:
            before = store.clock.now() - keep
            orders = unit.expired_documents.orders(partner, before, _ALL)
            return len(unit.expired_documents.of_orders(orders)) + len(unit.expired_documents.others(partner, before, _ALL))
    count = 0
    while removed := _remove(store, partner, keep, by):
        count += removed
    if count:
        _forget_told(store, keep)
    return count


def _forget_told(store: Database, keep: timedelta) -> None:
    last: int | None = 0
    while last is not None:
        with store.write() as unit:
            last = unit.expired_documents.forget_told(unit.clock.now() - keep, last, _TOLD)


def _remove(store: Database, partner: str, keep: timedelta, by: str) -> int:
    with store.write() as unit:
        before, expired = unit.clock.now() - keep, unit.expired_documents
        orders = expired.orders(partner, before, _ORDERS)
        documents = expired.of_orders(orders) + expired.others(partner, before, _OTHERS)
        if documents:
            expired.close(orders)
            expired.remove(documents)
            text = f"the content of {len(documents)} documents older than {keep.days} days was removed: {documents[0]} …"
            unit.events.tell("document.removed", f"partner:{partner}", text, partner=partner, actor=by)
    return len(documents)
