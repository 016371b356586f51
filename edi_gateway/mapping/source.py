"""Maps as files: what a map file says at its top, and a partner's differences laid over the map it extends."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from edi_gateway.documents.catalog import KINDS
from edi_gateway.errors import WrongInput
from edi_gateway.mapping.rules import READING, WRITING
from edi_gateway.plainyaml import Fields, Items, Plain, Text, loads

TOP = ("map", "extends", "reads", "writes", "turned", "ignores")
_MAP = "a map names a set and a document: 'reads: {set: 850, releases: [004010]}' and 'writes: order', or the other way round"


@dataclass(frozen=True)
class MapSource:
    """A map's effective text: its file with what it extends laid beneath.

    ``kind`` is the document's word, ``form`` whether the map was written for reading a set or for writing one; ``body`` holds its
    lines, ``turned`` those that hold only in the other direction, ``ignores`` what it knowingly does not carry.
    """

    name: str
    file: str
    kind: str
    set_code: str
    releases: tuple[str, ...]
    form: str
    body: Fields
    turned: Fields | None
    chain: tuple[str, ...]
    text: str
    ignores: tuple[Text, ...] = ()

    def version(self, codes: str) -> str:
        """SHA-256 of everything the map says, code lists included, comments aside."""
        return hashlib.sha256(f"{self.text}\n{codes}".encode()).hexdigest()


def read_map(text: str, file: str) -> Fields:
    """The map in the text of a file. Raises WrongInput if it is no mapping or is named otherwise inside."""
    body, name = loads(text, file), PurePath(file).stem
    if not isinstance(body, Fields):
        raise WrongInput("is no map", where=f"{file}:1", do=_MAP)
    if said(body, "map") != name:
        raise WrongInput(f"is named '{said(body, 'map') or ''}' inside", where=f"{file}:1", do=f"say 'map: {name}'")
    return body


def said(fields: Fields, word: str) -> Plain | None:
    """What a mapping says under ``word``, or None."""
    return fields.get(Text(word))


def effective(name: str, files: Callable[[str], Fields | None]) -> MapSource:
    """The map ``name`` with all it extends. Raises WrongInput for a base that is not there or a circle."""
    chain = [name]
    own = whole = _known(name, files, None)
    while (extends := said(own, "extends")) is not None:
        base = str(extends)
        if base in chain:
            raise WrongInput(f"extends itself: {' → '.join([*chain, base])}", where=extends.where)
        chain.append(base)
        own = _known(base, files, extends)
        whole = laid_over(own, whole)
    return _source(name, whole, tuple(chain))


def _known(name: str, files: Callable[[str], Fields | None], asked: Plain | None) -> Fields:
    found = files(name)
    if found is None:
        raise WrongInput(f"there is no map '{name}'", where=asked.where if asked is not None else None)
    return found


def laid_over(base: Fields, over: Fields) -> Fields:
    """``over`` on top of ``base``: lines both have are taken from ``over``, unless both hold lines of their own.

    A line of the base that ``over`` has with nothing on its right is gone.
    """
    keys = {str(key): key for key in over}
    merged = Fields(over.file, over.line)
    for key, below in base.items():
        above = over.get(key)
        if above is None:
            merged[key] = below
        elif above == "":
            continue
        elif key == "ignores" and isinstance(above, Items) and isinstance(below, Items):
            both = Items(above.file, above.line)
            both.extend([*above, *(one for one in below if one not in above)])
            merged[keys[key]] = both
        elif isinstance(above, Fields):
            merged[keys[key]] = laid_over(_as_fields(below, above), above)
        else:
            merged[keys[key]] = above
    for key, above in over.items():
        if key not in base:
            merged[key] = above
    return merged


def _as_fields(below: Plain, above: Fields) -> Fields:
    """A bare value is the same as ``from``, so words can be laid over it; a new source replaces the old one."""
    if isinstance(below, Fields):
        replaced = {"from", "each"} & set(above)
        kept = Fields(below.file, below.line)
        kept.update((key, value) for key, value in below.items() if not (replaced and key in ("from", "each")))
        return kept
    fields = Fields(above.file, above.line)
    if below != "" and not {"from", "each", "fields"} & set(above):
        fields[Text("from", above.file, above.line)] = below
    return fields


def _source(name: str, whole: Fields, chain: tuple[str, ...]) -> MapSource:
    where = whole.where
    reads, writes = said(whole, "reads"), said(whole, "writes")
    form = READING if isinstance(reads, Fields) else WRITING
    ends, kind = (reads, writes) if form == READING else (writes, reads)
    if not isinstance(ends, Fields) or not isinstance(kind, Text):
        raise WrongInput("does not say what it reads and what it writes", where=where, do=_MAP)
    if kind not in KINDS:
        raise WrongInput(f"there is no document '{kind}'", where=kind.where, do="one of: " + ", ".join(KINDS))
    set_code, releases = said(ends, "set"), said(ends, "releases")
    if not isinstance(set_code, Text) or not isinstance(releases, Items) or not releases:
        raise WrongInput("does not say which set in which releases", where=ends.where, do=_MAP)
    makes = str(kind) if form == READING else str(set_code)
    body, turned = said(whole, makes), said(whole, "turned")
    if not isinstance(body, Fields):
        raise WrongInput(f"has no '{makes}:' with the lines it makes", where=where)
    for key in whole:
        if key not in (*TOP, makes):
            raise WrongInput(f"'{key}' is no word for the top of a map", where=key.where, do=", ".join((*TOP, makes)))
    if turned is not None and not isinstance(turned, Fields):
        raise WrongInput("'turned' holds lines", where=where)
    ignores = said(whole, "ignores") or Items()
    if not isinstance(ignores, Items) or not all(isinstance(one, Text) for one in ignores):
        raise WrongInput("'ignores' holds a list of places or fields", where=where, do="write it like [CUR01, TD501]")
    bases = tuple(dict.fromkeys(str(release)[:6] for release in releases))
    return MapSource(
        name, whole.file, str(kind), str(set_code), bases, form, body, turned, chain, _written(whole), tuple(ignores)
    )


def _written(value: Plain) -> str:
    """A text that is the same for the same meaning, whatever the layout and the comments."""
    if isinstance(value, Fields):
        return "{" + ",".join(f"{key!s}:{_written(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, Items):
        return "[" + ",".join(_written(inner) for inner in value) + "]"
    return repr(str(value))
