"""How compiled writing source makes one segment: its elements, constants and pairs, and whether it is sent."""

from __future__ import annotations

from dataclasses import dataclass, field

from edi_gateway.mapping.computed import COMPUTED
from edi_gateway.mapping.conversions import TEXT
from edi_gateway.mapping.rules import FieldPath, Rule, Scope, Tap
from edi_gateway.mapping.shape import definition, pairs_end
from edi_gateway.mapping.view import View
from edi_gateway.mapping.writing_values import WritingValues, named
from edi_gateway.x12.place import SegmentRef


@dataclass
class Draft:
    """One segment about to be written: expressions by element, and which of them are data."""

    segment: SegmentRef
    elements: dict[int, str] = field(default_factory=dict)
    components: dict[int, dict[int, str]] = field(default_factory=dict)
    data: list[int] = field(default_factory=list)
    pairs: list[str] = field(default_factory=list)
    lists: list[Scope] = field(default_factory=list)
    pairs_from: int = 0
    many: tuple[FieldPath, Rule] | None = None
    rules: dict[int, Rule] = field(default_factory=dict)

    def literal(self, separator: str = "_sep") -> str:
        """The list of elements as an expression."""
        for element, parts in self.components.items():
            texts = (parts.get(number, '""') for number in range(1, max(parts) + 1))
            self.elements[element] = f"_composite({separator}, {', '.join(texts)})"
        length = max([*self.elements, self.pairs_from - 1])
        return f'["{self.segment.id}", {", ".join(self.elements.get(at, chr(34) * 2) for at in range(1, length + 1))}]'


