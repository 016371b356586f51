"""Sync info equals a recount of the store, and what one cause had stopped goes again in one step."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

import pytest
from desk import Desk, new_sqlite
from hypothesis import given, settings
from hypothesis import strategies as st
from partner_says import northwind, order, rejects
from typer.testing import CliRunner

from edi_gateway.cli.main import app
from edi_gateway.clock import MovableClock
from edi_gateway.errors import WrongInput
from edi_gateway.operations import replay
from edi_gateway.operations.gather_counts import gather_counts
from edi_gateway.operations.resume_cause import Resumed, resume_cause
from edi_gateway.operations.retain import retain
from edi_gateway.pipeline.tools import start
from edi_gateway.store.database import Database
from edi_gateway.store.replays import Terms
from edi_gateway.store.selection import Selection
from edi_gateway.views.sync import sync

SETS = st.fixed_dictionaries(
    {
        "partner": st.sampled_from(["northwind", "cascade", None]),
        "direction": st.sampled_from(["in", "out"]),
        "code": st.sampled_from(["850", "855", "856", "997"]),
        "validation": st.sampled_from(["valid", "invalid", "warned"]),
        "delivery": st.sampled_from(["pending", "sent", "received", "delivered"]),
        "acknowledgment": st.sampled_from(["none", "owed", "awaited", "overdue", "accepted", "rejected", "partially accepted"]),
        "flow": st.sampled_from(["", "ready", "held", "dead", "done"]),
    }
)

NAMES = ("sets", "wrong", "stopped", "open")


def recount(store: Database) -> dict[tuple[str, str, str], tuple[int, int, int, int]]:
    """Sets, wrong, stopped and open by partner, direction and code: from the rows, one at a time, without a line of ours."""
    with store.reading() as connection:
        stopped = set(connection.exec_driver_sql("select subject from flow where state in ('held', 'dead')").scalars())
        columns = "id, document_id, partner, direction, code, validation, delivery, acknowledgment"
        rows = connection.exec_driver_sql(f"select {columns} from transaction_set").all()
    told: dict[tuple[str, str, str], Counter[str]] = {}
    for id, document, partner, direction, code, validation, delivery, acknowledgment in rows:
        if code == "997":
            continue
        counts = told.setdefault((partner or "", direction, code), Counter())
        counts["sets"] += 1
        if validation == "invalid" or acknowledgment in ("rejected", "partially accepted"):
            counts["wrong"] += 1
        elif f"transaction:{id}" in stopped or f"document:{document}" in stopped:
            counts["stopped"] += 1
        elif acknowledgment in ("owed", "awaited", "overdue") or delivery == "pending":
            counts["open"] += 1
    return {key: (each["sets"], each["wrong"], each["stopped"], each["open"]) for key, each in told.items()}


def told(store: Database) -> dict[tuple[str, str, str], tuple[int, int, int, int]]:
    """The same as Sync info tells it."""
    rows = sync(store, days=1000)
    return {(row.partner, row.direction, row.code): (row.sets, row.wrong, row.stopped, row.open) for row in rows}


@given(st.lists(SETS, max_size=25))
@settings(max_examples=10)
def test_counts_and_rates_are_those_of_a_recount(tmp_path_factory: pytest.TempPathFactory, sets: list[dict[str, str]]) -> None:
    folder = tmp_path_factory.mktemp("sync")
    store = Database(new_sqlite(folder), MovableClock(), folder)
    with store.write() as unit:
        for each in sets:
            values = {name: value for name, value in each.items() if name != "flow"}
            id = unit.transactions.add(**values, release="004010", usage="P", business_number="1")
            if each["flow"]:
                start(unit, "translate", f"transaction:{id}", partner=each["partner"] or "nobody")
                (flow,) = unit.flows.of(f"transaction:{id}")
                unit.flows.move(flow, state=each["flow"])
    rows = sync(store)
    assert told(store) == recount(store)
    store.close()
    for row in rows:
        assert row.well + row.wrong + row.stopped + row.open == row.sets
        assert row.rate == (row.well / (row.well + row.wrong) if row.well + row.wrong else None)


def test_it_stays_a_recount_through_holds_answers_replays_and_retention(any_desk: Desk) -> None:
    store, seen = any_desk.store, set[str]()

    def replayed() -> None:
        id = replay.begin(any_desk.tools, Selection(code="850"), Terms(origin="raw", sends=True), because="again", by="ann")
        replay.run(any_desk.tools, id)
        any_desk.run()

    def retained() -> None:
        any_desk.clock.advance(timedelta(days=900))
        retain(store, any_desk.directory)

    def a_day_passes() -> None:
        any_desk.clock.advance(timedelta(hours=30))  # what was not answered is overdue
        any_desk.run()

    def gathered() -> None:
        assert gather_counts(store) > 0

    for happens in (
        lambda: any_desk.drop(northwind(1, order("PO-1"), order("PO-2", price="1"))),
        lambda: any_desk.later(minutes=10),
        gathered,
        lambda: any_desk.drop(northwind(2, rejects("PR", 1, "855"))),
        lambda: resume_cause(store, "PRICE", by="ben"),
        any_desk.run,
        replayed,
        a_day_passes,
        gathered,
        retained,
    ):
        happens()
        assert told(store) == recount(store)
        seen.update(name for counts in told(store).values() for name, count in zip(NAMES, counts, strict=True) if count)
    assert seen == set(NAMES)


def test_the_last_set_of_each_is_told_and_older_days_are_not_counted(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.clock.advance(timedelta(days=2))
    desk.drop(northwind(2, order("PO-2")))
    (orders,) = [row for row in sync(desk.store, days=1) if row.code == "850"]
    assert (orders.sets, orders.last_at) == (1, desk.sets("850")[-1].at)
    assert sync(desk.store, partner="nobody") == []


def test_a_day_of_documents_is_counted_as_it_went(any_desk: Desk) -> None:
    any_desk.drop(northwind(1, order("PO-1"), order("PO-2", price="1")))  # the second waits for a person
    any_desk.later(minutes=10)
    any_desk.drop(northwind(2, rejects("PR", 1, "855")))
    told = {(row.direction, row.code): (row.sets, row.well, row.wrong, row.stopped, row.open) for row in sync(any_desk.store)}
    assert told == {("in", "850"): (2, 1, 0, 1, 0), ("out", "855"): (1, 0, 1, 0, 0)}


def test_the_command_tells_the_same_as_a_table_csv_and_json(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1"), order("PO-2", price="1")))
    words = ["report", "sync", "--data", str(desk.folder)]
    (row,) = json.loads(CliRunner().invoke(app, [*words, "--as", "json"]).output)
    assert (row["sets"], row["well"], row["stopped"], row["rate"]) == ("2", "1", "1", "1.0000")
    head, line = CliRunner().invoke(app, [*words, "--as", "csv"]).output.splitlines()
    assert dict(zip(head.split(","), line.split(","), strict=True)) == row
    assert "Sync info" in CliRunner().invoke(app, words).output


def test_of_what_nobody_has_answered_no_share_went_well(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    assert {row.code: row.rate for row in sync(desk.store)} == {"850": 1.0, "855": None}
    words = ["report", "sync", "--data", str(desk.folder), "--as"]
    _, unanswered = json.loads(CliRunner().invoke(app, [*words, "json"]).output)
    assert (unanswered["set"], unanswered["open"], unanswered["rate"]) == ("855", "1", None)
    assert CliRunner().invoke(app, [*words, "csv"]).output.splitlines()[-1] == "northwind,out,855,1,0,0,0,1,"
    assert "—" in CliRunner().invoke(app, [*words, "table"]).output


def test_what_one_cause_had_stopped_goes_on_in_one_step_when_it_is_mended(desk: Desk) -> None:
    desk.erp.faults = type(desk.erp.faults)(refuses=True)
    desk.drop(northwind(1, order("PO-1"), order("PO-2"), order("PO-3", price="1")))
    assert desk.posted() == []
    desk.erp.faults = type(desk.erp.faults)()
    assert resume_cause(desk.store, "the simulated ERP refuses", by="ben") == Resumed(
        [flow.id for flow in desk.flows("ready")], left=0
    )
    desk.later(hours=8)
    assert desk.posted() == ["PO-1", "PO-2"]
    assert [event.actor for event in desk.events("flow.resumed")] == ["ben", "ben"]


def test_what_our_rules_hold_is_not_approved_in_one_step(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", price="1"), order("PO-2", price="1")))
    assert resume_cause(desk.store, "ORDERED AT 1", by="ben") == Resumed([], left=2)
    assert len(desk.held()) == 2


def test_a_cause_that_means_everything_or_nothing_is_refused(desk: Desk) -> None:
    with pytest.raises(WrongInput, match="nearly everything"):
        resume_cause(desk.store, "a", by="ben")
    with pytest.raises(WrongInput, match="nothing is held"):
        resume_cause(desk.store, "moonlight", by="ben")
