"""All maps of a folder: the common ones, and each partner's differences laid over them.

maps/850-order.yaml             850-order
maps/northwind/850-order.yaml   northwind/850-order, ``extends: 850-order``
maps/codes/units.yaml           a code list; maps/northwind/codes/units.yaml is northwind's, laid over it
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from edi_gateway.documents.catalog import KINDS
from edi_gateway.errors import WrongInput
from edi_gateway.mapping.check import check
from edi_gateway.mapping.codes import CodeList, read_codes
from edi_gateway.mapping.constants import check_constants
from edi_gateway.mapping.errors import Mistakes
from edi_gateway.mapping.forms import Form
from edi_gateway.mapping.guides import constants_in, required_in, unused_in
from edi_gateway.mapping.reading import ReadingMap
from edi_gateway.mapping.rules import READING, WRITING, Scope
from edi_gateway.mapping.source import MapSource, effective, read_map
from edi_gateway.mapping.view import Ignored, View
from edi_gateway.mapping.writing import WritingMap
from edi_gateway.plainyaml import Fields, read_text
from edi_gateway.x12.guide import Guide
from edi_gateway.x12.place import Place, parse

_CODES = "codes"


class Library:
    """All maps together; with a ``partner``, names mean that partner's maps first and the common ones then.

    ``folder`` is what files are called by in messages, and where stored tests are looked for.
    """

    def __init__(self, folder: Path, partner: str | None) -> None:
        self.folder, self.partner = folder, partner
        self._texts: dict[str, str] = {}
        self._files: dict[str, Fields] = {}
        self._unreadable: dict[str, WrongInput] = {}
        self._codes: dict[str, dict[str, CodeList]] = {"": {}}
        self._code_mistakes = Mistakes()
        self._views: dict[tuple[str, str], tuple[MapSource, View]] = {}
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
        for path in _yaml_files(folder):
            library._take(path.relative_to(folder).as_posix(), partial(read_text, path))
        return library

    @classmethod
    def of(cls, texts: Mapping[str, str], folder: Path = Path("maps")) -> Library:
        """The maps and code lists in ``texts``, by their path below ``folder``, which need not be there."""
        library = cls(folder, None)
        for path in sorted(texts):
            library._take(path, partial(texts.__getitem__, path))
        return library

    def _take(self, path: str, text: Callable[[], str]) -> None:
        """Takes the file at ``path``, a map (``northwind/850-order.yaml``) or a code list (``northwind/codes/units.yaml``)."""
        name, file = path.removesuffix(".yaml"), str(self.folder / path)
        holder, _, last = name.rpartition("/")
        is_list = holder.rpartition("/")[2] == _CODES
        try:
            said = self._texts[path] = text()
            if is_list:
                self._codes.setdefault(holder.removesuffix(_CODES), {})[last] = read_codes(said, file)
            else:
                self._files[name] = read_map(said, file)
        except WrongInput as error:
            if is_list:
                self._code_mistakes.take(error, file)
            else:
                self._unreadable[name] = error

    def says(self, texts: Mapping[str, str]) -> bool:
        """Whether these are its maps and code lists, word for word."""
        return self._texts == texts

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
            self._reading[full] = ReadingMap(full, self.version(full), source.kind, view)
        return self._reading[full]

    def writing(self, name: str) -> WritingMap:
        """The map ``name`` for writing sets, turned round if it was written for reading them. Raises like ``reading``."""
        full = self._full(name)
        if full not in self._writing:
            source, view = self._checked(full, WRITING)
            self._writing[full] = WritingMap(full, self.version(full), source.kind, view)
        return self._writing[full]

    def check(self, *names: str, constants: bool = True) -> None:
        """Holds the maps named, or all, against their sets and documents. Raises Collected with every mistake.

        ``constants``: what they write of themselves has to be fit for its elements, too. A partner may have agreed to take what
        is not, so that stops no map that is in force.
        """
        mistakes = Mistakes()
        if not names:
            mistakes.found += self._code_mistakes.found
        for name in names or self.names():
            try:
                full = self._full(name)
                source = self.source(full)
                for direction in (READING, WRITING) if source.turned is not None else (source.form,):
                    _, view = self._checked(full, direction)
                    if constants and direction == WRITING:
                        check_constants(view, mistakes)
            except WrongInput as error:
                mistakes.take(error, name)
        mistakes.raise_if_any()

    def against(self, name: str, guide: Guide) -> list[WrongInput]:
        """What a map may write against a guide: segments it has unused, constants it does not list. Raises like ``writing``."""
        _, view = self._checked(self._full(name), WRITING)
        return [*unused_in(view, guide), *constants_in(view, guide)]

    def lacks(self, name: str, guide: Guide) -> list[WrongInput]:
        """What a guide requires and a map that writes never makes: every such document would be held. Raises like ``writing``."""
        _, view = self._checked(self._full(name), WRITING)
        return list(required_in(view, guide))

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

    def texts(self, name: str) -> dict[str, str]:
        """The files a map is made of, by path: its own, what it extends and the code lists it uses. Raises like ``source``."""
        source = self.source(name)
        paths = [f"{each}.yaml" for each in source.chain]
        for prefix in dict.fromkeys(("", self._prefix(source.name))):
            own = self._codes.get(prefix, {})
            paths += [f"{prefix}{_CODES}/{each}.yaml" for each in self._used_lists(source) if each in own]
        return {path: self._texts[path] for path in paths}

    def version(self, name: str) -> str:
        """SHA-256 of all that a map says, comments aside: what ``reading(name).version`` is. Raises like ``source``."""
        source = self.source(name)
        lists = self.code_lists(source.name)
        used = [(each, sorted(lists[each].words.items()), lists[each].kept) for each in self._used_lists(source)]
        return source.version(repr(used))

    def _used_lists(self, source: MapSource) -> list[str]:
        return sorted(each for each in self.code_lists(source.name) if f"codes:'{each}'" in source.text)

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
        """A map's view in one direction, made once. Raises Collected with every mistake."""
        if (name, direction) not in self._views:
            self._views[name, direction] = self._look_at(name, direction)
        return self._views[name, direction]

    def _look_at(self, name: str, direction: str) -> tuple[MapSource, View]:
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


def _yaml_files(folder: Path) -> list[Path]:
    """The files of maps and code lists: at the top and in each partner's folder."""
    patterns = ("*.yaml", f"{_CODES}/*.yaml", "*/*.yaml", f"*/{_CODES}/*.yaml")
    return sorted({path for pattern in patterns for path in folder.glob(pattern)})


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
