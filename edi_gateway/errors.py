"""Every error the gateway raises on purpose, sorted by what a person can do next.

An error says what happened and, where its words do not tell that already, where and what to do. Code that meets a foreign
exception (a socket, a database, a file) turns it into one of these at the border where it happened; a traceback is never shown
to a user.

    GatewayError
    ├── WrongInput      what was given is wrong: mend the file, the command or the document
    ├── NeedsPerson     the gateway will not guess: somebody has to decide
    ├── TryAgain        it may go by itself later: a dead network, a busy database, a sleeping ERP
    │   └── Uncertain   … but it may have happened: whether it did is asked before it is done again
    └── Defect          the gateway itself is wrong: please report it
"""

from __future__ import annotations


class GatewayError(Exception):
    """What happened, where it happened, and what to do about it."""

    def __init__(self, what: str, *, where: str | None = None, do: str | None = None) -> None:
        self.what, self.where, self.do = what, where, do
        super().__init__(str(self))

    def __str__(self) -> str:
        at = f"{self.where}: " if self.where else ""
        then = f" — {self.do}" if self.do else ""
        return f"{at}{self.what}{then}"


class WrongInput(GatewayError):
    """What was given is wrong; the same input will fail again."""


class NeedsPerson(GatewayError):
    """Going on would be a guess; a person has to decide."""


class TryAgain(GatewayError):
    """It failed now and may succeed later without anybody doing anything."""


class Uncertain(TryAgain):
    """It may have happened: the other side went away after it had it, and before it said so. Ask, before it is done again."""


class Defect(GatewayError):
    """A promise of the gateway's own code was broken."""


class Collected(WrongInput):
    """Several mistakes found in one pass, so that they can be mended in one pass."""

    def __init__(self, mistakes: list[WrongInput]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in mistakes))

    @classmethod
    def of(cls, mistakes: list[WrongInput]) -> WrongInput:
        """All of them as one error; one alone as itself."""
        return mistakes[0] if len(mistakes) == 1 else cls(mistakes)


KINDS = (WrongInput, NeedsPerson, TryAgain, Defect)  # every error is one of these; people are told which
