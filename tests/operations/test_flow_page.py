"""The flow page: each agreement by its eight facts, and whatever is changed in the files is changed on the page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from desk import ROOT, Profiles, applied_sqlite, library
from typer.testing import CliRunner

from edi_gateway.bootstrap.flow_page import flow_page
from edi_gateway.cli.main import app
from edi_gateway.errors import WrongInput
from edi_gateway.trading.loader import load
from edi_gateway.views.flows import FlowFacts

FACTS = [
    *("source", "target", "entity", "field mapping", "validation rules", "run mode", "retry behaviour", "monitoring path"),
]


def page(folder: Path, partner: str = "northwind") -> dict[str, FlowFacts]:
    """An agreement by ``850 in production``."""
    rows = flow_page(load(folder), library(ROOT / "maps"), partner)
    return {" ".join((row.agreement.split()[0], row.agreement.split()[1], row.agreement.split()[3])): row for row in rows}


def test_every_agreement_of_every_partner_has_all_eight_facts() -> None:
    for folder in (ROOT / "partners", ROOT / "presets"):
        directory = load(folder)
        rows = flow_page(directory, library(ROOT / "maps"))
        assert len(rows) == sum(len(partner.agreements) for partner in directory.partners)
        for row in rows:
            assert list(row.facts()) == FACTS
            assert all(row.facts().values())


def test_an_order_comes_from_their_mailbox_and_goes_to_the_erp() -> None:
    order = page(ROOT / "partners")["850 in production"]
    assert order.source[1] == "connection northwind-mailbox (mailbox of account northwind on our own SFTP server)"
    assert order.target[1] == "ERP connector simulator (simulator)"
    assert order.entity[0] == "850 004010VICS → order"
    assert order.field_mapping[0] == "map northwind/850-order, which extends 850-order"
    assert "guide 850: 23 rules" in order.validation_rules
    assert order.run_mode == ("as soon as a file in the mailbox is complete", "997 within 1d")
    assert "report sync --partner northwind" in order.monitoring_path


def test_a_ship_notice_goes_the_other_way_and_says_what_blocks_it() -> None:
    notice = page(ROOT / "partners")["856 out production"]
    assert notice.source[1].startswith("ERP connector")
    assert notice.target[1].startswith("connection northwind-mailbox")
    assert any("block R08" in rule for rule in notice.validation_rules)
    assert notice.run_mode == ("the ERP is asked every 5s", "leaves at once")
    assert "no acknowledgment within 4h: then a person decides" in notice.retry_behaviour


def test_what_the_profile_and_the_alerts_say_stands_there(profiles: Profiles) -> None:
    profiles.replace("northwind", "map: invoice-810\n", 'map: invoice-810\n    batch: {at: ["18:00"], days: working}\n')
    profiles.replace("northwind", "awaits: {within: 4h}", "awaits: {within: 2h, retransmit: true}")
    profiles.add("northwind", "fallback: {connection: cascade-mailbox}")
    (profiles.folder / "alerts.yaml").write_text(
        "channels:\n  - {name: desk, kind: webhook, url: 'https://desk.example'}\n"
        "  - {name: boss, kind: webhook, url: 'https://boss.example'}\n"
        "escalations:\n  - {name: usual, steps: [{tell: [desk]}, {tell: [boss], after: 2h}]}\n"
        "rules:\n  - {name: ours, when: [flow.held], partners: [cascade]}\n"
    )
    told = page(profiles.folder)
    assert "leaves in batches at 18:00, working days, America/Chicago" in told["810 out production"].run_mode
    assert "no acknowledgment within 2h: then the same interchange goes again" in told["856 out production"].retry_behaviour
    assert "fallback: connection cascade-mailbox" in told["856 out production"].retry_behaviour
    (alerts, _) = told["850 in production"].monitoring_path
    assert alerts.startswith("alerts bad-credit, ")
    assert alerts.endswith(" tell desk, then boss")
    assert "ours" not in alerts.split(", ")


def test_test_documents_of_a_partner_without_an_erp_for_them_are_held() -> None:
    tested = page(ROOT / "partners")["850 in test"]
    assert tested.target[1] == "no ERP connector for this usage: documents are held"


def test_test_documents_go_to_the_erp_for_tests(profiles: Profiles) -> None:
    profiles.add("northwind", "test_erp: simulator-test")
    assert "simulator-test" in page(profiles.folder)["850 in test"].target[1]


def test_a_partner_nobody_knows_is_refused() -> None:
    with pytest.raises(WrongInput, match="northwind"):
        page(ROOT / "partners", "nortwhind")


def test_the_command_shows_it_as_a_page_as_json_and_as_markdown(tmp_path: Path) -> None:
    words = ["partner", "flows", "northwind", "--partners", str(ROOT / "partners"), "--maps", str(ROOT / "maps")]
    shown = CliRunner().invoke(app, words)
    assert shown.exit_code == 0, shown.output
    assert "northwind: 850 in 004010VICS production\n  source            Northwind Stores, " in shown.output
    (first, *_) = json.loads(CliRunner().invoke(app, [*words, "--json"]).output)
    assert first["entity"] == ["850 004010VICS → order", "usage production"]
    file = tmp_path / "flows.md"
    assert CliRunner().invoke(app, [*words, "--to", str(file)]).exit_code == 0
    assert "| entity | 850 004010VICS → order<br>usage production |" in file.read_text(encoding="utf-8")


def test_what_is_in_force_is_shown_where_something_is(tmp_path: Path) -> None:
    applied_sqlite(tmp_path / "data")
    shown = CliRunner().invoke(app, ["partner", "flows", "cascade", "--data", str(tmp_path / "data"), "--maps", str(tmp_path)])
    assert shown.exit_code == 0, shown.output
    assert "cascade: 850 in" in shown.output
