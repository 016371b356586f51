"""One database, SQLite or PostgreSQL: reading, and writing in short transactions that announce the lanes they woke."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from edi_gateway.clock import Clock, Moment
from edi_gateway.errors import TryAgain, WrongInput
from edi_gateway.store import postgres
from edi_gateway.store.alive import CHANNEL, Alive
from edi_gateway.store.connection import Connection
from edi_gateway.store.runs import AT_WORK
from edi_gateway.store.unit import Unit

T = TypeVar("T")
R = TypeVar("R")


class Database:
    """Hands out units of work.

    On SQLite a writing transaction is BEGIN IMMEDIATE behind one process-wide lock: a deferred one that reads first fails at
    once with SQLITE_BUSY_SNAPSHOT, whatever the timeout. ``on_wake`` listeners hear, after each commit, which lanes it woke.
    """

    def __init__(self, url: str, clock: Clock, files: Path) -> None:
        self.clock, self.files = clock, files
        self.engine = _engine(url)
        self._writer: Any = threading.Lock() if self.is_sqlite else _NoLock()
        self._look = threading.local()
        # on PostgreSQL each question is a transaction of its own: what is committed meanwhile is seen anyway
        self._reader = self.engine if self.is_sqlite else self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self.run: int | None = None  # the run of the engine in this process
        self._listeners: list[Callable[[tuple[str, ...]], None]] = []

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @property
    def where(self) -> str:
        """Its address, without its password."""
        return self.engine.url.render_as_string()

    def on_wake(self, listener: Callable[[tuple[str, ...]], None]) -> None:
        """Calls ``listener`` with the lanes that a transaction of this process woke, after it was committed."""
        self._listeners.append(listener)

    @contextmanager
    def write(self, at_commit: Callable[[], None] = lambda: None) -> Iterator[Unit]:
        """One writing transaction: committed at the end of the block, rolled back by any exception.

        ``at_commit`` is called when nothing is left to do but that.
        """
        with self._writer, self._connected() as connection:
            ours = Connection(connection, "BEGIN IMMEDIATE" if self.is_sqlite else "", writes=True)
            with closing(Unit(ours, Moment(self.clock.now()), self.files, writes=True)) as unit:
                yield unit
            ours.flush()
            unit.lanes.flush()
            unit.events.flush()
            self._announce(connection, unit.lanes.announced)
            at_commit()
            _commit(connection)
        woken = tuple(sorted(unit.lanes.woken))
        if woken:
            for listener in self._listeners:
                listener(woken)

    def read(self) -> AbstractContextManager[Unit]:
        """For reading alone; what would write raises Defect.

        On SQLite it sees one moment, on PostgreSQL what is committed meanwhile.
        """
        return getattr(self._look, "shared", None) or self._reading()

    @contextmanager
    def _reading(self) -> Iterator[Unit]:
        with self._connected(self._reader) as connection, closing(self._to_read(connection)) as unit:
            yield unit

    def _to_read(self, connection: sa.Connection, *, remembers: bool = False) -> Unit:
        ours = Connection(connection, "BEGIN" if self.is_sqlite else "", remembers=remembers)
        return Unit(ours, self.clock, self.files)

    def in_one_look(
        self, items: Sequence[T], each: Callable[[T], R], ahead: Callable[[Unit], None] = lambda _unit: None
    ) -> list[R]:
        """Does ``each`` of some items; what they read they read over one connection, and what is asked twice is told as before.

        For a batch, of which each asks nearly the same, and which asks much of that ``ahead`` for all; nothing that takes long
        belongs in it. ``each`` lets BrokenLook pass: then all are done anew, and each reads by itself.
        """
        if len(items) > 1:
            with suppress(BrokenLook), self._one_look():
                with self.read() as unit:
                    ahead(unit)
                return [each(item) for item in items]
        return [each(item) for item in items]

    @contextmanager
    def _one_look(self) -> Iterator[None]:
        with self._connected(self._reader) as connection, closing(self._to_read(connection, remembers=True)) as unit:
            self._look.shared = _Shared(unit)
            try:
                yield
            finally:
                self._look.shared = None

    @property
    def is_shared(self) -> bool:
        """Whether engines in several processes may run on it."""
        return not self.is_sqlite

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keeps other processes that ask for it waiting, for what is done once in a database's life."""
        with self._connected() as connection:
            if self.is_shared:
                postgres.wait_patiently(connection)
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(8501)")
            yield
            connection.rollback()

    @contextmanager
    def without_engines(self) -> Iterator[bool]:
        """PostgreSQL: keeps engines from beginning to run on it; False where one runs, or somebody else keeps them out.

        One that is started meanwhile waits two seconds, and is then told to try again.
        """
        with self._connected(self._reader) as connection:
            is_ours = bool(connection.execute(sa.select(sa.func.pg_try_advisory_lock(AT_WORK))).scalar_one())
            try:
                yield is_ours
            finally:
                if is_ours:
                    connection.execute(sa.select(sa.func.pg_advisory_unlock(AT_WORK)))

    def stay_alive(self, run: int, heard: Callable[[tuple[str, ...]], None]) -> Alive:
        """Says that ``run`` is alive until it is closed; ``heard`` is called with lanes that other processes woke."""
        return Alive(self.engine.dialect.create_connect_args(self.engine.url), run, heard)

    def _announce(self, connection: sa.Connection, lanes: list[str]) -> None:
        """Tells the other processes, at the commit, of lanes that nobody had announced yet."""
        if lanes and self.is_shared:
            words = [{"channel": CHANNEL, "said": f"{self.run or 0} {lane}"} for lane in lanes]
            connection.execute(sa.text("SELECT pg_notify(:channel, :said)"), words)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A bare connection for views, whose queries are their own."""
        with self._connected(self._reader) as connection:
            yield connection

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """The same for views that are asked often, whose statements stand and are put into words once."""
        with self._connected(self._reader) as connection:
            yield Connection(connection)

    def close(self) -> None:
        """Lets go of all connections."""
        self.engine.dispose()

    @contextmanager
    def _connected(self, engine: sa.Engine | None = None) -> Iterator[sa.Connection]:
        try:
            with (engine or self.engine).connect() as connection:
                yield connection
        except sa.exc.OperationalError as error:
            raise TryAgain(f"the database did not answer: {error.orig}") from error
        except sa.exc.InternalError as error:
            if not error.connection_invalidated:
                raise
            # PostgreSQL ended a session that did nothing in a transaction for too long
            raise TryAgain(f"the database did not answer: {error.orig}") from error
        except sa.exc.DataError as error:  # PostgreSQL keeps no NUL in a text, and no longer text than a column has room for
            raise WrongInput(f"the database cannot keep that: {str(error.orig).partition(chr(10))[0]}") from error
        except OverflowError as error:  # SQLite's driver takes 64 bits
            if "SQLite" not in str(error):
                raise
            raise WrongInput("that number is greater than any that is on record", do="look at its digits") from error


class _Shared:
    """A look that several share: whoever asks in it has its unit."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def __enter__(self) -> Unit:
        return self._unit

    def __exit__(self, _: object, error: BaseException | None, _where: object) -> None:
        if isinstance(error, sa.exc.DBAPIError):
            raise BrokenLook from error


