"""Whatever a command changes is in the audit log under the name of who gave it: shown command by command."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from argon2 import PasswordHasher
from busy import RefusesOrder, Server
from desk import NORTHWIND, ROOT, Desk, Profiles, applied_sqlite
from partner_says import northwind, order, rejects, remittance
from typer.core import TyperGroup
from typer.testing import CliRunner, Result

from edi_gateway.cli.lazily import whole
from edi_gateway.cli.main import app
from edi_gateway.errors import NeedsPerson, TryAgain
from edi_gateway.operations import access, people, replay
from edi_gateway.operations.audit import noted
from edi_gateway.operations.correct import text_of
from edi_gateway.operations.deposit import record_deposit
from edi_gateway.store.database import Database
from edi_gateway.store.replays import Terms
from edi_gateway.store.selection import Selection
from edi_gateway.store.vault import new_key

OLGA = "olga"
# What shows, checks or tries out, and writes at most a file that was asked for.
LOOKS = """
x12 show|x12 validate|x12 acknowledge|x12 format|x12 diff|status|hold list|hold show|alert list|alert show|alert rules
approval list|document show|document evidence|transmission sets|replay list|replay show|order list|order show|order trace
shipment list|shipment labels|shipment slip|compliance list|compliance show|compliance try|compliance dispute|invoice list
invoice show|deposit list|case list|case show|report figures|report overdue|report sync|partner list|partner show
partner check|partner diff|partner export|partner history|partner deadlines|partner flows|map run|map trace|map check
map list|map test|map coverage|xref export|xref show|plan|connection list|connection check|mailbox host-keys list|as2 list
as2 evidence|certificate list|certificate check|vault list|erp list|erp check|erp schema|control-numbers|schedule list
user list|key list|audit verify|audit head|audit events
"""
# What makes files for an analyst or an administrator, of which nothing is in force yet; or is a gateway itself.
MAKES = """
partner new|partner preset|partner test|partner trust-host-key|connection trust-host-key|map draft|mailbox hash-password
vault new-key|demo|serve|worker
"""
WHY = ("--because", "to see")
AGREED = "    awaits: {within: 24h}\n\n  # The same"  # about 810s
INVOICE = "00090001"


class Scene(NamedTuple):
    """A desk at which there is something to be done of everything that a command can do."""

    desk: Desk
    server: Server
    held: Iterator[int]
    approvals: Iterator[int]
    rejected: Iterator[int]
    unanswered: Iterator[int]

    @property
    def folder(self) -> Path:
        return self.desk.folder.parent

    def told_by(self, command: str, more: tuple[str, ...]) -> tuple[Result, set[str]]:
        """What a command comes to, and who is in the audit log because of it: that of the new data folder where it makes one."""
        data, copy = self.desk.folder, self.folder / "copy" / "backup.json"
        with self.desk.store.read() as unit:
            before = unit.events.head().events
        if command == "restore from":
            data, before = self.folder / "new", noted(json.loads(copy.read_text())["chain"]).events
        given = [*command.split(), *more, "--data", str(data)]
        done = CliRunner().invoke(app, given, input="a long secret\n" * 2)
        store = Database(f"sqlite:///{data}/gateway.sqlite3", self.desk.clock, data / "payloads")
        with closing(store), store.read() as unit:
            return done, {event.actor for event in unit.events.after(before, 1000)}

    def file(self, name: str, content: str | bytes) -> str:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def flow(self, state: str, stage: str) -> int:
        return next(flow.id for flow in self.desk.flows(state) if flow.stage == stage)

    def refused(self) -> int:
        """The invoice was released, and the partner's server does not take it; its flow."""
        self.server.refuses, self.server.why = "810", NeedsPerson("their server does not take it")
        self.desk.run()
        return self.flow("held", "send")

    def retried(self) -> int:
        """A 997 waits for its next try; its flow."""
        self.server.refuses, self.server.why = "997", TryAgain("their server is busy")
        self.desk.drop(northwind(3, order("PO-30")))
        return next(flow.id for flow in self.desk.flows("ready") if flow.tries)

    def case(self, kind: str) -> int:
        with self.desk.store.read() as unit:
            return next(case.id for case in unit.cases.rows() if case.kind == kind and case.state == "open")

    def remitted(self) -> int:
        """They paid less for the invoice, and what no invoice of ours is; one of the cases of that."""
        self.desk.drop(northwind(4, remittance("T-1", (INVOICE, "800"), ("90001", "1"), ("X", "1"), ("Y", "1"), ("Z", "1"))))
        return self.case("unknown invoice")

    def deposited(self) -> tuple[str, str]:
        """What they remitted came to the bank."""
        came = {"trace": "T-1", "amount": Decimal(804), "on": date(2026, 11, 18)}
        record_deposit(self.desk.store, **came, method="ACH", by="scene")  # type: ignore[arg-type]  # of three types
        return "T-1", "804.00"

    def corrected(self) -> tuple[str, str]:
        id = next(self.unanswered)
        document = json.loads(text_of(self.desk.tools, id)) | {"seller_order_number": "SO-7"}
        return str(id), self.file("document.json", json.dumps(document))

    def alert(self) -> int:
        now = self.desk.clock.now()
        with self.desk.store.write() as unit:
            told = {"text": "x", "count": 1, "began_at": now, "last_at": now, "escalation": ""}
            return unit.alerts.add(rule="held", key="a", level="urgent", state="open", **told)

    def stopped_replay(self) -> int:
        return replay.begin(self.desk.tools, Selection(code="850"), Terms(is_dry=True), because="begun", by="scene")

    def an_order_is_being_posted(self) -> tuple[str, ...]:
        """While a backup is put in place, of a minute later."""
        self.desk.use(erps={**self.desk.erps, "simulator": RefusesOrder(self.desk.erp, "PO-31")})
        self.desk.drop(northwind(5, order("PO-31")))
        self.desk.clock.advance(timedelta(minutes=1))
        return (f"{self.desk.clock.now():%Y-%m-%dT%H:%M}",)

    def sent_elsewhere(self) -> str:
        """An interchange of ours that is not on record since a restore."""
        with self.desk.store.write() as unit:
            unit.events.tell("store.restored", "store:1", "as if from a backup")
        first = self.desk.sent("855")[0]
        return self.file("sent.edi", first.body.replace(first.one("ISA")[13].encode(), b"000000900"))

    def welcomed(self, name: str) -> str:
        """Somebody who may sign in."""
        people.accept(
            self.desk.store, people.invite(self.desk.store, name, "viewer", by="scene"), name, "a long password", "here"
        )
        return name

    def much_later(self) -> tuple[str, ...]:
        self.desk.clock.advance(timedelta(days=4000))
        return ()

    def key(self) -> str:
        with self.desk.store.read() as unit:
            return unit.api_keys.all()[-1].id


