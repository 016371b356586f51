"""``edi-gateway worker``: one more engine beside ``serve``, on the same PostgreSQL; it has no ports of its own."""

from __future__ import annotations

import signal
import threading
from typing import Annotated

import typer

from edi_gateway import log
from edi_gateway.bootstrap import Gateway
from edi_gateway.bootstrap.garbage import settle
from edi_gateway.cli.common import DataFolder, load_settings, out


def worker(
    data: DataFolder = None,
    threads: Annotated[
        int | None,
        typer.Option(help="Lanes to the world at once, and servers and ERPs looked into: default 4, the least of either."),
    ] = None,
) -> None:
    """Runs lanes and what recurs until it is told to stop; as many as you like on one PostgreSQL, one on SQLite.

    SIGTERM or Ctrl-C lets the stages that run finish, at most one batch a lane.
    """
    settings = load_settings(data, threads=threads)
    log.configure(settings.log_level, settings.log_form)
    stopping = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda _signal, _frame: stopping.set())
    gateway = Gateway(settings, serve_mailboxes=False)
    try:
        gateway.start()
        settle()
        out.print(f"worker {gateway.runner.run} runs · data in {settings.data.resolve()}")
        while not stopping.wait(0.5):
            pass
        out.print("stopping: what runs is finished first")
    finally:
        gateway.stop()
