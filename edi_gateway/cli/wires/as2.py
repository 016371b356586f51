"""``edi-gateway as2``: messages with their receipts, and receipts for no message of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from edi_gateway.bootstrap import find_store
from edi_gateway.cli.common import AsJson, DataFolder, load_settings, out, print_json, print_table
from edi_gateway.errors import WrongInput
from edi_gateway.operations.apply import in_force
from edi_gateway.store.as2_messages import As2MessageRow
from edi_gateway.store.database import Database
from edi_gateway.trading.profile import As2Connection
from edi_gateway.wording import did_you_mean

app = typer.Typer(no_args_is_help=True, help="AS2 messages and receipts.")

_BULK = ("fields", "answer", "receipt", "wire")


@app.command("list")
def list_(
    connection: Annotated[str, typer.Option(help="Only those of one connection.")] = "",
    orphans: Annotated[bool, typer.Option("--orphans", help="Only receipts for no message of ours.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many, the newest first.")] = 50,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """List messages: which way, with whom, how they stand, and what was said about them."""
    store = find_store(load_settings(data))
    with store.read() as unit:
        rows = unit.as2_messages.orphans()[:limit] if orphans else unit.as2_messages.recent(limit, connection)
    if connection and not rows:
        _known(store, connection)
    if as_json:
        print_json([_told(row) for row in rows])
        return
    table = [
        (f"{row.at:%m-%d %H:%M}", row.direction, row.connection, row.message_id, row.name, _state(row), row.said) for row in rows
    ]
    print_table("AS2 messages", ("at", "way", "connection", "Message-ID", "file", "state", "what was said"), table)


@app.command()
def evidence(
    message_id: Annotated[str, typer.Argument(help="The message's id.")],
    folder: Annotated[Path, typer.Argument(help="The folder to write it to; it is made.")],
    data: DataFolder = None,
) -> None:
    """Write what proves a message: its header and body as they went over the wire, and its receipt likewise."""
    with find_store(load_settings(data)).read() as unit:
        row = unit.as2_messages.of_id(message_id)
        if row is None:
            raise WrongInput(f"there is no message {message_id}", do="as2 list shows them")
        body = unit.payloads.read(row.wire) if row.wire else b""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "message.json").write_text(msgspec.json.encode(_told(row)).decode() + "\n", encoding="utf-8")
    (folder / "message.header").write_text(row.fields, encoding="utf-8")
    (folder / "message.body").write_bytes(body)
    (folder / "receipt.json").write_text(row.receipt or row.answer, encoding="utf-8")
    out.print(f"wrote {folder}")


def _known(store: Database, connection: str) -> None:
    """Raises WrongInput for a connection that is none; one with messages may have been taken out of force."""
    directory = in_force(store)
    names = [each.name for each in directory.connections if isinstance(each, As2Connection)] if directory else []
    if connection not in names:
        raise WrongInput(f"there is no AS2 connection '{connection}'", do=did_you_mean(connection, names))


def _state(row: As2MessageRow) -> str:
    return f"{row.state}, receipt {row.receipt_state}" if row.receipt_state else row.state


def _told(row: As2MessageRow) -> dict[str, object]:
    values = msgspec.to_builtins(row)
    return {name: value for name, value in values.items() if name not in _BULK}
