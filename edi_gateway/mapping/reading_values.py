"""How compiled reading source takes values from one segment, and notices what of a segment no line of the map reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

import msgspec

from edi_gateway.documents.base import Extra
from edi_gateway.errors import Defect
from edi_gateway.mapping import reading_runtime as runtime
from edi_gateway.mapping.conversions import TEXT, Conversion, remembering
from edi_gateway.mapping.lines import Lines
from edi_gateway.mapping.names import Names
from edi_gateway.mapping.remembering import remember
from edi_gateway.mapping.rules import Rule, Scope, Tap
from edi_gateway.mapping.shape import element as element_use
from edi_gateway.mapping.shape import pairs_end
from edi_gateway.mapping.slots import Slots
from edi_gateway.mapping.view import View
from edi_gateway.x12.place import SegmentRef

Further: TypeAlias = Callable[[int], str]


class ReadingValues:
    """Writes the source that looks at one segment, ``_s`` of ``_k`` items, at ``_i``."""

    def __init__(self, view: View, traced: bool) -> None:
        self.view, self.traced = view, traced
        self.names = Names(
            {
                "_pair": runtime.pair,
                "_pair_at": runtime.pair_at,
                "_other_pairs": runtime.other_pairs,
                "_hollow": runtime.hollow,
                "_component": runtime.component,
                "_repeated": runtime.repeated,
                "_get": runtime.get,
                "_unread": runtime.unread,
                "_stands": runtime.stands,
                "_skip": runtime.skip,
                "_skip_rest": runtime.skip_rest,
                "_Missing": runtime.Missing,
                "_Extra": Extra,
                "_set": msgspec.structs.force_setattr,
                "_remember": remember,
            }
        )
        self.rules: list[tuple[Rule | Scope, str, str]] = []  # who speaks, the place, the field
        self.memories: list[str] = []  # what the source remembers parts in
        self._out = Lines()

    def _number(self, who: Rule | Scope, place: str, field: str) -> int:
        self.rules.append((who, place, field))
        return len(self.rules) - 1

    def _set(self, hint: str, ids: Iterable[object]) -> str:
        return self.names.of(hint, frozenset(ids))

    def _memory(self) -> str:
        """The name of a place for parts that may come again."""
        self.memories.append(self.names.reserve("_kept"))
        return self.memories[-1]

    # --- which segment it is ----------------------------------------------------------------------------------------------

    def _tests(self, segment: SegmentRef, given: tuple[SegmentRef, ...]) -> list[str]:
        """What must hold for ``_s`` to be ``segment``, and for what must stand elsewhere in the set."""
        tests = []
        for element, values in segment.conditions:
            test = f"_s[{element}] in {tuple(values)!r}" if values else f"_s[{element}]"
            if len(values) == 1:
                test = f"_s[{element}] == {values[0]!r}"
            tests.append(f"_k > {element} and {test}")
        return tests + [f"_stands(_segments, {self.names.of('_given', ref)})" for ref in given]

    # --- what no line reads -----------------------------------------------------------------------------------------------

    def _keep_rest(self, segment: SegmentRef, taps: list[Tap], lists: list[Scope]) -> None:
        """Keeps a segment as an extra if it has data that no line reads, or nothing of what is read there."""
        known = self.view.known(segment)
        if self.traced and known:
            self._out.add(f"_known(_i, {tuple(sorted(known))!r})")
        if self.traced:
            for begin in self._pair_names(segment, taps, lists):
                self._out.add(f"_known(_i, _hollow(_s, {begin}, {pairs_end(segment.id, begin, self.view.releases)}))")
        tests = self._rest(segment, taps, lists, known)
        if taps or lists:
            if not self._begins_plainly(taps):  # else ``_take_all`` asks for it where the first one is not there
                tests.append(f"not ({' or '.join(self._taken(taps, lists))})")
        elif not known:
            tests = []
        if tests:
            self._out.add(f"if {' or '.join(tests)}:", "    extras.append(_i)")
        else:
            self._out.add("extras.append(_i)")

    def _taken(self, taps: list[Tap], lists: list[Scope], aside: int = 0) -> list[str]:
        elements = {tap.place.pairs_from + 1 if tap.place.pairs_from else tap.place.value_element for tap in taps} - {aside}
        tests = [f"_k > {element} and _s[{element}].strip()" for element in sorted(elements)]
        begins = [child.pairs_from for child in lists if child.pairs_from is not None]
        return tests + [f"any(map(str.strip, _s[{begin + 1} :: 2]))" for begin in begins]

    def _rest(self, segment: SegmentRef, taps: list[Tap], lists: list[Scope], known: frozenset[int]) -> list[str]:
        """Tests for data in elements that nothing reads: a quick look first, then the exact one."""
        read, pairs = set(known), self._pair_names(segment, taps, lists)
        for tap in taps:
            if tap.place.pairs_from is None:
                read.update(range(tap.place.value_element, tap.place.value_element + self._width(tap)))
        for child in lists:
            read |= {tap.place.value_element for tap in self.view.taps(child)}
        for begin in pairs:
            read |= set(range(begin, pairs_end(segment.id, begin, self.view.releases)))
        last = max(read, default=0)
        quick = [f"_k > {last + 1}"]
        for first, behind in _runs([number for number in range(1, last) if number not in read]):
            quick.append(_any_of(first, behind))
        tests = [f"({' or '.join(quick)}) and _unread(_s, {self._set('_read', read)})"]
        for begin, named in pairs.items():
            if named is not None:
                end = pairs_end(segment.id, begin, self.view.releases)
                tests.append(f"_k > {begin + 1} and _other_pairs(_s, {begin}, {end}, {self.names.of('_named', named)})")
        return tests + self._components(taps)

    def _pair_names(self, segment: SegmentRef, taps: list[Tap], lists: list[Scope]) -> dict[int, frozenset[str] | None]:
        """Where lists of pairs begin, and the qualifiers read there; None where the whole list is read."""
        found: dict[int, frozenset[str] | None] = {}
        for tap in taps:
            if tap.place.pairs_from is not None:
                found[tap.place.pairs_from] = (found.get(tap.place.pairs_from) or frozenset()) | {tap.place.pair}
        return {**found, **{child.pairs_from: None for child in lists if child.pairs_from is not None}}

    def _components(self, taps: list[Tap]) -> list[str]:
        most: dict[int, int] = {}
        for tap in taps:
            if tap.place.component is not None:
                element = tap.place.value_element
                most[element] = max(most.get(element, 0), tap.place.component)
        return [f"_k > {element} and _s[{element}].count(_c) >= {number}" for element, number in most.items()]

    def _width(self, tap: Tap) -> int:
        if tap.rule.codes is not None or not tap.rule.fields:
            return 1
        return self.view.conversion(self.view.scope_of(tap), tap, tap.rule.fields[0]).width

    # --- one value --------------------------------------------------------------------------------------------------------

    def _begins_plainly(self, taps: list[Tap]) -> bool:
        return bool(taps) and taps[0].place.pairs_from is None and taps[0].place.component is None

    def _take_all(self, taps: list[Tap], lists: list[Scope], slots: Slots, *, keep: bool) -> None:
        """Takes what is taken of segment ``_s``; with ``keep`` it is kept as an extra where nothing of it is there.

        Nearly every segment has its first value: the others are looked at only where it has not.
        """
        for tap in taps:
            self._take(tap, slots)
            if keep and tap is taps[0] and self._begins_plainly(taps):
                others = self._taken(taps, lists, aside=tap.place.value_element)
                with self._out.block("else:" if not others else f"elif not ({' or '.join(others)}):"):
                    self._out.add("extras.append(_i)")
        for child in lists:
            self._pairs(child, slots)

    def _take(self, tap: Tap, slots: Slots) -> None:
        """Takes the value of ``tap`` from segment ``_s`` into its variable."""
        place, out = tap.place, self._out
        variable, at = slots.of_tap(tap), str(place.value_element if place.pairs_from is None else 0)
        if place.pairs_from is not None:
            end = pairs_end(place.segment.id, place.pairs_from, self.view.releases)
            test = f'_t := _pair(_s, {place.pairs_from}, {end}, "{place.pair}")'
            at = f'_pair_at(_s, {place.pairs_from}, {end}, "{place.pair}")'
        elif place.component is not None and not (tap.rule.many and self._repeats_element(tap)):
            test = f"_t := _component(_get(_s, {place.value_element}), {place.component}, _c)"
        else:
            test = f"_k > {place.value_element} and (_t := _s[{place.value_element}].rstrip())"
        with out.block(f"if {test}:"):
            if not (tap.rule.many and self._repeats_element(tap)):
                value = self._value_of(tap, slots, "_t", at, lambda offset: f"_get(_s, {place.value_element + offset})")
                out.add(f"{variable}.append({value})" if tap.rule.many else f"{variable} = {value}")
                if found_at := slots.where(tap):
                    out.add(f"{found_at} = _i")
                return
            with out.block("for _t in _repeated(_t, _r):"):
                if place.component is not None:
                    out.add(f"_t = _component(_t, {place.component}, _c)")
                with out.block("if _t:"):
                    out.add(f"{variable}.append({self._value_of(tap, slots, '_t', at, lambda offset: '')})")

    def _repeats_element(self, tap: Tap) -> bool:
        use = element_use(tap.place.segment.id, tap.place.value_element, self.view.releases)
        return use is not None and use.repeat > 1 and tap.place.pairs_from is None

    def _value_of(self, tap: Tap, slots: Slots, text: str, at: str, further: Further, listed: bool = False) -> str:
        """The expression for a value whose text is ``text``; in traced source it is noted before and after.

        ``listed``: it stands in a list of pairs, at an element that is known only when a segment is read.
        """
        if not self.traced:
            return self._converted(tap, slots, text, further)
        number = self._number(tap.rule, str(tap.place), ".".join(tap.rule.fields[0]))
        self._out.add(f"_look({number}, _i, {at}, {text}{', True' if listed else ''})")
        if (width := self._width(tap)) > 1:
            self._out.add(f"_known(_i, {tuple(range(tap.place.value_element, tap.place.value_element + width))!r})")
        if tap.place.pairs_from is not None and tap.place.pair:
            self._out.add(f"_known(_i, ({at} - 1,))")
        return f"_made({self._converted(tap, slots, text, further)})"

    def _converted(self, tap: Tap, slots: Slots, text: str, further: Further) -> str:
        if tap.rule.codes is not None:
            codes = self.view.codes[tap.rule.codes]
            known, word = self.names.of(f"_words_{codes.name}", codes.words), self.names.of(f"_codes_{codes.name}", codes.word)
            return f"({known}.get({text}) or {word}({text}))"  # the words are at hand, and only others need a call
        conversion = self.view.conversion(slots.scope_of(tap), tap, tap.rule.fields[0])
        if conversion is TEXT or conversion.joins:
            return text
        name = self.names.of(f"_{conversion.name}", remembering(conversion))
        return f"{name}({', '.join([text, *(further(offset) for offset in range(1, conversion.width))])})"

    # --- lists of pairs ---------------------------------------------------------------------------------------------------

    def _pairs(self, scope: Scope, slots: Slots) -> None:
        """A list of pairs: one part for each pair whose second element is there."""
        begin = scope.pairs_from
        if begin is None or scope.segment is None:
            raise Defect("a list of pairs without a beginning")
        out, end = self._out, pairs_end(scope.segment.id, begin, self.view.releases)
        if self.traced or not self._is_remembered_list(scope, begin):
            self._each_pair(scope, slots, begin, end, None)
            return
        variable, kept = slots.of_scope(scope), self._memory()
        with out.block(f"if _k > {begin + 1}:"):
            out.add(f"_ids = _texts[_i].split(_e, {begin})[{begin}]")
            with out.block(f"if (_pairs := {kept}.get(_ids)) is None:"):
                out.add("_pairs = []")
                self._each_pair(scope, slots, begin, end, "_pairs")
                out.add("_pairs = tuple(_pairs)", f"_remember({kept}, _ids, (_ids,), _pairs)")
            first = "_pairs" if slots.is_alone(scope) else "[*_pairs]"  # nobody else adds to it: what is remembered may be used
            out.add(f"{variable} = [*{variable}, *_pairs] if {variable} else {first}")

    def _is_remembered_list(self, scope: Scope, begin: int) -> bool:
        """Whether a list of pairs is made of its texts alone: the ids of an item are the same on every line it stands on."""
        return all(
            tap.place.value_element >= begin and (tap.rule.codes is not None or self._conversion(tap, scope) is TEXT)
            for tap in self.view.taps(scope)
        )

    def _conversion(self, tap: Tap, scope: Scope) -> Conversion:
        return self.view.conversion(scope, tap, tap.rule.fields[0])

    def _each_pair(self, scope: Scope, slots: Slots, begin: int, end: int, into: str | None) -> None:
        """A part for each pair that has data, added to a list, or to what the scope makes."""
        variable, taps, out = slots.of_scope(scope), self.view.taps(scope), self._out
        part = self.names.of(self.view.part(scope).__name__, self.view.part(scope))
        around = sorted({tap.place.value_element for tap in taps if tap.place.value_element < begin})
        if not self.traced and around:  # the same for all pairs
            out.add(*(f"_around_{element} = _get(_s, {element})" for element in around))
        with out.block(f"for _p in range({begin}, min(_k - 1, {end}), 2):"):
            out.add("_t = _s[_p + 1].rstrip()")
            with out.block(f"if _t{self._unnamed(scope, slots)}:"):
                if self.traced:
                    out.add(f'_enter("{".".join(scope.field)}", len({variable}))')
                values = []
                for tap in taps:
                    element = tap.place.value_element
                    text, at, listed = (
                        f"_get(_s, {element})" if self.traced else f"_around_{element}",
                        str(element),
                        element >= begin,
                    )
                    if listed:
                        text, at = f"_s[_p + {element - begin}].rstrip()", f"_p + {element - begin}"
                    value = self._value_of(tap, slots, "_t" if element == begin + 1 else text, at, lambda offset: '""', listed)
                    values.append(f"{tap.rule.fields[0][0]}={value}")
                if self.traced:
                    out.add("_leave()")
                made = f"{part}({', '.join(values)})"
                out.add(*([f"{into}.append({made})"] if into else slots.adds(scope, made)))

    def _unnamed(self, scope: Scope, slots: Slots) -> str:
        """The test that a pair was not taken already by a line that names its qualifier."""
        around = self.view.taps(scope.parent) if scope.parent is not None else []
        named = [tap for tap in around if tap.place.pair and tap.place.segment == scope.segment]
        taken = [
            f'(_s[_p] == "{tap.place.pair}" and _pair_at(_s, {tap.place.pairs_from}, _k, "{tap.place.pair}") == _p + 1)'
            for tap in named
        ]
        return f" and not ({' or '.join(taken)})" if taken else ""


def _any_of(first: int, behind: int) -> str:
    """The test for anything in a run of elements: each is looked at only where the segment is long enough."""
    later = f" or {_any_of(first + 1, behind)}" if first + 1 < behind else ""
    return f"_k > {first} and (_s[{first}]{later})"


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Runs of consecutive numbers: the first, and the one behind the last."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number:
            runs[-1] = (runs[-1][0], number + 1)
        else:
            runs.append((number, number + 1))
    return runs