def words(*given: object) -> Callable[[Scene], tuple[str, ...]]:
    return lambda _on: tuple(map(str, given))


def held(*more: str) -> Callable[[Scene], tuple[str, ...]]:
    return lambda on: (str(next(on.held)), *WHY, *more)


COMMANDS: dict[str, Callable[[Scene], tuple[str, ...]]] = {
    "partner apply": lambda on: ("--partners", str(on.desk.partners)),
    "hold resume": lambda on: (str(next(on.held)),),
    "hold dismiss": held(),
    "hold reject": held(),
    "hold correct": held("--set", "lines.0.quantity=12"),
    "approval give": lambda on: (str(next(on.approvals)), *WHY),
    "approval refuse": lambda on: (str(next(on.approvals)), *WHY),
    "invoice hold": words(INVOICE, *WHY),
    "invoice release": words(INVOICE),
    "hold delivered": lambda on: (str(on.refused()), *WHY),
    "hold place": lambda on: (str(on.retried()), *WHY),
    "invoice credit": words(INVOICE, "--line", "001=1"),
    "case accept": lambda on: (str(on.remitted()), *WHY),
    "case dispute": lambda on: (str(on.case("unknown invoice")), *WHY),
    "case recover": lambda on: (str(on.case("unknown invoice")), *WHY),
    "case assign": lambda on: (str(on.case("unknown invoice")), INVOICE),
    "case write-off": lambda on: (str(on.case("short pay")), *WHY),
    "deposit add": words("T-9", "1.00", "--on", "2026-11-17"),
    "deposit import": lambda on: (on.file("bank.csv", "trace,amount,on,method\nT-2,2.00,2026-11-17,ACH\n"),),
    "deposit return": lambda on: (*on.deposited(), "--on", "2026-11-18", *WHY),
    "alert acknowledge": lambda on: (str(on.alert()),),
    "alert test": words("desk"),
    "document correct": lambda on: (lambda id, file: (id, "--file", file, *WHY))(*on.corrected()),
    "transmission retransmit": lambda on: (str(next(on.unanswered)), "--unfetched", *WHY),
    "transmission re-envelope": lambda on: (str(next(on.rejected)), *WHY),
    "replay run": words("--set", "850", "--dry-run", *WHY),
    "replay go-on": lambda on: (str(on.stopped_replay()),),
    "shipment import": lambda on: (on.file("s.csv", "shipment,order,line,quantity,carton\nS9,PO-2,001,1,A\n"),),
    "xref add": words(NORTHWIND, "item", "UP:1", "PB-1"),
    "xref import": lambda on: (NORTHWIND, on.file("x.csv", "kind,qualifier,code,ours\nitem,UP,2,B\n")),
    "partner ping": words(NORTHWIND),
    "connection ping": words("northwind-mailbox"),
    "erp ping": words("simulator"),
    "mailbox host-keys add": words("ed25519"),
    "mailbox host-keys retire": words("ed25519"),
    "certificate generate": words("--bits", "2048"),
    "certificate export": lambda on: ("1", "--form", "p12", "--to", str(on.folder / "ours.p12")),
    "certificate add": lambda on: (str(on.folder / "ours.p12"), "--ours", "main"),
    "certificate retire": words("1"),
    "vault set": words("shop"),
    "vault rotate": lambda on: (on.file("next.key", new_key()),),
    "vault remove": words("shop"),
    "schedule run": words("collect northwind"),
    "schedule pause": words("collect northwind"),
    "schedule resume": words("collect northwind"),
    "user add": words("ann", "--role", "analyst"),
    "user change": lambda on: (on.welcomed("bob"), "--role", "analyst"),
    "key add": words("shop"),
    "key revoke": lambda on: (on.key(),),
    "cutover orders": lambda on: (on.file("open.edi", northwind(900, order("PO-80"))), *WHY),
    "cutover numbers": words(NORTHWIND, "--interchange", "4711"),
    "backup": lambda on: (str(on.folder / "copy"),),
    "restore sent": lambda on: (on.sent_elsewhere(),),
    "restore jump": lambda on: on.an_order_is_being_posted(),
    "restore reconcile": words(),
    "retain": lambda on: on.much_later(),
    "restore from": lambda on: (str(on.folder / "copy"),),
}


