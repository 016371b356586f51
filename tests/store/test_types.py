from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edi_gateway.errors import WrongInput
from edi_gateway.order_to_cash.cash import Deposit
from edi_gateway.store.database import Database
from edi_gateway.store.tables import deposit

AMOUNTS = st.decimals(min_value=Decimal("-999999999"), max_value=Decimal("999999999"), places=6)
same_store = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)


def put(store: Database, *amounts: Decimal) -> None:
    with store.write() as unit:
        for number, amount in enumerate(amounts):
            unit.threads.record_deposit(Deposit(trace=f"T{number}", amount=amount, on=date(2026, 1, 5)))


@same_store
@given(amount=AMOUNTS)
def test_money_comes_back_as_it_went_in(store: Database, amount: Decimal) -> None:
    with store.engine.begin() as connection:
        connection.execute(deposit.delete())
    put(store, amount)
    with store.engine.connect() as connection:
        assert connection.execute(sa.select(deposit.c.amount)).scalar_one() == amount


def test_both_moments_of_an_hour_that_comes_twice_are_kept(store: Database) -> None:
    twice = datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/Chicago"))
    moments = [twice, twice.replace(fold=1)]
    with store.write() as unit:
        for number, moment in enumerate(moments):
            unit.flows.start(lane_id="business:acme", stage="translate", subject=f"transaction:{number}", due_at=moment)
    with store.read() as unit:
        kept = [unit.flows.of(f"transaction:{number}")[0].due_at for number in range(2)]
    assert kept == [moment.astimezone(UTC) for moment in moments]
    assert kept[1] - kept[0] == timedelta(hours=1)


def test_a_sum_in_sql_is_exact_where_floats_are_not(store: Database) -> None:
    put(store, *[Decimal("0.1")] * 3)
    with store.engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.sum(deposit.c.amount))).scalar_one() == Decimal("0.3")


def test_a_seventh_decimal_is_refused_and_not_rounded(store: Database) -> None:
    with pytest.raises(WrongInput, match="cannot be stored exactly"):
        put(store, Decimal("0.0000001"))


def test_a_moment_comes_back_in_utc_whatever_zone_it_was_told_in(store: Database) -> None:
    eastern = timezone(timedelta(hours=-5))
    with store.write() as unit:
        unit.schedule.put("poll", "every 5m", datetime(2026, 1, 5, 9, 0, tzinfo=eastern))
        assert unit.schedule.all()[0].next_run == datetime(2026, 1, 5, 14, 0, tzinfo=UTC)
