"""The commands that do something again: they say what came of it, and a reason is always asked."""

from __future__ import annotations

import json

import pytest
from desk import ROOT, Desk
from desk_fixtures import desk, make_desk, profiles
from partner_says import northwind, order
from typer.testing import CliRunner

from edi_gateway.cli.main import app
from edi_gateway.operations.apply import apply

__all__ = ["desk", "make_desk", "profiles"]


@pytest.fixture
def ordered(desk: Desk) -> Desk:
    """One order, posted and answered, in a store where everything is applied."""
    apply(desk.store, ROOT / "partners", ROOT / "maps", by="ann")
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    return desk


def says(desk: Desk, *words: object) -> str:
    """What a command prints; it has to end well."""
    done = CliRunner().invoke(app, [*map(str, words), "--data", str(desk.folder)])
    assert done.exit_code == 0, done.output + str(done.exception)
    return done.output


def test_a_replay_shows_its_sets_and_what_becomes_of_them(ordered: Desk) -> None:
    said = says(ordered, "replay", "run", "--set", "850", "--dry-run", "--because", "to see")
    assert "the ERP has it already; nothing is posted again" in said
    assert "replay 1: 1 recomputed" in said
    assert "to see" in says(ordered, "replay", "list")
    assert json.loads(says(ordered, "replay", "show", 1, "--json"))[0]["effect"] == "recomputed"


def test_a_set_is_found_and_retransmitted(ordered: Desk) -> None:
    [found] = json.loads(says(ordered, "transmission", "sets", "--set", "855", "--json"))
    assert "goes again in the same interchange" in says(
        ordered, "transmission", "retransmit", found["id"], "--because", "their VAN lost it"
    )
    assert [one.state for one in ordered.transmissions("out") if "again" in one.name] == ["to send"]


def test_the_chain_of_events_is_verified_and_its_end_noted(ordered: Desk) -> None:
    head = says(ordered, "audit", "head").strip()
    assert "none missing, none changed" in says(ordered, "audit", "verify", "--known", head)
    assert "set.sent" in says(ordered, "audit", "events", "PO-1", "--json")


def test_nothing_is_done_again_without_a_reason(ordered: Desk) -> None:
    done = CliRunner().invoke(app, ["transmission", "retransmit", "1", "--data", str(ordered.folder)])
    assert done.exit_code == 2
    assert "--because" in done.output