class BrokenLook(Exception):
    """A question failed in a look that several share, and nothing more can be asked in it."""


def is_passing(error: BaseException) -> bool:
    """Whether an error is the database's and may be gone at the next try: locked, restarted, a deadlock it broke."""
    return isinstance(error, sa.exc.OperationalError) or (isinstance(error, sa.exc.DBAPIError) and error.connection_invalidated)


def _commit(connection: sa.Connection) -> None:
    """Commits; a connection on which that failed is closed, since SQLAlchemy would give it back with its transaction, and its
    locks, still open.
    """
    try:
        connection.commit()
    except BaseException as error:
        connection.invalidate(error)
        raise


class _NoLock:
    """PostgreSQL needs no writer lock of ours."""

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


def _engine(url: str) -> sa.Engine:
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise WrongInput(
            "is no database URL", where="EDI_GATEWAY_DATABASE", do="sqlite:///FILE or postgresql+psycopg://…"
        ) from error
    if parsed.get_backend_name() == "sqlite":
        given = {"timeout": 30, "check_same_thread": False, "isolation_level": None, "cached_statements": 1000}  # all stay parsed
        kept = {"pool_size": 16, "max_overflow": 32} if parsed.database else {}  # to open one costs 1 ms; in memory is but one
        # no rollback when it goes back to the pool: what is open was rolled back when it was closed, and a read is short
        engine = sa.create_engine(parsed, connect_args=given, pool_reset_on_return=None, **kept)
        sa.event.listen(engine, "connect", _prepare_sqlite)
        return engine
    if parsed.get_backend_name() == "postgresql":
        return postgres.engine(parsed)
    raise WrongInput(f"{parsed.get_backend_name()} is not supported", where="EDI_GATEWAY_DATABASE", do="SQLite or PostgreSQL")


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
