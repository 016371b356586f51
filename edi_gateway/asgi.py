"""The application a web server runs: ``uvicorn edi_gateway.asgi:create --factory`` serves pages, API and AS2 of a data folder."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType

from fastapi import FastAPI

from edi_gateway import log, settings
from edi_gateway.api import as2
from edi_gateway.api.app import create_api, mount
from edi_gateway.api.office import Office
from edi_gateway.bootstrap import open_store
from edi_gateway.bootstrap.as2 import As2InForce
from edi_gateway.bootstrap.garbage import settle
from edi_gateway.bootstrap.in_force import ToolsInForce
from edi_gateway.bootstrap.offline import connections_of
from edi_gateway.settings import Settings
from edi_gateway.store.database import Database
from edi_gateway.store.vault import Vault, VaultKey
from edi_gateway.transports.as2.station import Station
from edi_gateway.transports.ping import Step
from edi_gateway.web.app import create_app
from edi_gateway.worker.stage_times import StageTimes


def create() -> FastAPI:
    """Pages, API and AS2 over the store named by the environment; the engine runs in ``edi-gateway serve``, or in workers."""
    given = settings.load()
    log.configure(given.log_level, given.log_form)
    store = open_store(given)
    app = application(store, As2InForce(given, store), given)
    _end_with_the_server(app.state.ending)
    settle()
    return app


def _end_with_the_server(ending: threading.Event) -> None:
    """Sets ``ending`` when the process is told to stop, and leaves the rest to whoever listened before: a web server waits for
    answers that are under way, and a stream that nobody ends is one for ever."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def stop(number: int, frame: FrameType | None, before: object = before) -> None:
            ending.set()
            if callable(before):
                before(number, frame)

        if callable(before):
            signal.signal(number, stop)


def application(
    store: Database, station: Callable[[], Station], given: Settings | None = None, times: StageTimes | None = None
) -> FastAPI:
    """Everything we serve over HTTP; ``station`` gives the AS2 station that is in force at the moment, ``times`` are those of the
    engine where one runs in this process."""
    given = given or settings.load()
    app = create_app(store, given)
    mount(app, create_api(office(store, given, app.state.ending, times or StageTimes())))
    app.router.routes.insert(0, app.router.routes.pop())  # asked most: looked at before a hundred pages
    app.include_router(as2.router(station))
    return app


def office(store: Database, given: Settings, ending: threading.Event, times: StageTimes) -> Office:
    """What the API works with: it computes and records over the store, and leaves running to the engine."""
    tools = ToolsInForce(store)

    def ping(connection: str) -> tuple[Step, ...]:
        connections = connections_of(given, tools().directory)
        try:
            return connections.ping(connection)
        finally:
            connections.close()

    vault, mailboxes = Vault(store, VaultKey.configured(given)), given.data / "mailboxes"
    return Office(
        store,
        tools,
        ping,
        vault,
        mailboxes=mailboxes,
        internal_webhooks=given.internal_webhooks,
        ending=ending,
        times=times,
    )