class WritingSegments(WritingValues):
    """Writes the source that makes the segments of one scope."""

    def __init__(self, view: View, traced: bool) -> None:
        super().__init__(view, traced)
        self._nested = 0
        self._chosen = self._choose()

    def _choose(self) -> dict[int, int]:
        """Of a rule's alternative places, the first that this release has."""
        chosen: dict[int, int] = {}
        for scope in self.view.top.walk():
            for tap in self.view.taps(scope):
                if self.view.possible(scope) and self.view.has(scope, tap.place.segment):
                    rank = chosen.get(id(tap.rule), tap.rank)
                    chosen[id(tap.rule)] = min(rank, tap.rank)
        return chosen

    def _held(self, scope: Scope) -> list[Tap]:
        return [tap for tap in self.view.taps(scope) if self._chosen.get(id(tap.rule)) == tap.rank]

    def _drafts(self, scope: Scope, var: str) -> list[Draft]:
        """The segments a scope's own rules make."""
        drafts: dict[SegmentRef, Draft] = {}
        for tap in self._held(scope):
            segment = tap.place.segment
            if segment not in drafts:
                drafts[segment] = self._constants(Draft(segment))
            self._element(drafts[segment], scope, tap, var)
        for child in scope.scopes:
            if child.pairs_from is None or child.segment is None:
                continue
            if child.segment in drafts or child.segment == scope.segment:
                draft = drafts.setdefault(child.segment, self._constants(Draft(child.segment)))
                draft.lists.append(child)
                draft.pairs_from = child.pairs_from
        return list(drafts.values())

    def _constants(self, draft: Draft) -> Draft:
        for element, values in draft.segment.conditions:
            if len(values) == 1:
                draft.elements[element] = repr(values[0])
        return draft

    def _element(self, draft: Draft, scope: Scope, tap: Tap, var: str) -> None:
        place, rule = tap.place, tap.rule
        if place.pair and place.pairs_from is not None:
            draft.pairs_from = place.pairs_from
            draft.pairs.append(f'("{place.pair}", {self._text(scope, tap, var)})')
            return
        element = place.value_element
        if element in dict(place.segment.conditions) and element in draft.elements:
            return
        if rule.many and self._repeats_element(place):
            blank = "_sep * " + str(place.component - 1) + " + " if place.component else ""
            texts = f"{blank}{self._text(scope, tap, var)} for _x in {self._many(rule, var)}"
            draft.elements[element] = f"_repeated(_rep, [{texts}])"
            draft.rules[element] = rule
            draft.data.append(element)
            return
        if rule.many:
            draft.many = (rule.fields[0], rule)
        if place.component is not None:
            draft.components.setdefault(element, {})[place.component] = self._text(scope, tap, var)
        else:
            self._wide(draft, scope, tap, var, element)
        draft.rules[element] = rule
        if rule.fields or rule.count or rule.when or rule.conversion in COMPUTED:
            draft.data.append(element)

    def _wide(self, draft: Draft, scope: Scope, tap: Tap, var: str, element: int) -> None:
        conversion = self.view.conversion(scope, tap, tap.rule.fields[0]) if tap.rule.fields else TEXT
        text = self._text(scope, tap, var)
        if conversion.width == 1:
            draft.elements[element] = text
            return
        self._nested += 1
        name = f"_w{self._nested}"
        self._out.add(f"{name} = {text} or {('',) * conversion.width!r}")
        for offset in range(conversion.width):
            draft.elements[element + offset] = f"{name}[{offset}]"

    def _segment(self, scope: Scope, draft: Draft, var: str) -> None:
        if draft.many is None:
            self._send(scope, draft, var)
            return
        _, rule = draft.many
        with self._out.block(f"for _x in {self._many(rule, var)}:"):
            self._send(scope, draft, var)

    def _send(self, scope: Scope, draft: Draft, var: str, always: bool = False) -> None:
        """Writes a segment if it has data, or if it is required, or if it has only constants by its rules."""
        out, own = self._out, self.view.shape(scope)
        out.add(f"_s = {draft.literal()}")
        self._lists_of(draft, "_s", var)
        required = always or (own is not None and draft.segment.id in own.required and draft.segment != scope.segment)
        tests = self._data(draft, "_s", var)
        if required or tests == "False":
            self._mandatory(draft)
            out.add(self._put(scope, draft, "_s"))
            return
        with out.block(f"if {tests}:"):
            self._mandatory(draft)
            out.add(self._put(scope, draft, "_s"))

    def _put(self, scope: Scope, draft: Draft, segment: str) -> str:
        """The line that sends a segment; in traced source who made it is noted, for what in it is constant."""
        put = f"_put(_out, {segment})"
        if not self.traced:
            return put
        who: Rule | Scope = next(iter(draft.rules.values()), scope)
        return f"_begin({self._number(who, draft.segment.id, '')}, len(_out)); {put}"

    def _lists_of(self, draft: Draft, segment: str, var: str) -> None:
        """Adds the pairs a segment ends in."""
        pairs = list(draft.pairs)
        for child in draft.lists:
            pairs.append(f"*[({', '.join(self._pair(child, '_x'))}) for _x in {self._value(var, child.field)}]")
        if pairs:
            self._out.add(f"_add_pairs({segment}, {draft.pairs_from}, [{', '.join(pairs)}])")

    def _pair(self, scope: Scope, var: str, at: str = "len(_out)") -> list[str]:
        begin = scope.pairs_from or 0
        pair = (begin, begin + 1)
        held = [tap for tap in self._held(scope) if tap.place.value_element in pair]
        texts = {tap.place.value_element: self._text(scope, tap, var, at) for tap in held}
        return [texts.get(begin, '""'), texts.get(begin + 1, '""')]

    def _pair_segments(self, scope: Scope, var: str) -> None:
        """A list of pairs in segments of its own: a new one where it is full or what stands before the pairs differs."""
        begin, out = scope.pairs_from or 0, self._out
        segment = scope.segment or SegmentRef("?")
        shared = Draft(segment, pairs_from=begin)
        for tap in self._held(scope):
            if tap.place.value_element < begin:
                shared.elements[tap.place.value_element] = self._text(scope, tap, "_x", noted=False)
        out.add("_s = None")
        with out.block(f"for _x in {self._value(var, scope.field)}:"):
            out.add(f"_h = {shared.literal()}")
            full = pairs_end(segment.id, begin, self.view.releases)
            with out.block(f"if _s is None or _s[:{begin}] != _h or len(_s) >= {full}:"):
                if self.traced:
                    out.add(f"_begin({self._number(scope, segment.id, '')}, len(_out))")
                    before = [tap for tap in self._held(scope) if tap.place.value_element < begin]
                    out.add(*(self._text(scope, tap, "_x") for tap in before))
                out.add("_s = list(_h)", "_out.append(_s)")
            out.add(f"_s += ({', '.join(self._pair(scope, '_x', 'len(_out) - 1'))})")

    def _data(self, draft: Draft, segment: str, var: str) -> str:
        """The test whether a segment says anything."""
        tests = [f"{segment}[{element}]" for element in draft.data]
        tests += [self._value(var, child.field) for child in draft.lists]
        if draft.pairs:
            tests.append(f"any({segment}[{draft.pairs_from} :])")
        return f"bool({' or '.join(tests)})" if tests else "False"

    def _mandatory(self, draft: Draft) -> None:
        found = definition(draft.segment.id, self.view.releases)
        wanted = [] if found is None else [use.position for use in found.elements if use.requirement == "M"]
        for element in wanted:
            if element not in draft.elements or element not in draft.rules:
                continue
            rule = draft.rules[element]
            if not rule.fields and not rule.when:
                continue
            if self.traced:
                number = self._number(rule, f"{draft.segment.id}{element:02d}", named(rule))
                self._out.add(f"if not _s[{element}]:", f"    _missing({number}, len(_out))")
            else:
                self._out.add(f"if not _s[{element}]:", "    raise _Missing")
