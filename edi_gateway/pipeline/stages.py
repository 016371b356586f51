"""Every stage by its name: what the engine runs."""

from __future__ import annotations

from collections.abc import Mapping

from edi_gateway.pipeline.inbound.acknowledge import acknowledge
from edi_gateway.pipeline.inbound.apply import apply
from edi_gateway.pipeline.inbound.confirm import confirm
from edi_gateway.pipeline.inbound.consult import consult
from edi_gateway.pipeline.inbound.deliver import Deliver
from edi_gateway.pipeline.inbound.read import read
from edi_gateway.pipeline.inbound.repeat import repeat
from edi_gateway.pipeline.inbound.translate import translate
from edi_gateway.pipeline.outbound.awaiting import await_acknowledgment
from edi_gateway.pipeline.outbound.bill import bill
from edi_gateway.pipeline.outbound.check import check
from edi_gateway.pipeline.outbound.compose import compose
from edi_gateway.pipeline.outbound.draft import draft
from edi_gateway.pipeline.outbound.envelope import envelope
from edi_gateway.pipeline.outbound.send import Send
from edi_gateway.pipeline.tools import Stage, WorldStage

STAGES: Mapping[str, Stage] = {
    "read": read,
    "acknowledge": acknowledge,
    "repeat": repeat,
    "confirm": confirm,
    "translate": translate,
    "consult": consult,
    "apply": apply,
    "draft": draft,
    "bill": bill,
    "check": check,
    "compose": compose,
    "envelope": envelope,
    "await": await_acknowledgment,
}

WORLD_STAGES: Mapping[str, WorldStage] = {"deliver": Deliver(), "send": Send()}
