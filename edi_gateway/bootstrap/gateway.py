"""A whole gateway in one process: store, mailbox server, engine, schedule."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from edi_gateway import log
from edi_gateway.bootstrap.alert_jobs import alert_jobs
from edi_gateway.bootstrap.as2 import As2
from edi_gateway.bootstrap.as2_jobs import DELIVER, as2_jobs
from edi_gateway.bootstrap.connections import Connections
from edi_gateway.bootstrap.daily_jobs import leftover_jobs, upkeep_jobs
from edi_gateway.bootstrap.erps import Erps
from edi_gateway.bootstrap.jobs import collect_job, jobs
from edi_gateway.bootstrap.mailbox_audit import MailboxAudit, Owner
from edi_gateway.bootstrap.mailboxes import mailbox_server
from edi_gateway.bootstrap.webhook_jobs import webhook_jobs
from edi_gateway.clock import Clock, MovableClock, SystemClock
from edi_gateway.erp.base import Erp
from edi_gateway.errors import Collected, GatewayError, WrongInput
from edi_gateway.files import explained
from edi_gateway.mapping.library import Library
from edi_gateway.operations import apply as applying
from edi_gateway.operations.fetched import note_fetched
from edi_gateway.operations.maps import check, in_use
from edi_gateway.operations.restore import refuse_unfinished
from edi_gateway.pipeline.stages import STAGES, WORLD_STAGES
from edi_gateway.pipeline.tools import Tools
from edi_gateway.settings import Settings
from edi_gateway.store.data_folder import take_folder
from edi_gateway.store.database import Database
from edi_gateway.store.folder_lock import lock_of
from edi_gateway.store.migrate import migrate
from edi_gateway.store.vault import Vault, VaultKey
from edi_gateway.trading.directory import Directory
from edi_gateway.transports.mailbox import AccountList, MailboxServer
from edi_gateway.worker.dispatcher import Dispatcher
from edi_gateway.worker.runner import Runner
from edi_gateway.worker.schedule import Schedule

_log = log.logger(__name__)
_STILL_USED = timedelta(minutes=15)  # connections that changed stay open so long, for what began to send over them


def open_store(settings: Settings, clock: Clock | None = None) -> Database:
    """The store of a data folder, its schema brought up to date. Raises WrongInput where a restore into it was cut off."""
    refuse_unfinished(settings.data)
    with explained("make the data folder", settings.data):
        settings.data.mkdir(parents=True, exist_ok=True)
    store = Database(settings.database_url, clock or SystemClock(), settings.data / "payloads")
    migrate(store)
    return store


def has_store(settings: Settings) -> bool:
    """Whether a gateway has run here, or one of another place shares its database."""
    return settings.database is not None or (settings.data / "gateway.sqlite3").exists()


def find_store(settings: Settings) -> Database:
    """The store that is there already: for commands that look. Raises WrongInput where there is none, and makes nothing."""
    if not has_store(settings):
        raise WrongInput(
            "no gateway has run here", where=str(settings.data), do="name its data folder with --data or EDI_GATEWAY_DATA"
        )
    return open_store(settings)


class Gateway:
    """Everything, wired. ``start`` takes over what an earlier run left; ``stop`` lets running stages finish."""

    def __init__(self, settings: Settings, clock: Clock | None = None, *, serve_mailboxes: bool = True) -> None:
        self.settings, self.clock = settings, clock or SystemClock()
        self.store = open_store(settings, self.clock)
        take_folder(self.store, settings.data)
        self.vault = Vault(self.store, VaultKey.configured(settings))
        self._connectors = Erps(settings.data, self.clock, self.vault.text, self._is_test)
        self.erps: dict[str, Erp] = {}
        self.maps = Library.of({})
        self.accounts = AccountList()
        self._replaced: list[tuple[datetime, Connections]] = []
        self._take_up()
        self.runner = Runner(self.tools, STAGES, WORLD_STAGES)
        self.dispatcher = Dispatcher(self.runner, threads=settings.threads, lock=lock_of(settings.data))
        self.schedule = Schedule(self.store, self.clock, {}, self.dispatcher.run_job, self.dispatcher.has_room)
        self._take_up_jobs()
        self._audit = MailboxAudit(self.store, self._owner_of)
        self.mailboxes = self._mailbox_server() if serve_mailboxes else None

    def start(self) -> None:
        """Raises WrongInput when another process runs on the same data folder and SQLite."""
        self.dispatcher.start()
        self.schedule.prepare()  # only now: whoever is refused changes nothing
        self.dispatcher.tick = self.tick
        if isinstance(self.clock, MovableClock):
            self.clock.on_move(self.dispatcher.nudge)
        self.dispatcher.nudge()
        if self.mailboxes is not None:
            self._audit.start()
            self.mailboxes.start()

    def stop(self) -> None:
        """Stops taking anything in, lets what runs finish."""
        if self.mailboxes is not None:
            self.mailboxes.stop()
            self._audit.stop()
        self.dispatcher.stop()
        self._let_go(self.clock.now())
        self.connections.close()
        self._connectors.close()
        self.store.close()

    def _take_up(self, before: Connections | None = None) -> None:
        """Builds everything that profiles, connections and maps say, from what is in force now, on what is open ``before``."""
        self._taken_up = applying.newest(self.store)
        directory = self._directory()
        _check_connectors(directory)
        maps = applying.maps_in_force(self.store, self.maps)
        check(maps, in_use(directory))
        as2 = As2(directory, self.store, self.vault, self.clock, self._owes_receipt)
        mailboxes = self.settings.data / "mailboxes"
        connections = Connections(directory, mailboxes, self.clock, as2, self.vault.text, self._told_weak)
        accounts = connections.accounts()
        self.erps = self._connectors.take_up(directory.every_connector())
        self.accounts.replace(accounts)
        if before is not None:
            connections.take_over(before)
        self.directory, self.maps = directory, maps
        self.as2, self.connections = as2, connections
        sink, vault = self.connections.sink, self.vault.text
        self.tools = Tools(self.store, self.clock, self.directory, self.maps, self.erps, sink, vault)

    def tick(self) -> bool:
        """One look at what was applied, what may be let go, and what is due; says, to the dispatcher, whether more is due."""
        if applying.newest(self.store) != self._taken_up:
            self._take_up_again()
        self._let_go(self.clock.now() - _STILL_USED)
        return self.schedule.tick()

    def _take_up_again(self) -> None:
        """Something was applied while we run: stages that begin from now on work with it. What cannot be taken up is told."""
        before = self.connections
        try:
            self._take_up(before)
        except GatewayError as error:
            self._taken_up = applying.newest(self.store)
            _log.error("what was applied cannot be taken up; the gateway goes on with what it had", error=str(error))
            return
        self.runner.tools = self.tools
        self._take_up_jobs()
        self.schedule.prepare()
        self._replaced.append((self.clock.now(), before))

    def _let_go(self, before: datetime) -> None:
        """Closes connections that were replaced, once whatever began to send over them has had its time."""
        for at, connections in [each for each in self._replaced if each[0] <= before]:
            self._replaced.remove((at, connections))
            connections.close()

    def _take_up_jobs(self) -> None:
        self.schedule.jobs = {
            **jobs(self.store, self.directory, self.connections, self.erps),
            **as2_jobs(self.store, self.as2),
            **alert_jobs(self.store, self.directory.alerts, self.vault.text),
            **upkeep_jobs(self.store),
            **leftover_jobs(self.store, self.settings.data / "mailboxes"),
            **webhook_jobs(self.store, self.vault, internal=self.settings.internal_webhooks),
        }
        self.dispatcher.jobs = {name: partial(self.schedule.run, name) for name in self.schedule.jobs}

    @property
    def sftp_port(self) -> int | None:
        """Where the mailbox server listens."""
        return self.mailboxes.port if self.mailboxes else None

    def _directory(self) -> Directory:
        """What is in force; on a new store, what the files say is put in force first."""
        directory = applying.in_force(self.store)
        if directory is None:
            with self.store.alone():
                if applying.in_force(self.store) is None:
                    applying.apply(self.store, self.settings.partners, self.settings.maps, by="first start")
            directory = applying.in_force(self.store)
            assert directory is not None  # noqa: S101  # loading an empty folder raises
        return directory

    def _is_test(self, order: str) -> bool:
        """Of an order's document, whether it came as a test."""
        with self.store.read() as unit:
            row = unit.documents.find(order)
        return row is not None and row.usage == "T"

    def _mailbox_server(self) -> MailboxServer:
        hooks = {"on_upload": self._uploaded, "on_download": self._downloaded, "on_event": self._audit.take}
        return mailbox_server(self.settings, self.accounts, self.clock, **hooks)

    def _owner_of(self, account: str) -> Owner | None:
        connection = self.connections.of_account(account)
        if connection is None:
            return None
        users = self.directory.users_of(connection)
        return Owner(connection, users[0].name if len(users) == 1 else None)

    def _told_weak(self, connection: str, text: str) -> None:
        with self.store.write() as unit:
            unit.events.tell("connection.weak", f"connection:{connection}", text)

    def _owes_receipt(self) -> None:
        """A hint: an AS2 receipt is delivered at once instead of at the next look."""
        self.schedule.hurry(DELIVER)
        self.dispatcher.nudge()

    def _uploaded(self, account: str, _path: Path) -> None:
        """A hint: the file is collected at once instead of at the next look."""
        connection = self.connections.of_account(account)
        if connection is not None:
            self.schedule.hurry(collect_job(connection))
            self.dispatcher.nudge()

    def _downloaded(self, account: str, path: Path) -> None:
        connection = self.connections.of_account(account)
        if connection is not None:
            note_fetched(self.store, connection, path.name)


def _check_connectors(directory: Directory) -> None:
    """Raises Collected naming every partner whose ERP connector there is not."""
    there = directory.every_connector()
    named = [(partner.name, erp) for partner in directory.partners for erp in (partner.erp, partner.test_erp) if erp]
    wrong = [
        WrongInput(f"there is no ERP connector '{erp}'", where=f"partner {name}", do=f"one of: {', '.join(there)}")
        for name, erp in named
        if erp not in there
    ]
    if wrong:
        raise Collected(wrong)
