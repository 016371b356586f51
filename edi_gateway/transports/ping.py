"""What a look at a connection found out, step by step, so that a person knows which end to mend."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from edi_gateway.errors import GatewayError


class Step(NamedTuple):
    """One thing that has to work before documents can move: name, port, host key, login, folder or right."""

    step: str
    ok: bool
    detail: str


class Ping:
    """Runs steps in order and keeps what came of each; after a failure the later ones are not tried."""

    def __init__(self) -> None:
        self._steps: list[Step] = []

    @property
    def failed(self) -> bool:
        """Whether a step has failed, so that going on would tell nothing."""
        return any(not step.ok for step in self._steps)

    def steps(self) -> tuple[Step, ...]:
        """Every step tried so far, in order."""
        return tuple(self._steps)

    def ask(self, step: str, question: Callable[[], str]) -> None:
        """Tries one step unless an earlier one failed; ``question`` answers with a detail or raises a GatewayError."""
        if self.failed:
            return
        try:
            self._steps.append(Step(step, True, question()))
        except GatewayError as error:
            self._steps.append(Step(step, False, str(error)))
