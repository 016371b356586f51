"""What the database knows of its own tables: how many rows, how many different values; by that it chooses its ways.

SQLite never looks by itself. PostgreSQL's autovacuum does, once a tenth of a table has changed, unless it is off or late.
"""

from __future__ import annotations

import sqlalchemy as sa

from edi_gateway.store.database import Database

_LIMIT = 1000  # rows SQLite looks at in each index: some milliseconds, however large the table
_STALE = sa.text("SELECT relname FROM pg_stat_user_tables WHERE n_mod_since_analyze > 1000 + 0.2 * n_live_tup ORDER BY relname")


def refresh_statistics(store: Database) -> int:
    """Lets the database look where nobody did lately; how many tables it looked at."""
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        looked = _sqlite(connection) if store.is_sqlite else _postgres(connection)
    if store.is_sqlite:
        store.engine.dispose()  # a connection reads them when it is opened, and never again
    return looked


def _sqlite(connection: sa.Connection) -> int:
    connection.exec_driver_sql(f"PRAGMA analysis_limit={_LIMIT}")
    connection.exec_driver_sql("ANALYZE")
    return int(connection.exec_driver_sql("SELECT count(DISTINCT tbl) FROM sqlite_stat1").scalar_one())


def _postgres(connection: sa.Connection) -> int:
    """Those that autovacuum would have looked at twice by now."""
    stale = list(connection.execute(_STALE).scalars())
    for table in stale:
        connection.exec_driver_sql(f'ANALYZE "{table}"')
    return len(stale)
