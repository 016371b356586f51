"""A map's reading direction as Python source: one function a loop, each segment looked at once.

The source is written for speed first: plain comparisons, local variables, no interpretation of the map while a document is read.
The same source is written a second time with calls that note every value (``traced``), for telling where a value came from and
what was wrong with one.
"""

from __future__ import annotations

from typing import Any

from edi_gateway.documents.base import Extra
from edi_gateway.errors import Defect
from edi_gateway.mapping import reading_runtime as runtime
from edi_gateway.mapping.conversions import TEXT
from edi_gateway.mapping.lines import Lines
from edi_gateway.mapping.names import Names
from edi_gateway.mapping.rules import FieldPath, Rule, Scope, Tap
from edi_gateway.mapping.shape import Shape, pairs_end
from edi_gateway.mapping.slots import Slots
from edi_gateway.mapping.types import fields
from edi_gateway.mapping.view import View
from edi_gateway.x12.place import SegmentRef

_STATE = "_segments, _i, _n, _c, extras"


class ReadingCode:
    """Writes the source; ``names`` is what it needs around it, ``rules`` what the numbers in traced source stand for."""

    def __init__(self, view: View, traced: bool) -> None:
        self.view, self.traced = view, traced
        self.names = Names(
            {
                "_pair": runtime.pair,
                "_component": runtime.component,
                "_get": runtime.get,
                "_skip": runtime.skip,
                "_skip_rest": runtime.skip_rest,
                "_Missing": runtime.Missing,
                "_Extra": Extra,
            }
        )
        self.rules: list[tuple[Rule | Scope, str, str]] = []  # who speaks, the place, the field
        self._functions: list[str] = []
        self._marks: dict[int, tuple[int, int]] = {}
        self._inlined = 0
        self._value = ""
        self._out = Lines()

    def source(self) -> str:
        """The whole source, ending in ``read(segments, component_separator)``."""
        top = self.view.top
        self._out = out = Lines()
        with out.block("def read(_segments, _c):"):
            out.add("extras = []", "_n = len(_segments)")
            out.add('if _n and _segments[-1][0] == "SE":', "    _n -= 1")
            out.add('_i = 1 if _n and _segments[0][0] == "ST" else 0')
            slots = self._open(top, "", None)
            self._loop(top, slots)
            self._finish(top, slots)
        return "\n\n".join([*self._functions, str(out)])

    # --- a document part: its variables, and the value made of them -------------------------------------------------------

    def _open(self, maker: Scope, prefix: str, nth: str | None) -> Slots:
        slots = Slots(self.view, maker, prefix, nth, self.names)
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
        value = slots.construct()
        if maker.parent is None:
            if "extras" in fields(self.view.document):
                self._out.add(
                    'extras = tuple([_Extra(position=_at + 1, segment="*".join(_segments[_at])) for _at in extras])',
                )
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

    def _number(self, who: Rule | Scope, place: str, field: str) -> int:
        self.rules.append((who, place, field))
        return len(self.rules) - 1

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
            for segment_id, entries in self._entries(scope).items():
                with out.block(f'{word} _id == "{segment_id}":'):
                    self._dispatch(scope, own, segment_id, entries, slots)
                word = "elif"
            self._others(scope, own, word)

    def _others(self, scope: Scope, own: Shape, word: str) -> None:
        out = self._out
        mapped = set(self._entries(scope))
        outer = self._outer(scope) - set(own.order) - mapped
        if outer:
            out.add(f"{word} _id in {self._set('_outer', outer)}:", "    break")
            word = "elif"
        loops = {head: frozenset(loop.all_ids()) for head, loop in own.loops.items() if head not in mapped}
        if loops:
            name = self.names.of("_loops", loops)
            out.add(f"{word} _id in {name}:", f"    _i = _skip(_segments, _i, _n, {name}[_id], extras)")
            word = "elif"
        with out.block("else:" if word == "elif" else None):
            out.add("extras.append(_i)", "_i += 1")

    def _entries(self, scope: Scope) -> dict[str, list[tuple[SegmentRef, list[Tap], list[Scope]]]]:
        """By segment id, what the scope does with it: values to take, and scopes that begin with it. Narrowest first."""
        groups: dict[SegmentRef, tuple[list[Tap], list[Scope]]] = {}
        holding = {id(tap) for tap in self.view.taps(scope)}
        for tap in scope.taps:
            if tap.place.segment != scope.segment and id(tap) in holding:
                groups.setdefault(tap.place.segment, ([], []))[0].append(tap)
        for child in scope.scopes:
            if child.segment is not None and child.segment != scope.segment and self._speaks(child):
                groups.setdefault(child.segment, ([], []))[1].append(child)
        by_id: dict[str, list[tuple[SegmentRef, list[Tap], list[Scope]]]] = {}
        for segment, (taps, scopes) in groups.items():
            by_id.setdefault(segment.id, []).append((segment, taps, scopes))
        own = self.view.shape(scope)
        for segment_id in sorted(set(self.view.counted) - set(by_id)):
            if own is not None and own.holds(segment_id):
                by_id[segment_id] = [(SegmentRef(segment_id), [], [])]
        for entries in by_id.values():
            entries.sort(key=lambda entry: (-len(entry[0].conditions), self._repeats(entry[1], entry[2])))
        return by_id

    def _speaks(self, scope: Scope) -> bool:
        """Whether anything in or below a scope holds in this direction."""
        return scope.makes or any(self.view.taps(one) for one in scope.walk())

    def _repeats(self, taps: list[Tap], scopes: list[Scope]) -> bool:
        if not taps and not scopes:
            return True  # a segment that only counts others
        return any(tap.rule.many for tap in taps) or any(scope.many or scope.pairs_from or not scope.makes for scope in scopes)

    def _dispatch(
        self, scope: Scope, own: Shape, segment_id: str, entries: list[tuple[SegmentRef, list[Tap], list[Scope]]], slots: Slots
    ) -> None:
        out = self._out
        out.add("_k = len(_s)")
        word, always = "if", False
        for segment, taps, scopes in entries:
            tests = _tests(segment)
            flag = None
            if not self._repeats(taps, scopes):
                flag = slots.flag()
                tests.append(f"not {flag}")
            always = not tests
            opening = f"{word} {' and '.join(tests)}:" if tests else ("else:" if word == "elif" else None)
            with out.block(opening):
                if flag:
                    out.add(f"{flag} = True")
                self._segment(scope, segment_id, taps, scopes, slots)
            word = "elif"
            if always:
                break
        if not always:
            with out.block("else:"):
                self._unclaimed(scope, own, segment_id)

    def _unclaimed(self, scope: Scope, own: Shape, segment_id: str) -> None:
        out = self._out
        if own.hierarchical and segment_id == "HL":
            levels = self._outer_levels(scope)
            if levels:
                out.add(f"if _get(_s, 3) in {self._set('_levels', levels)}:", "    break")
            out.add(f"_i = _skip(_segments, _i, _n, {self._set('_inside', own.all_ids())}, extras)")
        elif segment_id in own.loops:
            inside = self._set("_inside", own.loops[segment_id].all_ids())
            out.add(f"_i = _skip(_segments, _i, _n, {inside}, extras)")
        else:
            out.add("extras.append(_i)", "_i += 1")

    def _outer(self, scope: Scope) -> set[str]:
        """What an enclosing scope could take, which ends this one."""
        ids: set[str] = set()
        above = scope.parent
        while above is not None:
            found = self.view.shape(above)
            ids |= set(found.order) if found is not None else set()
            above = above.parent
        return ids

    def _outer_levels(self, scope: Scope) -> set[str]:
        levels: set[str] = set()
        above = scope.parent
        while above is not None:
            for child in above.scopes:
                if child.segment is not None and child.segment.id == "HL":
                    levels.update(child.segment.conditions[0][1] if child.segment.conditions else ())
            above = above.parent
        return levels

    # --- one segment ------------------------------------------------------------------------------------------------------

    def _segment(self, scope: Scope, segment_id: str, taps: list[Tap], scopes: list[Scope], slots: Slots) -> None:
        """Takes what is to be taken of the segment at ``_i`` and goes on behind it."""
        loops = [scope for scope in scopes if scope.pairs_from is None]
        if not scopes:
            self._keep_untaken(segment_id, taps)
        for tap in taps:
            self._take(tap, slots)
        for child in scopes:
            if child.pairs_from is not None:
                self._pairs(child, slots)
                self._out.add(f"if not any(map(str.strip, _s[{child.pairs_from + 1} :: 2])):", "    extras.append(_i)")
        if not loops:
            self._out.add("_i += 1")
            self._pass_rest(scope, segment_id)
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
        if inside & (set(self._entries(scope)) | self._outer(scope) - set(own.order)):
            self._out.add(f"_i = _skip_rest(_segments, _i, _n, {self._set('_inside', inside)}, extras)")

    def _head(self, scope: Scope, slots: Slots) -> None:
        """Takes what the first segment of a scope holds; one that no rule speaks of is kept whole, but for a bare HL."""
        heads = [tap for tap in self.view.taps(scope) if tap.place.segment == scope.segment]
        lists = [child for child in scope.scopes if child.segment == scope.segment and child.pairs_from]
        singles = [tap for tap in heads if not tap.rule.many]
        out = self._out
        if not heads and not lists and scope.segment is not None and scope.segment.id != "HL":
            self._keep(scope.segment.id)
        if singles and not scope.makes:
            flag = slots.flag()
            with out.block(f"if not {flag}:"):
                out.add(f"{flag} = True")
                for tap in heads:
                    self._take(tap, slots)
            out.add("else:", "    extras.append(_i)")
        else:
            for tap in heads:
                self._take(tap, slots)
        for child in lists:
            self._pairs(child, slots)
        out.add("_i += 1")

    def _keep_untaken(self, segment_id: str, taps: list[Tap]) -> None:
        """Keeps a segment that holds nothing of what is read there, for it may hold something else."""
        if not taps:
            self._keep(segment_id)
            return
        elements = {tap.place.pairs_from + 1 if tap.place.pairs_from else tap.place.value_element for tap in taps}
        tests = [f"_k > {element} and _s[{element}].strip()" for element in sorted(elements)]
        self._out.add(f"if not ({' or '.join(tests)}):", "    extras.append(_i)")

    def _keep(self, segment_id: str) -> None:
        """Keeps a segment that nothing is taken of, unless all it holds is a count."""
        counted = self.view.counted.get(segment_id)
        if counted is None:
            self._out.add("extras.append(_i)")
        else:
            self._out.add(f"if _k > {counted + 1}:", "    extras.append(_i)")

    def _around(self, scope: Scope, slots: Slots) -> None:
        """A loop whose rules fill the part around it."""
        self._head(scope, slots)
        self._loop(scope, slots)

    def _part(self, scope: Scope, slots: Slots) -> None:
        """A loop or segment that makes a part of its own."""
        variable, nth = slots.of_scope(scope), f"len({slots.of_scope(scope)}) + 1" if scope.many else "1"
        if self.traced:
            index = f"len({variable})" if scope.many else "None"
            self._out.add(f'_enter("{".".join(scope.field)}", {index})')
        if self._has_loop(scope):
            name = self._function(scope)
            self._out.add(f"_v, _i = {name}({_STATE}, {nth})")
            value = "_v"
        else:
            value = self._inline(scope, nth)
        if self.traced:
            self._out.add("_leave()")
        self._out.add(f"{variable}.append({value})" if scope.many else f"{variable} = {value}")

    def _has_loop(self, scope: Scope) -> bool:
        return bool(self._entries(scope)) and self.view.shape(scope) is not None

    def _inline(self, scope: Scope, nth: str) -> str:
        self._inlined += 1
        own = self._open(scope, f"_p{self._inlined}_", nth)
        self._head(scope, own)
        self._finish(scope, own)
        found = self.view.shape(scope)
        inside = found.all_ids() if found is not None else set()
        if inside:
            self._out.add(f"_i = _skip_rest(_segments, _i, _n, {self._set('_inside', inside)}, extras)")
        return self._value

    def _function(self, scope: Scope) -> str:
        name = self.names.reserve("_".join(("read", *_names(scope))))
        before, self._out = self._out, Lines()
        with self._out.block(f"def {name}({_STATE}, _nth):  # {scope.path}, {scope.where}"):
            slots = self._open(scope, "", "_nth")
            self._out.add("_s = _segments[_i]", "_k = len(_s)")
            self._head(scope, slots)
            self._loop(scope, slots)
            self._finish(scope, slots)
            self._out.add(f"return {self._value}, _i")
        self._functions.append(str(self._out))
        self._out = before
        return name

    # --- one value --------------------------------------------------------------------------------------------------------

    def _take(self, tap: Tap, slots: Slots) -> None:
        """Takes the value of ``tap`` from segment ``_s`` into its variable."""
        place, out = tap.place, self._out
        variable = slots.of_tap(tap)
        if place.pairs_from is not None:
            end = pairs_end(place.segment.id, place.pairs_from, self.view.releases)
            test = f'_t := _pair(_s, {place.pairs_from}, {end}, "{place.pair}")'
        elif place.component is not None:
            test = f"_t := _component(_get(_s, {place.value_element}), {place.component}, _c)"
        else:
            test = f"_k > {place.value_element} and (_t := _s[{place.value_element}].rstrip())"
        with out.block(f"if {test}:"):
            value = self._value_of(tap, slots, "_t", lambda offset: f"_get(_s, {place.value_element + offset})")
            out.add(f"{variable}.append({value})" if tap.rule.many else f"{variable} = {value}")

    def _value_of(self, tap: Tap, slots: Slots, text: str, further: Any) -> str:
        """The expression for a value whose text is ``text``; in traced source it is noted before and after."""
        if not self.traced:
            return self._converted(tap, slots, text, further)
        self._out.add(f"_look({self._number(tap.rule, str(tap.place), '.'.join(tap.rule.fields[0]))}, _i, {text})")
        return f"_made({self._converted(tap, slots, text, further)})"

    def _converted(self, tap: Tap, slots: Slots, text: str, further: Any) -> str:
        if tap.rule.codes is not None:
            return f"{self.names.of(f'_codes_{tap.rule.codes}', self.view.codes[tap.rule.codes].word)}({text})"
        conversion = self.view.conversion(slots.scope_of(tap), tap, tap.rule.fields[0])
        if conversion is TEXT:
            return text
        name = self.names.of(f"_{conversion.name}", conversion.read)
        return f"{name}({', '.join([text, *(further(offset) for offset in range(1, conversion.width))])})"

    def _pairs(self, scope: Scope, slots: Slots) -> None:
        """A list of pairs: one part for each pair whose second element is there."""
        begin = scope.pairs_from
        if begin is None or scope.segment is None:
            raise Defect("a list of pairs without a beginning")
        variable, taps, out = slots.of_scope(scope), self.view.taps(scope), self._out
        part = self.names.of(self.view.part(scope).__name__, self.view.part(scope))
        with out.block(f"for _p in range({begin}, min(_k - 1, {pairs_end(scope.segment.id, begin, self.view.releases)}), 2):"):
            out.add("_t = _s[_p + 1].rstrip()")
            with out.block(f"if _t{self._unnamed(scope, slots)}:"):
                if self.traced:
                    out.add(f'_enter("{".".join(scope.field)}", len({variable}))')
                values = []
                for tap in taps:
                    element = tap.place.value_element
                    text = f"_get(_s, {element})" if element < begin else f"_s[_p + {element - begin}].rstrip()"
                    value = self._value_of(tap, slots, "_t" if element == begin + 1 else text, lambda offset: '""')
                    values.append(f"{tap.rule.fields[0][0]}={value}")
                if self.traced:
                    out.add("_leave()")
                out.add(f"{variable}.append({part}({', '.join(values)}))")

    def _unnamed(self, scope: Scope, slots: Slots) -> str:
        """The test that a pair was not taken already by a line that names its qualifier."""
        around = scope.parent.taps if scope.parent is not None else []
        named = [tap for tap in around if tap.place.pair and tap.place.segment == scope.segment and tap.rule.fields]
        taken = [f'(_s[_p] == "{tap.place.pair}" and _t == {slots.of_tap(tap)})' for tap in named]
        return f" and not ({' or '.join(taken)})" if taken else ""

    # --- names ------------------------------------------------------------------------------------------------------------

    def _set(self, hint: str, ids: set[str]) -> str:
        return self.names.of(hint, frozenset(ids))


def _tests(segment: SegmentRef) -> list[str]:
    tests = []
    for element, values in segment.conditions:
        test = f"_s[{element}] in {tuple(values)!r}" if values else f"_s[{element}]"
        if len(values) == 1:
            test = f"_s[{element}] == {values[0]!r}"
        tests.append(f"_k > {element} and {test}")
    return tests


def _names(scope: Scope) -> FieldPath:
    if scope.parent is None:
        return ()
    return (*_names(scope.parent), *scope.field)
