"""The command: sets the scene, plays the story, says how it ended."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr

from edi_gateway import log
from edi_gateway.cli.common import AsJson, load_settings, out, print_json
from edi_gateway.cli.demo.scene import Scene, set_up
from edi_gateway.cli.demo.show import Screen
from edi_gateway.cli.demo.story import Story
from edi_gateway.cli.demo.verdict import mistakes
from edi_gateway.cli.money.order import show_orders
from edi_gateway.cli.running.serve import Web
from edi_gateway.errors import WrongInput
from edi_gateway.settings import Settings
from edi_gateway.views.orders import orders
from edi_gateway.web.app import create_app
from edi_gateway.web.identify import Everybody
from edi_gateway.wording import count


def demo(
    data: Annotated[Path | None, typer.Option(help="A folder that is not there yet; default: a temporary one.")] = None,
    samples: Annotated[Path, typer.Option(help="Where the demo's documents are.")] = Path("sample_docs"),
    keep: Annotated[bool, typer.Option(help="Leave it running afterwards, to look at its page.")] = False,
    as_json: AsJson = False,
) -> None:
    """An order's whole life: real SFTP, real X12, a simulated buyer and ERP; under a minute."""
    began = time.monotonic()
    log.configure("error")
    folder = _fresh(data)
    try:
        wrong = _play(set_up(_settings(folder, keep), samples), began, keep, as_json)
    finally:
        if data is None:
            shutil.rmtree(folder, ignore_errors=True)
    raise typer.Exit(1 if wrong else 0)


def _settings(folder: Path, keep: bool) -> Settings:
    """Whatever is configured for the gateway that runs here: never its database, and reached from this machine alone."""
    database = SecretStr(f"sqlite:///{folder / 'gateway.sqlite3'}")
    here: dict[str, object] = {"host": "127.0.0.1", "mailbox_addresses": (), "sftp_port": 0}
    return load_settings(folder, database=database, web_port=None if keep else 0, **here)


def _play(scene: Scene, began: float, keep: bool, as_json: bool) -> list[str]:
    settings = scene.gateway.settings
    web = Web(create_app(scene.gateway.store, settings, Everybody("demo")), settings.host, settings.web_port)
    try:
        web.start()
        Story(scene, Screen(out, silent=as_json)).play()
        wrong = mistakes(scene)
        _report(scene, web, wrong, time.monotonic() - began, keep, as_json)
        if keep:
            _wait(web)
        return wrong
    finally:
        web.stop()
        scene.gateway.stop()


def _fresh(data: Path | None) -> Path:
    if data is None:
        return Path(tempfile.mkdtemp(prefix="edi-gateway-demo-"))
    if data.exists() and any(data.iterdir()):
        raise WrongInput("the demo wants a fresh folder, and this one holds something", where=str(data), do="name another one")
    return data


def _report(scene: Scene, web: Web, wrong: list[str], seconds: float, keep: bool, as_json: bool) -> None:
    rows = orders(scene.gateway.store)
    if as_json:
        print_json({"ok": not wrong, "mistakes": wrong, "orders": rows, "page": web.url})
        return
    out.print()
    show_orders(rows[::-1])
    for sentence in wrong:
        out.print(f"[red]wrong:[/red] {sentence}")
    verdict = "[green]every balance is right[/green]" if not wrong else f"[red]not right: {count(len(wrong), 'thing')}[/red]"
    out.print(f"{verdict} · {count(len(rows), 'order')} · {seconds:.0f} s · the same as a page at {web.url}")
    if not keep:
        out.print("[dim]the page is gone when this ends; --keep leaves it running[/dim]")


def _wait(web: Web) -> None:
    out.print("Left running; Ctrl-C ends it.")
    try:
        web.wait()
    except KeyboardInterrupt:
        out.print("ended")
