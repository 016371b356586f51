"""``edi-gateway alert``: what somebody has to know, who was told, and saying that somebody looks after it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

import typer

from edi_gateway.bootstrap import find_store
from edi_gateway.bootstrap.acts import tell_act
from edi_gateway.cli.common import AsJson, DataFolder, load_settings, on_record, out, print_json, print_table, who
from edi_gateway.errors import WrongInput
from edi_gateway.operations.alert import acknowledge as acknowledge_alert
from edi_gateway.operations.alert import try_channel
from edi_gateway.operations.apply import in_force
from edi_gateway.store.alerts import AlertRow
from edi_gateway.store.database import Database
from edi_gateway.store.vault import Vault, VaultKey
from edi_gateway.trading.alert_rules import rules_of
from edi_gateway.trading.alertable import ALERTABLE
from edi_gateway.trading.alerts import AlertRule, Alerts
from edi_gateway.transports.notify.carry import carrier
from edi_gateway.views.alerts import alert_detail, alerts

app = typer.Typer(no_args_is_help=True)

One = Annotated[int, typer.Argument(metavar="ALERT", help="Its number, from 'alert list'.", callback=on_record)]


@app.command("list")
def list_(
    every: Annotated[bool, typer.Option("--all", help="Those that are over as well.")] = False,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Every alert that is not over, the gravest first."""
    rows = alerts(find_store(load_settings(data)), all=every)
    if as_json:
        print_json(rows)
    else:
        print_alerts("Alerts", rows)


@app.command()
def show(id: One, data: DataFolder = None, as_json: AsJson = False) -> None:
    """Everything an alert is about, and whom it was told."""
    detail = alert_detail(find_store(load_settings(data)), id)
    if detail is None:
        raise WrongInput(f"there is no alert {id}", do="see 'edi-gateway alert list'")
    if as_json:
        print_json(detail)
        return
    print_alerts(f"Alert {id}", [detail.alert])
    about = [(each.subject, each.kind, _local(each.at), _local(each.over_at)) for each in detail.subjects]
    print_table("About", ("what", "event", "last", "over"), about)
    told = [(each.step or "over", each.channel, each.state, _local(each.changed_at), each.because) for each in detail.notices]
    print_table("Told", ("step", "channel", "state", "when", "because"), told)


@app.command()
def acknowledge(
    id: One, note: Annotated[str, typer.Option(help="What is being done about it.")] = "", data: DataFolder = None
) -> None:
    """Say that you look after it: nobody else is told."""
    known = acknowledge_alert(find_store(load_settings(data)), id, by=who(), note=note)
    out.print(f"alert {id} ({known.rule}) is yours")


@app.command("test")
def try_(channel: Annotated[str, typer.Argument(help="A channel of partners/alerts.yaml.")], data: DataFolder = None) -> None:
    """Tell something harmless over a channel, now."""
    settings = load_settings(data)
    store = find_store(settings)
    terms, vault = _terms(store), Vault(store, VaultKey.configured(settings))
    try_channel(terms, carrier(terms, store.clock, vault.text), channel, by=who(), key=f"edi-gateway.test.{uuid.uuid4()}")
    tell_act(settings, "alert.channel_tested", f"channel:{channel}", "it took a test", by=who())
    out.print(f"{channel} took it")


@app.command()
def rules(data: DataFolder = None, as_json: AsJson = False) -> None:
    """List rules in the order they are tried, and every kind of event that a rule may name."""
    terms = _terms(find_store(load_settings(data)))
    if as_json:
        print_json({"rules": [each.model_dump(mode="json") for each in rules_of(terms)], "events": ALERTABLE})
        return
    cells = [(each.name, each.level, "\n".join(each.when), each.one_per, _tells(each, terms)) for each in rules_of(terms)]
    print_table("Rules", ("rule", "level", "when", "one per", "tells"), cells)
    print_table("Events", ("kind", "what it tells"), list(ALERTABLE.items()))


def print_alerts(title: str, rows: list[AlertRow]) -> None:
    """Alerts as a table."""
    cells = [(row.id, row.level, _state(row), row.rule, row.partner, row.count, _local(row.began_at), row.text) for row in rows]
    columns = ("alert", "level", "state", "rule", "partner", "count", "since", "what")
    print_table(title, columns, cells, numbers=("alert", "count"))


def _terms(store: Database) -> Alerts:
    directory = in_force(store)
    return directory.alerts if directory else Alerts()


def _state(row: AlertRow) -> str:
    if row.state == "acknowledged":
        return f"{row.acknowledged_by} looks after it" + (f": {row.note}" if row.note else "")
    return f"over: {row.resolved_because}" if row.state == "resolved" else row.state


def _tells(rule: AlertRule, terms: Alerts) -> str:
    steps = terms.escalation(rule.escalation).steps
    return ", then ".join(" and ".join(step.tell) for step in steps) or "nobody"


def _local(moment: datetime | None) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}" if moment else ""
