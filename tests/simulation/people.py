"""What the supplier's people do, once a morning: they look at what the gateway tells them, and decide as planned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from simulation.gateway import Gateway
from simulation.plan import Fault, Planned
from simulation.retailer import Payment

from edi_gateway.errors import GatewayError
from edi_gateway.operations.approve import approve_order, refuse_order
from edi_gateway.operations.cases import decide
from edi_gateway.operations.deposit import record_deposit
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.request import Request
from edi_gateway.operations.second_pair import ask


class Desk:
    """The people at the desk. ``plan`` tells them what was agreed with the buyers by telephone."""

    def __init__(self, gateway: Gateway, plan: Mapping[str, Planned]) -> None:
        self._gateway, self._plan = gateway, plan
        self._again: set[int | None] = set()

    def morning(self) -> None:
        """Approvals, rejections, what nobody answered, and deductions."""
        self._approve()
        self._mend()
        self._ask_again()
        for case in self._gateway.cases("open"):
            decision = "written off" if case.kind == "short pay" else "accepted"
            decide(self._gateway.desk.store, case.id, decision, because="as agreed", by="finance")  # type: ignore[arg-type]

    def _approve(self) -> None:
        tools = self._gateway.desk.tools
        with tools.store.read() as unit:
            asked = [(row.id, unit.documents.get(row.subject.partition(":")[2]).number) for row in unit.approvals.open()]
        for id, number in asked:
            if self._plan[number].fault == Fault.PRICE_REFUSED:
                refuse_order(tools, id, because="not agreed", by="anna")
            else:
                approve_order(tools.store, id, because="agreed by telephone", by="anna")

    def _mend(self) -> None:
        """A rejected 856 goes in a new envelope; an order that came twice is dismissed. Anything else is left for all to see."""
        for flow in self._gateway.stopped():
            if flow.stage == "await" and flow.code == "856":
                row = next(id for id, _, shipment in self._gateway.sets("rejected") if shipment == flow.number)
                self._ask("re-envelope", row)
            elif self._is_repeated(flow.number):
                dismiss(self._gateway.desk.store, flow.id, because="they sent it twice", by="ben")

    def _is_repeated(self, number: str) -> bool:
        order = self._plan.get(number)
        return order is not None and order.fault == Fault.DUPLICATE_ORDER

    def _ask_again(self) -> None:
        for id, interchange, _ in self._gateway.sets("overdue"):
            if interchange not in self._again:
                self._again.add(interchange)
                self._ask("retransmit", id)

    def _ask(self, operation: str, id: int) -> None:
        try:
            ask(self._gateway.desk.tools, Request(operation=operation, transaction=id, because="as agreed", by="ben"))
        except GatewayError as error:
            print(f"{operation} of set {id}: {error}")


class Bank:
    """Money arrives on the day it was promised for."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self.coming: list[Payment] = []

    def opens(self, now: datetime) -> None:
        """What is due by today is recorded."""
        due = [payment for payment in self.coming if payment.on <= now.date()]
        self.coming = [payment for payment in self.coming if payment.on > now.date()]
        for each in due:
            record_deposit(self._gateway.desk.store, trace=each.trace, amount=each.amount, on=each.on, method="ACH", by="bank")
