"""Stages at the world as they are, but for what a scene changes."""

from __future__ import annotations

from contextlib import AbstractContextManager

from desk import Desk

from edi_gateway.pipeline.stages import WORLD_STAGES
from edi_gateway.pipeline.tools import Deed, Detour, Record, Tools, Wait
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit


class AtTheWorld:
    """The stage of that name; a scene changes what it ``does``, or what comes of it when it is asked."""

    def __init__(self, name: str) -> None:
        self.stage = WORLD_STAGES[name]

    def key(self, flow: FlowRow, unit: Unit) -> str:
        return self.stage.key(flow, unit)

    def most_together(self, flow: FlowRow, tools: Tools) -> int:
        return self.stage.most_together(flow, tools)

    def waits(self, flow: FlowRow, unit: Unit, tools: Tools) -> Wait | None:
        return self.stage.waits(flow, unit, tools)

    def prepare(self, flow: FlowRow, tools: Tools) -> Deed:
        prepared = self.stage.prepare(flow, tools)
        return lambda: self.does(flow, tools, prepared)

    def does(self, _flow: FlowRow, _tools: Tools, prepared: Deed) -> Record | Detour:
        return prepared()

    def is_instant(self, flow: FlowRow, tools: Tools) -> bool:
        return self.stage.is_instant(flow, tools)

    def in_one_go(self, flow: FlowRow, tools: Tools) -> AbstractContextManager[None]:
        return self.stage.in_one_go(flow, tools)

    def ask(self, flow: FlowRow, tools: Tools) -> Record:
        return self.stage.ask(flow, tools)

    def around(self, flow: FlowRow, tools: Tools) -> Record | None:
        return self.stage.around(flow, tools)


class AnsweredAtOnce(AtTheWorld):
    """A ``send`` whose partner answers before what came of it is on record."""

    def __init__(self, desk: Desk, answer: bytes) -> None:
        super().__init__("send")
        self._desk, self._answer = desk, answer

    def does(self, _flow: FlowRow, _tools: Tools, prepared: Deed) -> Record | Detour:
        record = prepared()
        if self._answer and self._desk.sent("855"):
            answer, self._answer = self._answer, b""
            self._desk.drop(answer)
        return record
