"""``edi-gateway user`` and ``key``: who may sign in to the console, and which programs may call the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from edi_gateway.bootstrap import find_store, open_store
from edi_gateway.cli.common import AsJson, DataFolder, load_settings, out, print_json, print_table, who
from edi_gateway.operations import keys, people
from edi_gateway.operations.apply import in_force
from edi_gateway.store.api_keys import ApiKeyRow
from edi_gateway.store.people import PersonRow

users = typer.Typer(no_args_is_help=True, help="People who may sign in to the console.")
api_keys = typer.Typer(no_args_is_help=True, help="Keys of programs that call the API.")

Name = Annotated[str, typer.Argument(help="The person's name: ann, or ann@example.com.")]
RoleOption = Annotated[str, typer.Option("--role", help="viewer, analyst, operator or admin.")]


@users.command("add")
def add(name: Name, role: RoleOption = "viewer", data: DataFolder = None) -> None:
    """Make a one-time link with which a person sets a password: a new one's first, or a known one's next."""
    where = load_settings(data)
    token = people.invite(open_store(where), name, role, by=who())
    out.print(f"for {name}, once, within a day: {welcome(token, f'http://{where.host}:{where.web_port}')}", soft_wrap=True)


@users.command("list")
def list_people(data: DataFolder = None, as_json: AsJson = False) -> None:
    """List everybody who may sign in."""
    rows = people.everybody(find_store(load_settings(data)))
    if as_json:
        print_json([_person(row) for row in rows])
        return
    print_table("People", ("name", "role", "since", "last seen (UTC)", ""), [list(_person(row).values()) for row in rows])


@users.command("change")
def change(
    name: Name,
    role: Annotated[str, typer.Option("--role", help="Another role.")] = "",
    out_: Annotated[bool | None, typer.Option("--keep-out/--let-in", help="Whether they may come.")] = None,
    data: DataFolder = None,
) -> None:
    """Give somebody another role, keep them out (which revokes the API keys they made, no mailbox keys), or let them in again."""
    revoked = people.change(find_store(load_settings(data)), name, role=role, disabled=out_, by=who())
    out.print(f"{name} is changed{people.said_of_keys(revoked)}")


@api_keys.command("add")
def add_key(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    scope: Annotated[str, typer.Option("--scope", help="read, operate, admin or mailbox.")] = "read",
    partner: Annotated[str, typer.Option("--partner", help="The only partner whose things it sees.")] = "",
    connection: Annotated[str, typer.Option("--connection", help="Of scope mailbox: whose mailbox it opens.")] = "",
    days: Annotated[
        int | None, typer.Option("--days", min=1, max=3650, help="How long it holds; default: until revoked.")
    ] = None,
    data: DataFolder = None,
) -> None:
    """Make a key. It is printed this once and kept nowhere."""
    store = open_store(load_settings(data))
    directory = in_force(store) if partner or connection else None
    if directory is not None and partner:
        directory.partner(partner)
    if directory is not None and connection:
        directory.mailbox(connection)
    lasts = timedelta(days=days) if days else None
    key, row = keys.make(store, name, scope, partner=partner or None, connection=connection or None, lasts=lasts, by=who())
    typer.echo(key)
    typer.echo(f"key {row.id} may {row.scope}; it is not shown again", err=True)


@api_keys.command("list")
def list_keys(data: DataFolder = None, as_json: AsJson = False) -> None:
    """List every key there was; the keys themselves are known to nobody here."""
    rows = [_key(row) for row in keys.all_keys(find_store(load_settings(data)))]
    if as_json:
        print_json(rows)
        return
    print_table(
        "Keys", ("key", "for", "may", "of", "made by", "until", "last used", "revoked"), [list(row.values()) for row in rows]
    )


@api_keys.command("revoke")
def revoke(id: Annotated[str, typer.Argument(help="The key, as `key list` shows it.")], data: DataFolder = None) -> None:
    """Make a key true no longer, at once."""
    keys.revoke(find_store(load_settings(data)), id, by=who())
    out.print(f"key {id} is revoked")


def welcome(token: str, at: str = "") -> str:
    """The address at which a one-time link is opened; ``at`` is where the pages are."""
    return f"{at.rstrip('/')}/welcome?token={token}"


def _person(row: PersonRow) -> dict[str, str]:
    seen = f"{row.last_seen_at:%Y-%m-%d %H:%M}" if row.last_seen_at else ""
    kept_out = "kept out" if row.disabled_at else ""
    return {"name": row.name, "role": row.role, "since": f"{row.created_at:%Y-%m-%d}", "seen": seen, "": kept_out}


def _key(row: ApiKeyRow) -> dict[str, str]:
    def day(moment: object) -> str:
        return f"{moment:%Y-%m-%d}" if moment else ""

    return {
        "id": row.id,
        "name": row.name,
        "scope": row.scope,
        "partner": row.partner or row.connection or "",
        "by": row.created_by,
        "until": day(row.ends_at),
        "used": day(row.used_at),
        "revoked": day(row.revoked_at),
    }
