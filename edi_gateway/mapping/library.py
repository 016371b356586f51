"""All maps of a folder: the common ones, and each partner's differences laid over them.

maps/850-order.yaml             850-order
maps/northwind/850-order.yaml   northwind/850-order, ``extends: 850-order``
maps/codes/units.yaml           a code list; maps/northwind/codes/units.yaml is northwind's, laid over it
"""

from __future__ import annotations

from pathlib import Path

from edi_gateway.documents.catalog import KINDS
from edi_gateway.errors import WrongInput
from edi_gateway.mapping.check import check
from edi_gateway.mapping.codes import CodeList, load_folder
from edi_gateway.mapping.errors import Mistakes
from edi_gateway.mapping.forms import Form
from edi_gateway.mapping.guides import constants_in, required_in, unused_in
from edi_gateway.mapping.reading import ReadingMap
from edi_gateway.mapping.rules import READING, WRITING, Scope
from edi_gateway.mapping.source import MapSource, effective, read_file
from edi_gateway.mapping.view import Ignored, View
from edi_gateway.mapping.writing import WritingMap
from edi_gateway.plainyaml import Fields
from edi_gateway.x12.guide import Guide
from edi_gateway.x12.place import Place, parse

_CODES = "codes"


class Library:
    """The maps of a folder; with a ``partner``, names mean that partner's maps first and the common ones then."""

    def __init__(self, folder: Path, partner: str | None) -> None:
        self.folder, self.partner = folder, partner
        self._files: dict[str, Fields] = {}
        self._unreadable: dict[str, WrongInput] = {}
        self._codes: dict[str, dict[str, CodeList]] = {}
        self._code_mistakes = Mistakes()
        self._reading: dict[str, ReadingMap] = {}
        self._writing: dict[str, WritingMap] = {}

    @classmethod
    def load(cls, folder: Path, partner: str | None = None) -> Library:
        """Reads all map files and code lists. Raises WrongInput if there is no such folder.

        What is wrong with a single map is told when that map is asked for, or by ``check``.
        """
        if not folder.is_dir():
            raise WrongInput("there is no such folder of maps", where=str(folder))
        library = cls(folder, partner)
        library._load_folder(folder, "")
        for inner in sorted(path for path in folder.iterdir() if path.is_dir() and path.name != _CODES):
            library._load_folder(inner, f"{inner.name}/")
        return library

    def _load_folder(self, folder: Path, prefix: str) -> None:
        self._codes[prefix] = load_folder(folder / _CODES, self._code_mistakes)
        for path in sorted(folder.glob("*.yaml")):
            try:
                self._files[prefix + path.stem] = read_file(path)
            except WrongInput as error:
                self._unreadable[prefix + path.stem] = error

    def names(self) -> list[str]:
        """The names of all maps; a partner's are ``partner/name``."""
        return sorted({*self._files, *self._unreadable})

    def reading(self, name: str) -> ReadingMap:
        """The map ``name`` for reading sets, turned round if it was written for writing them.

        Raises WrongInput for an unknown name, and Collected with all mistakes of a map that is wrong.
        """
        full = self._full(name)
        if full not in self._reading:
            source, view = self._checked(full, READING)
            self._reading[full] = ReadingMap(full, self._version(source, full), source.kind, view)
        return self._reading[full]

    def writing(self, name: str) -> WritingMap:
        """The map ``name`` for writing sets, turned round if it was written for reading them. Raises like ``reading``."""
        full = self._full(name)
        if full not in self._writing:
            source, view = self._checked(full, WRITING)
            self._writing[full] = WritingMap(full, self._version(source, full), source.kind, view)
        return self._writing[full]

    def check(self, *names: str) -> None:
        """Holds the maps named, or all, against their sets and documents. Raises Collected with every mistake."""
        mistakes = Mistakes()
        if not names:
            mistakes.found += self._code_mistakes.found
        for name in names or self.names():
            try:
                full = self._full(name)
                source = self.source(full)
                for direction in (READING, WRITING) if source.turned is not None else (source.form,):
                    self._checked(full, direction)
            except WrongInput as error:
                mistakes.take(error, name)
        mistakes.raise_if_any()

    def against(self, name: str, guide: Guide) -> list[WrongInput]:
        """Where a map and a guide do not go together when it writes, each at the line that says so. Raises like ``writing``."""
        _, view = self._checked(self._full(name), WRITING)
        return [*unused_in(view, guide), *required_in(view, guide), *constants_in(view, guide)]

    def reads_against(self, name: str, guide: Guide) -> list[WrongInput]:
        """What a guide says always comes and a map does not read. Raises like ``reading``."""
        _, view = self._checked(self._full(name), READING)
        return list(required_in(view, guide))

    def source(self, name: str) -> MapSource:
        """The effective text of a map."""
        full = self._full(name)
        if full in self._unreadable:
            raise self._unreadable[full]
        return effective(full, self._files.get)

    def code_lists(self, name: str) -> dict[str, CodeList]:
        """The code lists a map uses: the common ones with its partner's laid over them."""
        common, own = self._codes[""], self._codes.get(self._prefix(name), {})
        if own is common:
            return common
        laid = {key: codes.over(common[key]) if key in common else codes for key, codes in own.items()}
        return {**common, **laid}

    def _prefix(self, name: str) -> str:
        partner = name.rpartition("/")[0] or self.partner or ""
        return f"{partner}/" if partner else ""

    def _full(self, name: str) -> str:
        """A partner's own map comes before the common one of that name."""
        if self.partner and f"{self.partner}/{name}" in {*self._files, *self._unreadable}:
            return f"{self.partner}/{name}"
        if name not in self._files and name not in self._unreadable:
            raise WrongInput(f"there is no map '{name}' in {self.folder}", do="one of: " + ", ".join(self.names()))
        return name

    def _checked(self, name: str, direction: str) -> tuple[MapSource, View]:
        source, mistakes = self.source(name), Mistakes()
        top = self._tree(source, mistakes, whole=direction != source.form)
        counted = _counted(self._tree(source, Mistakes(), whole=True))
        lists = self.code_lists(name)
        ignored = _ignored(source, mistakes)
        view = View(direction, top, KINDS[source.kind], source.set_code, source.releases, lists, counted, ignored)
        check(view, mistakes)
        mistakes.raise_if_any()
        return source, view

    def _tree(self, source: MapSource, mistakes: Mistakes, *, whole: bool) -> Scope:
        """The rules of a map; ``whole`` with those that hold only when it is turned round."""
        top = Scope(None, where=f"{source.file}:1")
        Form(source.form, mistakes).read(source.body, top)
        if whole and source.turned is not None:
            Form(WRITING if source.form == READING else READING, mistakes, turned=True).read(source.turned, top)
        top.settle()
        return top

    def _version(self, source: MapSource, name: str) -> str:
        lists = self.code_lists(name)
        used = sorted({codes for codes in lists if f"codes:'{codes}'" in source.text})
        return source.version(repr([(codes, sorted(lists[codes].words.items()), lists[codes].kept) for codes in used]))


def _counted(top: Scope) -> dict[str, int]:
    """The segments that hold counts of others, or bounds of a loop, and the last element that is one."""
    rules = [rule for rule in top.all_rules() if rule.count and rule.form == WRITING and not rule.fields]
    return {"LS": 1, "LE": 1, **{place.segment.id: place.value_element for rule in rules for place in rule.places}}


def _ignored(source: MapSource, mistakes: Mistakes) -> Ignored:
    """What a map ignores: places are written in capitals, fields are not."""
    places: list[tuple[Place, str]] = []
    fields = []
    for text in source.ignores:
        if text[:1].islower():
            fields.append((tuple(text.split(".")), text.where))
            continue
        try:
            places.append((parse(text), text.where))
        except WrongInput as error:
            mistakes.take(error, text.where)
    return Ignored(tuple(places), tuple(fields))
