"""A map's reading direction as Python source: one function a loop, each segment looked at once.

The source is written for speed first: plain comparisons, local variables, no interpretation of the map while a document is read.
The same source is written a second time with calls that note every value (``traced``), for telling where a value came from and
what was wrong with one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from edi_gateway.mapping.lines import Lines
from edi_gateway.mapping.reading_entries import Entries, Entry
from edi_gateway.mapping.reading_values import ReadingValues
from edi_gateway.mapping.remembering import MOST_SEGMENTS, Repeating
from edi_gateway.mapping.rules import FieldPath, Scope, Tap
from edi_gateway.mapping.shape import Shape
from edi_gateway.mapping.slots import Slots
from edi_gateway.mapping.types import fields
from edi_gateway.mapping.view import View
from edi_gateway.x12.place import SegmentRef

_STATE = "_segments, _texts, _i, _n, _open, extras"


class ReadingCode(ReadingValues):
    """Writes the source; ``names`` is what it needs around it, ``rules`` what the numbers in traced source stand for."""

    def __init__(self, view: View, traced: bool) -> None:
        super().__init__(view, traced)
        self._entries = Entries(view)
        self._repeating = Repeating(view, self._entries)
        self._functions: list[str] = []
        self._marks: dict[int, tuple[int, int]] = {}
        self._inlined = 0
        self._value = ""

    def source(self) -> str:
        """The whole source, ending in ``read(segments, texts)``: the same segments split and not split.

        ``_e``, ``_c`` and ``_r`` are names it is bound to: the separators of elements, of components and of repetitions.
        """
        top = self.view.top
        self._out = out = Lines()
        with out.block("def read(_segments, _texts):"):
            out.add("extras = []", "_open = []", "_n = len(_segments)")
            out.add('if _n and _segments[-1][0] == "SE":', "    _n -= 1")
            out.add('_i = 1 if _n and _segments[0][0] == "ST" else 0')
            slots = self._open(top, "", None)
            self._loop(top, slots)
            self._finish(top, slots)
        memories = "".join(f"{name} = {{}}\n" for name in self.memories)
        return "\n\n".join([*([memories] if memories else []), *self._functions, str(out)])

    # --- a document part: its variables, and the value made of them -------------------------------------------------------

    def _open(self, maker: Scope, prefix: str, nth: str | None) -> Slots:
        slots = Slots(self.view, maker, prefix, nth, self.names, traced=self.traced)
        if self.traced:
            self._out.add(f"{prefix}_b = _i")
        for value, variables in slots.initial().items():
            if value == "[]":
                self._out.add(*(f"{variable} = []" for variable in variables))
            else:
                self._out.add(f"{' = '.join(variables)} = {value}")
        self._marks[id(slots)] = self._out.mark()
        return slots

    def _finish(self, maker: Scope, slots: Slots) -> None:
        if slots.flags:
            self._out.put(self._marks[id(slots)], f"{' = '.join(slots.flags)} = False")
        self._out.add(*slots.settle())
        self._required(maker, slots)
        value, later = slots.construct()
        if maker.parent is None and "extras" in fields(self.view.document):
            extra = '_Extra(position=_at + 1, segment="*".join(_segments[_at]))'
            self._out.add(f"extras = tuple([{extra} for _at in sorted(set(extras))]) if extras else ()")
        if later:
            self._out.add(f"_v = {value}", *later)
            value = "_v"
        if maker.parent is None:
            self._out.add(f"return {value}")
        else:
            self._value = value

    def _required(self, maker: Scope, slots: Slots) -> None:
        for condition, path, who in slots.required():
            name = ".".join(path)
            if not self.traced:
                self._out.add(f"if {condition}:", "    raise _Missing")
                continue
            place = who.path if isinstance(who, Scope) else " or ".join(str(place) for place in who.places)
            at = "None" if isinstance(who, Scope) and maker.parent is None else f"{slots.prefix}_b"
            self._out.add(f"if {condition}:", f"    _missing({self._number(who, place, name)}, {at})")

    # --- a loop: what to do with each segment that may stand in it --------------------------------------------------------

    def _loop(self, scope: Scope, slots: Slots) -> None:
        """The ``while`` over the segments of a scope, its head aside."""
        own = self.view.shape(scope)
        if own is None:
            return
        out = self._out
        with out.block("while _i < _n:"):
            out.add("_s = _segments[_i]", "_id = _s[0]")
            word = "if"
            if outer := self._entries.outer(scope) - set(own.order) - set(self._entries.of(scope)):
                out.add(f"if _id in {self._set('_outer', outer)}:", "    break")
                word = "elif"
            for segment_id, entries in self._entries.in_order(scope):
                with out.block(f'{word} _id == "{segment_id}":'):
                    self._dispatch(scope, own, segment_id, entries, slots)
                word = "elif"
            self._others(scope, own, word)

    def _others(self, scope: Scope, own: Shape, word: str) -> None:
        out = self._out
        mapped = set(self._entries.of(scope))
        loops = {head: frozenset(loop.all_ids()) for head, loop in own.loops.items() if head not in mapped}
        if loops:
            name = self.names.of("_loops", loops)
            out.add(f"{word} _id in {name}:", f"    _i = _skip(_segments, _i, _n, {name}[_id], extras)")
            word = "elif"
        with out.block("else:" if word == "elif" else None):
            out.add("extras.append(_i)", "_i += 1")

    def _dispatch(self, scope: Scope, own: Shape, segment_id: str, entries: list[Entry], slots: Slots) -> None:
        out = self._out
        out.add("_k = len(_s)")
        if segment_id == "HL" and scope.parent is not None:
            out.add("if _k > 2 and _s[2] in _open[:-1] and _s[2] != _open[-1]:", "    break")
        word, always = "if", False
        for segment, given, taps, scopes in entries:
            tests = self._tests(segment, given)
            flag = None
            if not self._entries.repeats(taps, scopes):
                flag = slots.flag()
                tests.append(f"not {flag}")
            always = not tests
            opening = f"{word} {' and '.join(tests)}:" if tests else ("else:" if word == "elif" else None)
            with out.block(opening):
                if flag:
                    out.add(f"{flag} = True")
                self._segment(scope, segment, taps, scopes, slots)
            word = "elif"
            if always:
                break
        if not always:
            with out.block("else:"):
                self._unclaimed(scope, own, segment_id)

    def _unclaimed(self, scope: Scope, own: Shape, segment_id: str) -> None:
        out = self._out
        if own.hierarchical and segment_id == "HL":
            levels = self._entries.outer_levels(scope)
            if levels:
                out.add(f"if _get(_s, 3) in {self._set('_levels', levels)}:", "    break")
            out.add(f"_i = _skip(_segments, _i, _n, {self._set('_inside', own.all_ids())}, extras)")
        elif segment_id in own.loops:
            inside = self._set("_inside", own.loops[segment_id].all_ids())
            out.add(f"_i = _skip(_segments, _i, _n, {inside}, extras)")
        else:
            out.add("extras.append(_i)", "_i += 1")

    # --- one segment ------------------------------------------------------------------------------------------------------

    def _segment(self, scope: Scope, segment: SegmentRef, taps: list[Tap], scopes: list[Scope], slots: Slots) -> None:
        """Takes what is to be taken of the segment at ``_i`` and goes on behind it."""
        loops = [scope for scope in scopes if scope.pairs_from is None]
        if not loops:
            self._keep_rest(segment, taps, scopes)
        self._take_all(taps, [child for child in scopes if child.pairs_from is not None], slots, keep=not loops)
        if not loops:
            self._out.add("_i += 1")
            self._pass_rest(scope, segment.id)
        for child in loops:
            if child.makes:
                self._part(child, slots)
            else:
                self._around(child, slots)

    def _pass_rest(self, scope: Scope, segment_id: str) -> None:
        """Where only the head of a loop is read, what follows in it must not be taken for something of the scope's."""
        own = self.view.shape(scope)
        if own is None or segment_id not in own.loops:
            return
        inside = own.loops[segment_id].all_ids()
        if inside & (set(self._entries.of(scope)) | self._entries.outer(scope) - set(own.order)):
            self._skip_rest(inside)

    def _skip_rest(self, inside: set[str]) -> None:
        """Passes what stands in a loop of which nothing is read; there seldom is anything, and a call for it is dear."""
        ids = self._set("_inside", inside)
        self._out.add(f"if _i < _n and _segments[_i][0] in {ids}:", f"    _i = _skip_rest(_segments, _i, _n, {ids}, extras)")

    def _head(self, scope: Scope, slots: Slots) -> None:
        """Takes what the first segment of a scope holds; one that no rule speaks of is kept whole, but for a bare HL."""
        heads = [tap for tap in self.view.taps(scope) if tap.place.segment == scope.segment]
        lists = [child for child in scope.scopes if child.segment == scope.segment and child.pairs_from]
        singles = [tap for tap in heads if not tap.rule.many]
        out = self._out
        flag = slots.flag() if singles and not scope.makes else None
        with out.block(f"if not {flag}:" if flag else None):
            if flag:
                out.add(f"{flag} = True")
            keep = scope.segment is not None and scope.segment.id != "HL"
            if scope.segment is not None and keep:
                self._keep_rest(scope.segment, heads, lists)
            self._take_all(heads, lists, slots, keep=keep)
        if flag:
            out.add("else:", "    extras.append(_i)")
        out.add("_i += 1")

    def _around(self, scope: Scope, slots: Slots) -> None:
        """A loop whose rules fill the part around it."""
        self._head(scope, slots)
        with self._level(scope):
            self._loop(scope, slots)

    @contextmanager
    def _level(self, scope: Scope) -> Iterator[None]:
        """While an HL is open, what names one of those above it as its parent (HL02) is not taken for its own."""
        hierarchical = scope.segment is not None and scope.segment.id == "HL"
        if hierarchical:
            self._out.add("_open.append(_get(_s, 1))")
        yield
        if hierarchical:
            self._out.add("_open.pop()")

    def _part(self, scope: Scope, slots: Slots) -> None:
        """A loop or segment that makes a part of its own."""
        variable, nth = slots.of_scope(scope), f"len({slots.of_scope(scope)} or ()) + 1" if scope.many else "1"
        if self.traced:
            index = f"len({variable})" if scope.many else "None"
            self._out.add(f'_enter("{".".join(scope.field)}", {index})')
        value = self._of_loop(scope, nth) if self._entries.has_loop(scope) else self._inline(scope, nth)
        if self.traced:
            self._out.add("_leave()")
        self._out.add(*(slots.adds(scope, value) if scope.many else [f"{variable} = {value}"]))

    def _of_loop(self, scope: Scope, nth: str) -> str:
        """A part whose loop is read by a function of its own; one that was made before of the same segments is taken again."""
        out, name = self._out, self._function(scope)
        call = f"{name}({_STATE}, {nth})"
        if self.traced or not (self._repeating.is_remembered(scope) and self._repeating.is_leaf(scope)):
            out.add(f"_v, _i = {call}")
            return "_v"
        kept, outer = self._memory(), self._set("_outer", self._repeating.outer(scope))
        out.add("_j = _i + 1")
        out.add(f"while _j < _n and _segments[_j][0] not in {outer}:", "    _j += 1")
        out.add(f"_key = tuple(_texts[_i:_j]) if _j - _i <= {MOST_SEGMENTS} else None")
        with out.block(f"if (_v := {kept}.get(_key)) is None:"):
            out.add("_before = len(extras)", f"_v, _i = {call}")
            with out.block("if _i == _j and _key is not None and len(extras) == _before:"):
                out.add(f"_remember({kept}, _key, _key, _v)")
        out.add("else:", "    _i = _j")
        return "_v"

    def _inline(self, scope: Scope, nth: str) -> str:
        """A part made of one segment, unless it was made before of the same one."""
        out = self._out
        if self.traced or not self._repeating.is_remembered(scope):
            value = self._of_segment(scope, nth)
        else:
            kept, value = self._memory(), "_v"
            with out.block(f"if (_v := {kept}.get(_key := _texts[_i])) is None:"):
                out.add("_before = len(extras)")
                out.add(f"_v = {self._of_segment(scope, nth)}")
                out.add("if len(extras) == _before:", f"    _remember({kept}, _key, (_key,), _v)")
            out.add("else:", "    _i += 1")
        found = self.view.shape(scope)
        inside = found.all_ids() if found is not None else set()
        if inside:
            self._skip_rest(inside)
        return value

    def _of_segment(self, scope: Scope, nth: str) -> str:
        self._inlined += 1
        own = self._open(scope, f"_p{self._inlined}_", nth)
        self._head(scope, own)
        self._finish(scope, own)
        return self._value

    def _function(self, scope: Scope) -> str:
        name = self.names.reserve("_".join(("read", *_names(scope))))
        before, self._out = self._out, Lines()
        with self._out.block(f"def {name}({_STATE}, _nth):  # {scope.path}, {scope.where}"):
            slots = self._open(scope, "", "_nth")
            self._out.add("_s = _segments[_i]", "_k = len(_s)")
            self._head(scope, slots)
            with self._level(scope):
                self._loop(scope, slots)
            self._finish(scope, slots)
            self._out.add(f"return {self._value}, _i")
        self._functions.append(str(self._out))
        self._out = before
        return name


def _names(scope: Scope) -> FieldPath:
    if scope.parent is None:
        return ()
    return (*_names(scope.parent), *scope.field)
