"""What ``partner show`` prints: everything agreed with one partner, in columns people can pipe."""

from __future__ import annotations

import json
from typing import Any

import typer

from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import Agreement, TradingPartner
from edi_gateway.trading.scalars import write_duration
from edi_gateway.trading.versions import profile_version, to_json

_HEAD = ["  WAY", "SET", "RELEASE", "USAGE", "MAP", "GUIDE", "LEAVES", "ANSWER"]


def print_profile(partner: TradingPartner, directory: Directory) -> None:
    """The profile with its defaults: the partner's own words first, its agreements, then each group of terms."""
    profile = json.loads(to_json(partner))
    ours, connection = directory.identity(partner.ours), directory.connection(partner.connection)
    profile["ours"] = f"{ours.name}: {ours.title}, {ours.interchange}"
    profile["connection"] = f"{connection.name} ({connection.kind})"
    pack = directory.pack(partner.name)
    profile["compliance"] = f"{pack.pack} ({pack.source}, {pack.dated})"
    words = {word: value for word, value in profile.items() if word not in {"name", "title", "agreements"}}

    typer.echo(f"{partner.title} ({partner.name}), version {profile_version(partner)[:12]}")
    _print_words({word: value for word, value in words.items() if not isinstance(value, dict)})
    typer.echo("\nagreements")
    print_columns(_HEAD, [_agreement(each) for each in partner.agreements])
    for section, inner in words.items():
        if isinstance(inner, dict) and inner:
            typer.echo(f"\n{section}")
            _print_words(inner)


def print_columns(head: list[str], rows: list[list[str]]) -> None:
    """Columns as wide as what they hold, never folded: people pipe them."""
    lines = [head, *rows] if head else rows
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _agreement(each: Agreement) -> list[str]:
    days = [f"from {each.valid_from}"] if each.valid_from else []
    days += [f"until {each.valid_until}"] if each.valid_until else []
    release = " ".join([each.release, *days]) + (f" as {each.read_as}" if each.read_as else "")
    return [f"  {each.direction}", each.set, release, each.usage, each.map, each.guide or "-", _leaves(each), _answer(each)]


def _leaves(agreement: Agreement) -> str:
    """When a set we send leaves."""
    batch = agreement.batch
    if agreement.direction == "in":
        return "-"
    if not batch.waits:
        return "at once"
    when = f"every {write_duration(batch.every)}" if batch.every else f"at {', '.join(f'{at:%H:%M}' for at in batch.at)}"
    cut_off = f", cut-off {batch.cut_off:%H:%M}" if batch.cut_off else ""
    return f"{when}{cut_off}{' on working days' if batch.days == 'working' else ''}"


def _answer(agreement: Agreement) -> str:
    """The answer we owe for a set we receive, or expect for one we send."""
    if agreement.direction == "in":
        owed = agreement.acknowledgment
        if owed.form == "none":
            return "none"
        whole = ", the group whole or not at all" if owed.partial == "reject the group" else ""
        return f"{owed.form} within {write_duration(owed.within)}{_working(owed.counted_in)}, {owed.detail}{whole}"
    awaited = agreement.awaits
    if not awaited.acknowledgment:
        return "none awaited"
    within = f"awaited within {write_duration(awaited.within)}{_working(awaited.counted_in)}"
    return within + (", then retransmitted" if awaited.retransmit else "")


def _working(counted_in: str) -> str:
    return "" if counted_in == "hours" else f" ({counted_in})"


def _print_words(words: dict[str, Any]) -> None:
    print_columns([], [["  " + word, _shown(value)] for word, value in words.items()])


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return (
            "; ".join(map(_shown, value)) if any(isinstance(each, dict) for each in value) else ", ".join(map(str, value)) or "-"
        )
    if isinstance(value, dict):
        if isinstance(at := value.get("at"), str):
            return at  # where a secret is
        return ", ".join(f"{word} {_shown(inner)}" for word, inner in value.items() if inner not in ("", None, [], {})) or "-"
    return "-" if value in ("", None) else str(value)
