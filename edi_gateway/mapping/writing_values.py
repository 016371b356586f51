"""How compiled writing source makes the text of one element from the document."""

from __future__ import annotations

from decimal import Decimal

from edi_gateway.mapping import writing_runtime as runtime
from edi_gateway.mapping.computed import COMPUTED
from edi_gateway.mapping.conversions import CONVERSIONS, TEXT, inferred
from edi_gateway.mapping.lines import Lines
from edi_gateway.mapping.names import Names
from edi_gateway.mapping.rules import Conditions, FieldPath, Rule, Scope, Tap
from edi_gateway.mapping.shape import element as element_use
from edi_gateway.mapping.types import field as field_type
from edi_gateway.mapping.view import View
from edi_gateway.x12.place import Place, parse


class WritingValues:
    """Writes expressions for values; ``names`` is what they need around them, ``rules`` what traced numbers stand for."""

    def __init__(self, view: View, traced: bool) -> None:
        self.view, self.traced = view, traced
        self.names = Names(
            {
                "_put": runtime.put,
                "_level": runtime.level,
                "_add_pairs": runtime.add_pairs,
                "_count": runtime.count,
                "_total": runtime.total,
                "_composite": runtime.composite,
                "_repeated": runtime.repeated,
                "_has": runtime.has,
                "_Missing": runtime.Missing,
            }
        )
        self.rules: list[tuple[Rule | Scope, str, str]] = []
        self._out = Lines()

    def _number(self, who: Rule | Scope, place: str, field: str) -> int:
        self.rules.append((who, place, field))
        return len(self.rules) - 1

    def _text(self, scope: Scope, tap: Tap, var: str, at: str = "len(_out)", *, noted: bool = True) -> str:
        """The expression for the text of one element."""
        rule = tap.rule
        text = self._sources(scope, tap, "_x" if rule.many else var)
        default = self.view.default(rule)
        if default is not None:
            text = f"({text} or {str(default)!r})" if text else repr(str(default))
        condition = self._when(rule.when, var)
        if condition:
            text = f'({text} if {condition} else "")'
        if self.traced and noted and (rule.fields or rule.count or rule.conversion in COMPUTED):
            field = ".".join((*scope.field, named(rule))) if scope.pairs_from is not None else named(rule)
            number = self._number(rule, str(tap.place), field)
            element = 0 if tap.place.pairs_from is not None or scope.pairs_from is not None else tap.place.value_element
            return f"_note({number}, {at}, {element}, lambda: {text})"
        return text

    def _sources(self, scope: Scope, tap: Tap, var: str) -> str:
        counted = self.view.count(tap.rule)
        if counted is not None:
            place = parse(counted)
            segment, itself = place.segment.id, " + 1" if tap.place.segment.id == place.segment.id else ""
            if place.element is None:
                return f'str(_count(_out, "{segment}"){itself})'
            return f'_total(_out, "{segment}", {place.element})'
        if tap.rule.conversion in COMPUTED:
            return self._computed(tap, var)
        texts = [self._one(scope, tap, path, var) for path in tap.rule.fields]
        return f"({' or '.join(texts)})" if len(texts) > 1 else "".join(texts)

    def _computed(self, tap: Tap, var: str) -> str:
        """A total of the document around, written as its element wants it."""
        total = self.names.of("_total_of", COMPUTED[tap.rule.conversion or ""].total)
        use = element_use(tap.place.segment.id, tap.place.value_element, self.view.releases)
        conversion = inferred(Decimal, use.type if use is not None else "R") or CONVERSIONS["decimal"]
        return f'({self.names.of(f"_{conversion.name}", conversion.write)}(_t) if (_t := {total}({var})) is not None else "")'

    def _one(self, scope: Scope, tap: Tap, path: FieldPath, var: str) -> str:
        rule = tap.rule
        value = var if rule.many else self._value(var, path)
        if rule.codes is not None:
            return f'({self.names.of(f"_codes_{rule.codes}", self.view.codes[rule.codes].code)}(_t) if (_t := {value}) else "")'
        conversion = self.view.conversion(scope, tap, path)
        if conversion is TEXT or conversion.joins:
            return value if rule.many or len(path) == 1 else f'({value} or "")'
        write = self.names.of(f"_{conversion.name}", conversion.write)
        found = field_type(self.view.part(scope), path)
        if found.base is str:
            return f'({write}(_t) if (_t := {value}) else "")'
        if not found.optional and len(path) == 1:
            return f"{write}({value})"
        return f'({write}(_t) if (_t := {value}) is not None else "")'

    def _value(self, var: str, path: FieldPath) -> str:
        """A field as an expression; None where a part on the way is not there."""
        if len(path) == 1:
            return f"{var}.{path[0]}"
        above = self._value(var, path[:-1])
        return f"({above}.{path[-1]} if {above} is not None else None)"

    def _when(self, conditions: Conditions, var: str) -> str:
        tests = []
        for path, values in conditions:
            value = self._value(var, path)
            tests.append(f"str({value}) in {values!r}" if values else f"_has({value})")
        return " and ".join(tests)

    def _many(self, rule: Rule, var: str) -> str:
        """The values an ``each`` of plain values goes through, ``_x`` being one of them."""
        values = self._value(var, rule.fields[0])
        conversion = CONVERSIONS.get(rule.conversion or "")
        if conversion is None or not conversion.joins:
            return values
        return f"{self.names.of(f'_{conversion.name}', conversion.write)}({values})"

    def _repeats_element(self, place: Place) -> bool:
        """Whether the element itself repeats (from 005010 on), rather than its segment."""
        use = element_use(place.segment.id, place.value_element, self.view.releases)
        return use is not None and use.repeat > 1


def named(rule: Rule) -> str:
    """What a rule is made of, for people."""
    return " or ".join(".".join(path) for path in rule.fields) or rule.conversion or f"count of {rule.count}"
