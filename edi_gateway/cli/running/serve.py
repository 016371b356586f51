"""``edi-gateway serve``: the whole gateway in one process, until it is told to stop."""

from __future__ import annotations

import signal
import threading
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI

from edi_gateway import log
from edi_gateway.asgi import application
from edi_gateway.bootstrap import Gateway
from edi_gateway.bootstrap.garbage import settle
from edi_gateway.cli.common import DataFolder, load_settings, out
from edi_gateway.cli.running.access import welcome
from edi_gateway.errors import WrongInput
from edi_gateway.operations.people import invite_first


def serve(
    data: DataFolder = None,
    web_port: Annotated[int | None, typer.Option(help="Port of the pages; default 8080.")] = None,
    sftp_port: Annotated[int | None, typer.Option(help="Port of the SFTP mailbox server; default 2222.")] = None,
) -> None:
    """Runs mailbox server, AS2, engine, schedule and pages; Ctrl-C stops it in order."""
    settings = load_settings(data, web_port=web_port, sftp_port=sftp_port)
    log.configure(settings.log_level, settings.log_form)
    gateway = Gateway(settings)
    app = application(gateway.store, lambda: gateway.as2.station, settings, gateway.runner.times)
    web = Web(app, settings.host, settings.web_port)
    signal.signal(signal.SIGTERM, _as_interrupt)  # systemd and docker stop a service this way
    try:
        gateway.start()
        web.start()
        settle()
        where = f"SFTP mailboxes at {settings.host}:{gateway.sftp_port} · data in {settings.data.resolve()}"
        out.print(f"pages at {web.url} · {where}")
        if token := invite_first(gateway.store):
            out.print(f"nobody may sign in yet; the first admin, once, within a day: {welcome(token, web.url)}", soft_wrap=True)
        web.wait()
    except KeyboardInterrupt:
        out.print("stopping: what runs is finished first")
    finally:
        web.stop()
        gateway.stop()


def _as_interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


class Web:
    """What we serve over HTTP, on a thread."""

    def __init__(self, app: FastAPI, host: str, port: int) -> None:
        config = uvicorn.Config(
            app,
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=5,  # for answers that take long; pages that listen are told
        )
        self._ending: threading.Event | None = getattr(app.state, "ending", None)
        self._server = uvicorn.Server(config)
        self._server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]  # the command line has its own
        self._thread = threading.Thread(target=self._server.run, name="web", daemon=True)

    def start(self) -> None:
        """Returns when it listens. Raises WrongInput when the port is taken."""
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.02)
            if not self._thread.is_alive():
                raise WrongInput(
                    "the web port is taken or not ours", where="EDI_GATEWAY_WEB_PORT", do="choose another with --web-port"
                )

    @property
    def url(self) -> str:
        """Where a browser finds it."""
        host, port = self._server.servers[0].sockets[0].getsockname()[:2]
        return f"http://{host}:{port}/"

    def wait(self) -> None:
        """Until it is stopped."""
        while self._thread.is_alive():
            self._thread.join(0.5)

    def stop(self) -> None:
        """Finishes what it answers, and ends; harmless where it never began."""
        if self._ending is not None:
            self._ending.set()
        self._server.should_exit = True
        if self._thread.ident is not None:
            self._thread.join(8)
