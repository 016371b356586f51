"""A desk at which there is something to be done of everything that people and programs can do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import NamedTuple

import httpx
from busy import Server
from desk import Desk
from partner_says import northwind, order, rejects

from edi_gateway.errors import NeedsPerson, TryAgain
from edi_gateway.operations import replay
from edi_gateway.operations.tell_webhooks import tell_webhooks
from edi_gateway.store.replays import Terms
from edi_gateway.store.selection import Selection
from edi_gateway.store.vault import Vault
from edi_gateway.transports.webhook.post import Told


class FullDesk(NamedTuple):
    """What there is: ``held`` waits for an approval, ``unsent`` at its sending, ``retried`` for its next try; sets by what can be
    done with them."""

    desk: Desk
    held: Iterator[int]
    approvals: Iterator[int]
    unsent: int
    retried: int
    rejected: Iterator[int]
    unanswered: Iterator[int]
    alert: int
    job: str
    stopped_replay: int
    ordered: int

    def told_by(self, doing: Callable[[], httpx.Response]) -> tuple[httpx.Response, set[str]]:
        """What something is answered, and who is in the audit log because of it."""
        with self.desk.store.read() as unit:
            before = unit.events.head().events
        answer = doing()
        with self.desk.store.read() as unit:
            return answer, {event.actor for event in unit.events.after(before, 1000)}

    def telling(self, vault: Vault) -> int:
        """What a webhook was told; the number of that."""
        with self.desk.store.write() as unit:
            unit.events.tell("test.one", "test:1", "it happened")
        tell_webhooks(self.desk.store, vault, lambda *_: Told(200, "200"))
        with self.desk.store.read() as unit:
            return unit.webhooks.deliveries(1, "", None, 1)[0].id


def full_desk(make_desk: Callable[..., Desk]) -> FullDesk:
    """Two orders have been answered and shipped, an 855 and an 856 were rejected, the 810s do not go; seven orders wait for an
    approval; a 997 waits for its next try."""
    server = Server(refuses="810", why=NeedsPerson("their server does not take it"))
    desk = server.lies_over(make_desk())
    desk.drop(northwind(1, order("PO-1"), order("PO-2")))
    desk.later(hours=8)
    rejections = rejects("PR", 1, "855"), rejects("SH", 1, "856")
    desk.drop(northwind(2, *rejections, *(order(f"PO-{number}", price="1") for number in range(3, 10))))
    sent = [row for row in desk.sets(direction="out") if row.code in ("855", "856")]
    now = desk.clock.now()
    with desk.store.write() as unit:
        alert = unit.alerts.add(
            rule="held", key="a", level="urgent", state="open", text="x", count=1, began_at=now, last_at=now, escalation=""
        )
        unit.schedule.put("collect northwind", "every 1m", now + timedelta(minutes=1))
        approvals = [each.id for each in unit.approvals.open()]
    server.refuses, server.why = "", TryAgain("their server is busy")
    desk.drop(northwind(3, order("PO-10")))
    return FullDesk(
        desk,
        held=iter([flow.id for flow in desk.flows("held") if flow.stage == "apply"]),
        approvals=reversed(approvals),
        unsent=next(flow.id for flow in desk.flows("held") if flow.stage == "send"),
        retried=next(flow.id for flow in desk.flows("ready") if flow.tries),
        rejected=iter([row.id for row in sent if row.acknowledgment == "rejected"]),
        unanswered=iter([row.id for row in sent if row.acknowledgment != "rejected"]),
        alert=alert,
        job="collect northwind",
        stopped_replay=replay.begin(desk.tools, Selection(code="850"), Terms(is_dry=True), because="begun", by="scene"),
        ordered=desk.order("PO-2").id,
    )
