"""What goes wrong with maps: a document that does not fit one, and mistakes in the maps themselves."""

from __future__ import annotations

from edi_gateway.errors import Collected, WrongInput


class MapProblem(WrongInput):
    """A document does not fit its map.

    ``position`` counts segments in the set with ST as 1; ``place`` is where (``PO102``) and ``field`` what it makes or is made
    from; ``value`` is what stood there; ``rule`` the map's ``file:line``. What does not apply is None.
    """

    def __init__(
        self,
        what: str,
        *,
        rule: str,
        place: str | None = None,
        position: int | None = None,
        field: str | None = None,
        value: str | None = None,
        do: str | None = None,
    ) -> None:
        self.rule, self.place, self.position, self.field, self.value = rule, place, position, field, value
        super().__init__(f"{what} (map {rule})", where=self._at(), do=do)

    def _at(self) -> str | None:
        segment = f"segment {self.position}" if self.position else None
        return ", ".join(part for part in (segment, self.place, self.field) if part) or None


class Mistakes:
    """Gathers what is wrong with maps, so that one pass tells all of it."""

    def __init__(self) -> None:
        self.found: list[WrongInput] = []

    def add(self, what: str, where: str, do: str | None = None) -> None:
        """Notes one mistake at ``file:line``."""
        mistake = WrongInput(what, where=where, do=do)
        if str(mistake) not in {str(known) for known in self.found}:
            self.found.append(mistake)

    def take(self, error: WrongInput, where: str) -> None:
        """Notes what another part refused, with its place if it had none."""
        for one in error.mistakes if isinstance(error, Collected) else (error,):
            self.add(one.what, one.where or where, one.do)

    def raise_if_any(self) -> None:
        """Raises Collected, in order of file and line, if anything was noted."""
        if self.found:
            raise Collected(sorted(self.found, key=_order))


def _order(mistake: WrongInput) -> tuple[str, int]:
    file, _, line = (mistake.where or "").rpartition(":")
    return (file, int(line)) if line.isdecimal() else (mistake.where or "", 0)
