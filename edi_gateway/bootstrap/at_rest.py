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
    """On SQLite none is started meanwhile. Raises WrongInput where one runs; a run that left no process behind is none."""
    if store.is_sqlite:
        with lock_folder(lock_of(settings.data)):
            yield
        return
    with store.read() as unit:
        alive = unit.runs.alive()
    if alive:
        raise WrongInput(
            f"{count(len(alive), 'engine runs', 'engines run')} on it",
            where=store.where,
            do="see that EDI_GATEWAY_DATABASE names the database that was restored, and stop what runs on it first",
        )
    yield
