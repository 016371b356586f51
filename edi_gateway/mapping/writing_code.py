"""A map's writing direction as Python source: one function a document part, segments in the order of the standard.

A segment that would hold nothing but constants is not sent, unless it holds nothing else by its rules. HL01, HL02 and HL04 are
counted, never mapped. As with reading, a ``traced`` twin of the source notes every value.
"""

from __future__ import annotations

from edi_gateway.mapping.lines import Lines
from edi_gateway.mapping.rules import FieldPath, Scope
from edi_gateway.mapping.view import View
from edi_gateway.mapping.writing_segments import Draft, WritingSegments
from edi_gateway.x12.place import SegmentRef

_STATE = "_out, _sep, _rep, _up"


class WritingCode(WritingSegments):
    """Writes the source; ``names`` is what it needs around it, ``rules`` what the numbers in traced source stand for."""

    def __init__(self, view: View, traced: bool) -> None:
        super().__init__(view, traced)
        self._functions: list[str] = []

    def source(self) -> str:
        """The whole source, ending in ``write(document, component_separator, repetition_separator)``."""
        self._out = out = Lines()
        with out.block("def write(_d, _sep, _rep):"):
            out.add("_out, _up = [], None")
            self._content(self.view.top, "_d")
            out.add("return _out")
        return "\n\n".join([*self._functions, str(out)])

    # --- scopes -----------------------------------------------------------------------------------------------------------

    def _content(self, scope: Scope, var: str) -> None:
        """The segments and scopes within a scope, its head aside, in the order of the standard."""
        own = self.view.shape(scope)
        if own is None:
            return
        entries: list[tuple[int, int, Draft | Scope]] = []
        for draft in self._drafts(scope, var):
            if draft.segment != scope.segment:
                entries.append((own.order.get(draft.segment.id, len(own.order)), len(entries), draft))
        lists = {id(child) for _, _, entry in entries if isinstance(entry, Draft) for child in entry.lists}
        for child in scope.scopes:
            if id(child) not in lists and child.segment != scope.segment and self._speaks(child):
                place = len(own.order) if child.segment is None else own.order.get(child.segment.id, len(own.order))
                entries.append((place, len(entries), child))
        for _, _, entry in sorted(entries, key=lambda one: one[:2]):
            if isinstance(entry, Draft):
                self._segment(scope, entry, var)
            elif entry.pairs_from is not None:
                self._pair_segments(entry, var)
            elif entry.makes:
                self._parts(entry, var)
            else:
                self._around(entry, var)

    def _speaks(self, scope: Scope) -> bool:
        """Whether anything in or below a scope is written in this release."""
        if not self.view.possible(scope):
            return False
        return scope.makes or any(self._held(one) or one.makes for one in scope.walk() if self.view.possible(one))

    def _around(self, scope: Scope, var: str) -> None:
        """A loop whose rules tell of the part around it: sent if anything within it is."""
        self._nested += 1
        number, out = self._nested, self._out
        condition = self._when(scope.when, var)
        with out.block(f"if {condition}:" if condition else None):
            if scope.segment is not None and scope.segment.id == "HL":
                self._level(scope, var)
                return
            out.add(f"_at{number} = len(_out)")
            draft = self._head(scope, var)
            out.add(f"_h{number} = {draft.literal()}")
            self._lists_of(draft, f"_h{number}", var)
            out.add(f"_data{number} = {self._data(draft, f'_h{number}', var)}", self._put(scope, draft, f"_h{number}"))
            self._content(scope, var)
            with out.block(f"if len(_out) == _at{number} + 1 and not _data{number}:"):
                out.add("_out.pop()")

    def _level(self, scope: Scope, var: str) -> None:
        """An HL and what is below it; what is written there knows its parent as ``_up``."""
        number, out = self._nested, self._out
        code = scope.segment.conditions[0][1][0] if scope.segment is not None and scope.segment.conditions else ""
        if self.traced:
            out.add(f"_begin({self._number(scope, 'HL', '')}, len(_out))")
        out.add(f"_up{number} = _up", f'_up = _level(_out, _up, "{code}")')
        self._content(scope, var)
        out.add(f"_up = _up{number}")

    def _parts(self, scope: Scope, var: str) -> None:
        """What is written for each part of the document a scope tells of."""
        out, function = self._out, self._function(scope)
        value = self._value(var, scope.field)
        condition = self._when(scope.when, "_x")
        if scope.many:
            conversion = self.view.list_conversion(scope)
            if conversion is not None:
                value = f"{self.names.of(f'_{conversion.name}', conversion.write)}({value} or ())"
            opening = f"for _at, _x in enumerate({value} or ()):" if self.traced else f"for _x in {value} or ():"
        else:
            out.add(f"_x = {value}")
            opening = "if _x is not None:"
        with out.block(opening):
            if self.traced:
                out.add(f'_enter("{".".join(scope.field)}", {"_at" if scope.many else None})')
            call = f"{function}(_x, {_STATE})"
            out.add(*([f"if {condition}:", f"    {call}"] if condition else [call]))
            if self.traced:
                out.add("_leave()")

    def _function(self, scope: Scope) -> str:
        name = self.names.reserve("_".join(("write", *_names(scope))))
        before, self._out = self._out, Lines()
        with self._out.block(f"def {name}(_d, {_STATE}):  # {scope.path}, {scope.where}"):
            if scope.segment is not None and scope.segment.id == "HL":
                self._level(scope, "_d")
            else:
                draft = self._head(scope, "_d")
                self._send(scope, draft, "_d", always=True)
                self._content(scope, "_d")
        self._functions.append(str(self._out))
        self._out = before
        return name

    def _head(self, scope: Scope, var: str) -> Draft:
        for draft in self._drafts(scope, var):
            if draft.segment == scope.segment:
                return draft
        return self._constants(Draft(scope.segment or SegmentRef("?")))


def _names(scope: Scope) -> FieldPath:
    if scope.parent is None:
        return ()
    return (*_names(scope.parent), *scope.field)
