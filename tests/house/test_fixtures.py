"""What tests may ask for keeps its promise."""

from __future__ import annotations

import sqlalchemy as sa


def test_the_postgres_database_is_ours_alone_and_empty(postgres_url: str):
    engine = sa.create_engine(postgres_url)

    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")) == 1
        assert sa.inspect(connection).get_table_names() == []
    engine.dispose()