def leaves(group: TyperGroup, *path: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from leaves(command, *path, name)
        else:
            yield " ".join((*path, name))


def named(text: str) -> set[str]:
    return {each.strip() for line in text.strip().splitlines() for each in line.split("|")}


def test_every_command_has_a_scene_here_or_changes_nothing() -> None:
    looks, makes = named(LOOKS), named(MAKES)
    assert looks | makes | set(COMMANDS) == set(leaves(whole(app)))
    assert not looks & set(COMMANDS)
    assert not makes & set(COMMANDS)


@pytest.fixture
def scene(make_desk: Callable[..., Desk], profiles: Profiles, tmp_path: Path) -> Scene:
    profiles.replace(NORTHWIND, AGREED, f"    billing: {{release: by hand}}\n{AGREED}")
    (profiles.folder / "alerts.yaml").write_text("channels:\n  - {name: desk, kind: webhook, url: 'http://127.0.0.1:9/alerts'}\n")
    server = Server(refuses="none")
    desk = server.lies_over(make_desk(database=applied_sqlite(tmp_path / "data")))
    desk.drop(northwind(1, order("PO-1"), order("PO-2")))
    desk.later(hours=8)
    rejections = rejects("PR", 1, "855"), rejects("SH", 1, "856")
    desk.drop(northwind(2, *rejections, *(order(f"PO-{number}", price="1") for number in range(3, 10))))
    sent = [row for row in desk.sets(direction="out") if row.code in ("855", "856")]
    with desk.store.write() as unit:
        unit.schedule.put("collect northwind", "every 1m", desk.clock.now())
        approvals = [each.id for each in unit.approvals.open()]
    return Scene(
        desk,
        server,
        held=iter([flow.id for flow in desk.flows("held") if flow.stage == "apply"]),
        approvals=reversed(approvals),
        rejected=iter([row.id for row in sent if row.acknowledgment == "rejected"]),
        unanswered=iter([row.id for row in sent if row.acknowledgment != "rejected"]),
    )


def test_what_any_command_changes_is_in_the_audit_log_under_the_name_of_who_gave_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edi_gateway.cli.common.getpwuid", lambda _user: SimpleNamespace(pw_name=OLGA))
    monkeypatch.setattr(access, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    monkeypatch.setattr("edi_gateway.bootstrap.gateway.migrate", lambda _store: None)  # of 50 commands each would look
    monkeypatch.setattr("edi_gateway.bootstrap.gateway.SystemClock", lambda: scene.desk.clock)
    monkeypatch.setattr("edi_gateway.cli.day.alert.carrier", lambda *_: lambda *_: None)
    monkeypatch.setattr("edi_gateway.bootstrap.recording.maps_in_force", lambda _store: scene.desk.tools.maps)
    monkeypatch.setenv("EDI_GATEWAY_VAULT_KEY", new_key())
    monkeypatch.setenv("EDI_GATEWAY_PARTNERS", str(scene.desk.partners))
    monkeypatch.setenv("EDI_GATEWAY_MAPS", str(ROOT / "maps"))
    monkeypatch.chdir(scene.folder)
    wrong = []
    for command, given in COMMANDS.items():
        done, actors = scene.told_by(command, given(scene))
        if done.exit_code or OLGA not in actors:
            wrong.append(f"{command}: exit {done.exit_code} {done.exception or ''}, told by {actors or 'nobody'}")
    assert wrong == [], "\n".join(wrong)
