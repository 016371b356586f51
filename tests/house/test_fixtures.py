"""What tests may ask for keeps its promise."""

from __future__ import annotations

import sqlalchemy as sa


def test_the_postgres_database_is_one_made_for_this_run(postgres_url: str):
    engine = sa.create_engine(postgres_url)
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT current_database()")).startswith("edi_gateway_test_")
    engine.dispose()
