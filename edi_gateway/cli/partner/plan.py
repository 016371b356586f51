"""``edi-gateway plan``: what the files would change of real documents, before they are applied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from edi_gateway.bootstrap import find_store
from edi_gateway.cli.common import AsJson, DataFolder, load_settings, out, print_json, print_table
from edi_gateway.errors import WrongInput
from edi_gateway.mapping.library import Library
from edi_gateway.operations.apply import Change, compare, in_force, maps_in_force
from edi_gateway.operations.maps import check, in_use
from edi_gateway.operations.plan import Planned, anything, counts
from edi_gateway.operations.plan import plan as replay
from edi_gateway.operations.plan_difference import AS_BEFORE, HOWS
from edi_gateway.operations.plan_documents import Replayed, in_files
from edi_gateway.operations.plan_side import Side
from edi_gateway.operations.plan_stored import stored
from edi_gateway.settings import Settings
from edi_gateway.store.database import Database
from edi_gateway.trading import loader
from edi_gateway.wording import count

_LINES = 12
_STYLES = {"now fails": "red", "business change": "yellow", "now passes": "green", "formatting": "cyan"}

Last = Annotated[int, typer.Option("--last", min=1, help="How many of the newest documents on record are replayed.")]
Documents = Annotated[
    Path | None, typer.Option("--documents", help="Replay the X12 files of this folder, or this file; not what is on record.")
]
Against = Annotated[
    Path | None,
    typer.Option(
        "--against", help="Compare with partners/ and maps/ of this folder, another checkout, not with what is in force."
    ),
]
Partners = Annotated[Path | None, typer.Option("--partners", help="Folder of partner files; default: EDI_GATEWAY_PARTNERS.")]
Maps = Annotated[Path | None, typer.Option("--maps", help="Folder of maps; default: EDI_GATEWAY_MAPS.")]


def plan(
    last: Last = 200,
    documents: Documents = None,
    against: Against = None,
    partners: Partners = None,
    maps: Maps = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Replay real documents through what is in force and through the files, and show what would change in meaning.

    Nothing is written. Exits 0 when nothing would change, 1 when something would, 2 on an error. Where no gateway has run, name
    --documents: they are held against --against, or against nothing, which shows what would pass and what would fail.
    """
    done = _Plan(load_settings(data), last, documents, against, partners, maps)
    planned = list(done.run())
    if as_json:
        print_json(_plain(done, planned))
    else:
        _show(done, planned)
    raise typer.Exit(1 if anything(planned) else 0)


class _Plan:
    """The two sides and the documents between them. Raises WrongInput and Collected for what is wrong with the files."""

    def __init__(
        self,
        where: Settings,
        last: int,
        documents: Path | None,
        against: Path | None,
        partners: Path | None,
        maps: Path | None,
    ) -> None:
        self._last, self._documents = last, documents
        self._partners, self._maps = partners or where.partners, maps or where.maps
        self._store = self._find(where, against)
        self.before, self.compared = self._before(against)
        self.after = self._after()

    def run(self) -> Iterable[Planned]:
        """Every document, handled twice."""
        return replay(self.before, self.after, self._replayed())

    def changes(self) -> list[Change]:
        """What applying the files would change; nothing where they are compared with other files."""
        if self._store is None:
            return []
        return [each for each in compare(self._store, self._partners, self._maps) if each.how != "same"]

    def _find(self, where: Settings, against: Path | None) -> Database | None:
        """The store, where one is needed: to compare with, or for its documents."""
        if self._documents is not None and against is not None:
            return None
        try:
            return find_store(where)
        except WrongInput as error:
            if self._documents is None:
                raise WrongInput(
                    error.what, where=error.where, do="name files with --documents, or the gateway's --data"
                ) from None
            return None

    def _before(self, against: Path | None) -> tuple[Side, str]:
        if against is not None:
            old = Library.load(against / "maps")
            return Side(loader.load(against / "partners", old.names()), old), f"the files in {against}"
        if self._store is None:
            return Side(None, Library.of({})), "nothing: no gateway has run here"
        return Side(in_force(self._store), maps_in_force(self._store)), "what is in force"

    def _after(self) -> Side:
        library = Library.load(self._maps)
        directory = loader.load(self._partners, library.names())
        check(library, in_use(directory))
        return Side(directory, library)

    def _replayed(self) -> Iterable[Replayed]:
        if self._documents is not None:
            return in_files(self._documents, self._store.clock if self._store else None)
        assert self._store is not None  # noqa: S101  # _find has raised where there is none
        return stored(self._store, self._last)


def _show(done: _Plan, planned: Sequence[Planned]) -> None:
    out.print(f"{count(len(planned), 'document')}, compared with {done.compared}", markup=False)
    for change in done.changes():
        out.print(f"  {change.how} {change.kind} {change.name}", markup=False)
    found = counts(planned)
    rows: dict[tuple[str, str, str], Counter[str]] = {}
    for one in planned:
        rows.setdefault((one.partner, one.direction, one.set), Counter())[one.difference.how] += 1
    hows = [how for how in HOWS if found[how]]
    if planned:
        table = [[*key, *(count[how] or "" for how in hows)] for key, count in sorted(rows.items())]
        print_table("what would change", ("partner", "way", "set", *hows), table, numbers=hows)
    shown = [how for how in HOWS if how not in AS_BEFORE] if done.before.directory is not None else ["fails as before"]
    for one in planned:
        if one.difference.how in shown:
            _show_one(one)
    changed = sum(found[how] for how in HOWS if how not in AS_BEFORE)
    out.print(_sum(changed, len(planned)), markup=False)


def _sum(changed: int, documents: int) -> str:
    if not documents:
        return "no document is on record to replay"
    return f"{changed} of {count(documents, 'document')} would change" if changed else "nothing would change"


def _show_one(one: Planned) -> None:
    style = _STYLES.get(one.difference.how, "bold")
    out.print(f"[{style}]{one.difference.how}[/{style}]  {escape(one.name)} ({one.direction}, {escape(one.partner or 'nobody')})")
    for line in one.difference.lines[:_LINES]:
        out.print(f"    {line}", markup=False, soft_wrap=True)
    if len(one.difference.lines) > _LINES:
        out.print(f"    and {len(one.difference.lines) - _LINES} more; --json has all")


def _plain(done: _Plan, planned: Sequence[Planned]) -> dict[str, object]:
    return {
        "compared_with": done.compared,
        "changes": [{"kind": each.kind, "name": each.name, "how": each.how} for each in done.changes()],
        "counts": dict(counts(planned)),
        "documents": [
            {
                "name": one.name,
                "set": one.set,
                "direction": one.direction,
                "partner": one.partner,
                "how": one.difference.how,
                "lines": list(one.difference.lines),
            }
            for one in planned
        ],
    }
