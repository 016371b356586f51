"""Column types that mean the same in SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

from edi_gateway.errors import WrongInput

DECIMALS = 6
_SCALE = Decimal(10) ** DECIMALS
_MOST = Decimal(2**63 - 1) / _SCALE


class _NotExact(WrongInput, sa.exc.DontWrapMixin):
    """WrongInput also when SQLAlchemy runs the statement, which wraps what types raise."""


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no zone, so it is taken off on the way in and put back on the way out."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return _in_utc(value) if value is not None else None

    def bind_processor(self, dialect: sa.Dialect) -> Any:
        """In SQLite a moment is a text: one step from it and one to it, where SQLAlchemy takes three (a tenth of an order)."""
        return _to_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


_WITHOUT_ZONE = len("2026-01-31 23:59:59.999999")


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        raise ValueError("a moment without a zone cannot be stored")
    return value.astimezone(UTC)


def _to_text(value: datetime | None) -> str | None:
    return _said(_in_utc(value)) if value is not None else None


@lru_cache(maxsize=256)  # what is written at one moment says the same one again and again
def _said(value: datetime) -> str:
    """A moment in UTC: elsewhere the two of an hour that comes twice are equal."""
    return value.isoformat(" ", "microseconds")[:_WITHOUT_ZONE]


@lru_cache(maxsize=1024)
def _from_text(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if value is not None else None


class Exact(TypeDecorator[Decimal]):
    """Money or a quantity, exact to six decimals, and exact when summed in SQL.

    NUMERIC in PostgreSQL; in SQLite, which has only floats, a scaled integer (up to about nine million million).
    A value with more decimals, or a larger one, raises WrongInput: nothing is rounded silently.
    """

    impl = sa.Numeric(24, DECIMALS)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        return dialect.type_descriptor(sa.BigInteger() if dialect.name == "sqlite" else sa.Numeric(24, DECIMALS))

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> Any:
        if value is None:
            return None
        scaled = Decimal(value) * _SCALE
        if scaled != scaled.to_integral_value() or abs(value) > _MOST:
            raise _NotExact(f"{value} cannot be stored exactly", do=f"at most {DECIMALS} decimals and {_MOST:.0f}")
        return int(scaled) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Decimal | None:
        if value is None:
            return None
        return Decimal(value) / _SCALE if dialect.name == "sqlite" else Decimal(value)
