"""A gateway at rest: no engine runs on it, for what must not be done in the hands of one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from edi_gateway.errors import WrongInput
from edi_gateway.settings import Settings
from edi_gateway.store.database import Database
from edi_gateway.store.folder_lock import lock_folder, lock_of
from edi_gateway.wording import count


@contextmanager
def at_rest(settings: Settings, store: Database) -> Iterator[None]:
    """None is started meanwhile. Raises WrongInput where one runs; a run that left no process behind is none.

    An engine of PostgreSQL that has lost its connection in this very moment is not seen.
    """
    if store.is_sqlite:
        with lock_folder(lock_of(settings.data)):
            yield
        return
    with store.without_engines() as is_ours:
        with store.read() as unit:
            alive = unit.runs.alive()
        if alive or not is_ours:
            raise _in_use(store, len(alive))
        yield


def _in_use(store: Database, engines: int) -> WrongInput:
    return WrongInput(
        f"{count(engines, 'engine runs', 'engines run')} on it" if engines else "another process is at it",
        where=store.where,
        do="see that EDI_GATEWAY_DATABASE names the database that was restored, and stop what runs on it first",
    )
