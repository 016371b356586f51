"""what a test document claims, owes, bills and pays is another world than production's: each key has its usage (ISA15)"""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from edi_gateway.store.tables.base import Id
from edi_gateway.store.types import Exact, Instant

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_OF_DOCUMENT = "(SELECT one.usage FROM document one WHERE one.id = held.document_id)"
_OF_THREAD = "(SELECT one.usage FROM order_thread one WHERE one.id = held.thread_id)"
_NOTICE = (
    "EXISTS (SELECT 1 FROM document one WHERE one.number = held.shipment AND one.partner = held.partner "
    "AND one.kind = 'ship notice' AND one.usage = '{0}')"
)
_OF_SHIPMENT = f"(CASE WHEN {_NOTICE.format('T')} AND NOT {_NOTICE.format('P')} THEN 'T' END)"
_OF_DEBT = (
    "CASE WHEN about LIKE 'transaction:%' THEN "
    "(SELECT one.usage FROM transaction_set one WHERE one.id = CAST(substr(owed.about, 13) AS BIGINT)) "
    "ELSE (SELECT one.usage FROM document one WHERE one.id = substr(owed.about, 10, 32)) END"
)
_OF_FLOW = (
    "CASE WHEN subject LIKE 'document:%' THEN (SELECT one.usage FROM document one WHERE one.id = substr(flow.subject, 10)) "
    "WHEN subject LIKE 'transaction:%' THEN "
    "(SELECT one.usage FROM transaction_set one WHERE one.id = CAST(substr(flow.subject, 13) AS BIGINT)) END"
)
_QUEUES = {"follows": ("order:", "order in test:"), "position": ("waits for order:", "waits for order in test:")}

_LENGTHS = {"partner": 80, "kind": 40, "key": 200, "shipment": 80, "invoice": 80}


def _key(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String(_LENGTHS[name]), primary_key=True) for name in names]


def _claim() -> list[sa.Column[Any]]:
    about: list[sa.Column[Any]] = [
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("at", Instant, nullable=False),
    ]
    return [*_key("partner", "kind", "key"), *about]


def _departure() -> list[sa.Column[Any]]:
    return [*_key("partner", "shipment"), sa.Column("at", Instant, nullable=False)]


def _receivable() -> list[sa.Column[Any]]:
    thread = sa.Column("thread_id", Id, sa.ForeignKey("order_thread.id"), nullable=False)
    return [*_key("partner", "invoice"), thread, sa.Column("order_number", sa.String(80), nullable=False)]


def _remittance() -> list[sa.Column[Any]]:
    return [
        *_key("partner", "key"),
        sa.Column("trace", sa.String(80), nullable=False),
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("amount", Exact, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("settled_at", Instant),
    ]


_TABLES: dict[str, tuple[Callable[[], list[sa.Column[Any]]], str, Sequence[str]]] = {
    "business_claim": (_claim, _OF_DOCUMENT, ()),
    "departure": (_departure, _OF_SHIPMENT, ()),
    "receivable": (_receivable, _OF_THREAD, ("order_number",)),
    "remittance": (_remittance, _OF_DOCUMENT, ("trace", "document_id")),
}


def upgrade() -> None:
    usage = sa.Column("usage", sa.String(1), nullable=False, server_default="P")
    for name, (columns, where_from, indexes) in _TABLES.items():
        moved = ", ".join(one.name for one in columns())
        told = f"SELECT {moved}, COALESCE({where_from}, 'P') FROM {name}_held held"
        _make_anew(name, [*columns(), sa.Column("usage", sa.String(1), primary_key=True, server_default="P")], indexes)
        op.execute(f"INSERT INTO {name} ({moved}, usage) {told}")
        op.drop_table(f"{name}_held")
    with op.batch_alter_table("owed") as batch:
        batch.add_column(usage)
    op.execute(f"UPDATE owed SET usage = COALESCE({_OF_DEBT}, 'P')")
    for column, (both, test) in _QUEUES.items():
        _queue_anew(column, both, test, f"AND {_OF_FLOW} = 'T'")


def downgrade() -> None:
    """Of a key that a test and production both have, production's is kept."""
    for column, (both, test) in _QUEUES.items():
        _queue_anew(column, test, both)
    with op.batch_alter_table("owed") as batch:
        batch.drop_column("usage")
    for name, (columns, _, indexes) in _TABLES.items():
        moved = ", ".join(one.name for one in columns())
        same = " AND ".join(f"other.{one.name} = held.{one.name}" for one in columns() if one.primary_key)
        _make_anew(name, columns(), indexes)
        op.execute(
            f"INSERT INTO {name} ({moved}) SELECT {moved} FROM {name}_held held WHERE usage = "
            f"(SELECT min(other.usage) FROM {name}_held other WHERE {same})"
        )
        op.drop_table(f"{name}_held")


def _queue_anew(column: str, old: str, new: str, which: str = "") -> None:
    """What is under way is of the queue, or waits for the queue, that orders of its usage have."""
    op.execute(
        f"UPDATE flow SET {column} = '{new}' || substr({column}, {len(old) + 1}) "
        f"WHERE state <> 'done' AND {column} LIKE '{old}%' {which}".replace(":", "\\:")
    )


def _make_anew(name: str, columns: list[sa.Column[Any]], indexes: Sequence[str]) -> None:
    op.execute(f"CREATE TABLE {name}_held AS SELECT * FROM {name}")
    op.drop_table(name)
    op.create_table(name, *columns)
    for column in indexes:
        op.create_index(f"ix_{name}_{column}", name, [column])
