"""The local variables a compiled function gathers a document part in, and the part made of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from edi_gateway.documents.base import Value
from edi_gateway.mapping.conversions import CONVERSIONS, TEXT, inferred
from edi_gateway.mapping.names import Names
from edi_gateway.mapping.rules import FieldPath, Rule, Scope, Tap
from edi_gateway.mapping.types import FieldType, fields
from edi_gateway.mapping.types import field as field_type
from edi_gateway.mapping.view import View

_FEW = 13  # fields that are all named when a part is made


class Slots:
    """One variable for each source of each field; a field with several sources takes the first that was there."""

    def __init__(self, view: View, maker: Scope, prefix: str, nth: str | None, names: Names, *, traced: bool = False) -> None:
        self.view, self.maker, self.prefix, self.nth, self.names = view, maker, prefix, nth, names
        self.traced = traced
        self.part = view.part(maker)
        self._taps: dict[tuple[int, int], str] = {}  # (rule, rank)
        self._scopes: dict[int, str] = {}
        self._home: dict[int, Scope] = {}
        self._tap_of: dict[str, Tap] = {}
        self._by_field: dict[FieldPath, list[str]] = {}
        self._rule: dict[FieldPath, Rule] = {}
        self._scope: dict[FieldPath, Scope] = {}
        self._converted: list[tuple[FieldPath, str, Scope]] = []
        self.flags: list[str] = []
        self._ranks: dict[str, int] = {}
        for scope in maker.made_here():
            self._gather(scope)
        for variables in self._by_field.values():
            variables.sort(key=lambda name: self._ranks.get(name, 0))

    def _gather(self, scope: Scope) -> None:
        ranked = sorted(self.view.taps(scope), key=lambda tap: tap.rank)
        for tap in ranked:
            path = tap.rule.fields[0]
            self._rule.setdefault(path, tap.rule)
            self._home[id(tap)] = scope
            shared = tap.rule.many and self._by_field.get(path)
            name = shared[0] if shared else self._variable(path)
            self._taps[id(tap.rule), tap.rank] = name
            self._ranks.setdefault(name, tap.rank)
            self._tap_of.setdefault(name, tap)
        for rule in self.view.fixed(scope):
            self._rule.setdefault(rule.fields[0], rule)
            self._by_field.setdefault(rule.fields[0], [])
        for child in scope.scopes:
            if child.makes:
                self._gather_scope(child)

    def _gather_scope(self, child: Scope) -> None:
        path = child.field
        self._scope.setdefault(path, child)
        if self.view.list_conversion(child) is not None:
            self._by_field.setdefault(path, [])
            self._scopes[id(child)] = name = f"{self.prefix}{'_'.join(path)}_before_{len(self._converted) + 1}"
            self._converted.append((path, name, child))
            return
        known = self._by_field.get(path)
        self._scopes[id(child)] = known[0] if child.many and known else self._variable(path)

    def _variable(self, path: FieldPath) -> str:
        known = self._by_field.setdefault(path, [])
        name = self.prefix + "_".join(path) + (f"_{len(known) + 1}" if known else "")
        known.append(name)
        return name

    def of_tap(self, tap: Tap) -> str:
        """The variable a tap's value goes to."""
        return self._taps[id(tap.rule), tap.rank]

    def of_scope(self, scope: Scope) -> str:
        """The variable what a scope makes goes to."""
        return self._scopes[id(scope)]

    def is_alone(self, scope: Scope) -> bool:
        """Whether no other scope adds to the list that a scope makes."""
        return list(self._scopes.values()).count(self.of_scope(scope)) == 1

    def scope_of(self, tap: Tap) -> Scope:
        """The scope a tap hangs on; in a list of pairs that list."""
        return self._home.get(id(tap)) or self.view.scope_of(tap)

    def where(self, tap: Tap) -> str | None:
        """The variable for where an alternative was found, so that one not taken in the end is not dropped without a word."""
        variable = self.of_tap(tap)
        if tap.rule.many or self._by_field[tap.rule.fields[0]][0] == variable:
            return None
        return f"{variable}_at" if self.traced or self._only_here(tap) else None

    def _only_here(self, tap: Tap) -> bool:
        """Whether no other line reads the place of ``tap``."""
        others = [one for one in self.view.taps(self.scope_of(tap)) if one.rule is not tap.rule]
        return not any(one.place.segment == tap.place.segment and one.place.element == tap.place.element for one in others)

    def flag(self) -> str:
        """A new variable that remembers that a segment was taken."""
        name = f"_seen{self.prefix.rstrip('_')}_{len(self.flags) + 1}"
        self.flags.append(name)
        return name

    # --- before, and after ------------------------------------------------------------------------------------------------

    def initial(self) -> dict[str, list[str]]:
        """Initial values and the variables that begin with them."""
        values: dict[str, list[str]] = {}
        for path, variables in self._by_field.items():
            for variable in variables:
                values.setdefault(self._start(path, variables), []).append(variable)
            if not variables and self._rule.get(path) is not None:
                values.setdefault(self._start(path, [""]), []).append(self._variable(path))
        for _, name, _ in self._converted:
            values.setdefault("[]", []).append(name)
        return values

    def _joins(self, path: FieldPath) -> bool:
        """Whether what is gathered in a list becomes one text."""
        rule = self._rule.get(path)
        return rule is not None and rule.many and not field_type(self.part, path).many

    def adds(self, scope: Scope, value: str) -> list[str]:
        """Lines that add a part to the list a scope makes. Most lists of an order line stay empty: none is made for them."""
        variable = self.of_scope(scope)
        if self._start(scope.field, [variable]) == "[]" or self.view.list_conversion(scope) is not None:
            return [f"{variable}.append({value})"]
        return [f"_v = {value}", f"if {variable} is None:", f"    {variable} = [_v]", "else:", f"    {variable}.append(_v)"]

    def _start(self, path: FieldPath, variables: list[str]) -> str:
        found = field_type(self.part, path)
        if found.many and not self.traced and path in self._scope and path not in [of for of, _, _ in self._converted]:
            return "None"
        if found.many or self._joins(path):
            return "[]"
        if len(path) == 1 and len(variables) == 1:
            return self._fallback(path, found)
        return "None"

    def _fallback(self, path: FieldPath, found: FieldType) -> str:
        """What a field is where no source had it."""
        rule = self._rule.get(path)
        default = self.view.default(rule) if rule is not None else None
        if default is not None and rule is not None:
            return self._constant(rule, default, found)
        if found.required or (rule is not None and self.view.count(rule)):
            return "None"
        return self._literal(found)

    def _constant(self, rule: Rule, text: str, found: FieldType) -> str:
        if found.base is str:
            return repr(str(text))
        conversion = CONVERSIONS.get(rule.conversion or "") or inferred(found.base, "R") or inferred(found.base, "DT")
        return self._named((conversion or TEXT).read(str(text)))

    def _literal(self, found: FieldType) -> str:
        if found.default is None or found.default in ("", ()):
            return repr(found.default)
        return repr(found.default) if isinstance(found.default, str | int) else self._named(found.default)

    def _named(self, value: Any) -> str:
        return self.names.of("_value", value)

    def settle(self) -> list[str]:
        """Lines that bring every field to one variable."""
        lines = []
        for path, variables in self._by_field.items():
            found = field_type(self.part, path)
            fresh = not variables
            first = self._variable(path) if fresh else variables[0]
            converted = [(name, scope) for of, name, scope in self._converted if of == path]
            if found.many and fresh:
                lines.append(f"{first} = []")
            for name, scope in converted:
                conversion = self.view.list_conversion(scope)
                lines.append(f"{first} += {self._named(conversion.read if conversion else tuple)}(tuple({name}))")
            for other in variables[1:]:
                lines += [f"if {first} is None:", f"    {first} = {other}", *self._not_taken(path, first, other)]
            lines += self._settle_one(path, first, found, len(variables))
        return lines

    def _not_taken(self, path: FieldPath, first: str, other: str) -> list[str]:
        """An alternative behind one that had data says something else: its segment is kept."""
        tap = self._tap_of.get(other)
        at = self.where(tap) if tap is not None else None
        if tap is None or at is None:
            return []
        lines = [f"elif {other} is not None and {other} != {first}:"]
        if self.traced:
            lines.append(f"    _dropped({at}, {'.'.join(path)!r}, {str(tap.place)!r})")
        if self._only_here(tap):
            lines.append(f"    extras.append({at})")
        return lines

    def _settle_one(self, path: FieldPath, first: str, found: FieldType, sources: int) -> list[str]:
        if found.many:
            return []
        if self._joins(path):
            return [f'{first} = "\\n".join({first})' + ("" if not found.required else " or None")]
        rule, lines = self._rule.get(path), []
        if rule is not None and self.view.count(rule):
            number = self.nth if found.base is int else f"str({self.nth})"
            lines += [f"if {first} is None:", f"    {first} = {number}"]
        if len(path) == 1 and sources > 1 and (fallback := self._fallback(path, found)) != "None":
            lines += [f"if {first} is None:", f"    {first} = {fallback}"]
        return lines

    # --- the part ---------------------------------------------------------------------------------------------------------

    def required(self) -> list[tuple[str, FieldPath, Rule | Scope]]:
        """Conditions under which a required field is missing, with the field and what was to make it."""
        conditions: list[tuple[str, FieldPath, Rule | Scope]] = []
        for path, variables in self._by_field.items():
            found = field_type(self.part, path)
            if not found.required or not variables:
                continue
            if len(path) == 1:
                test = f"not {variables[0]}" if found.many else f"{variables[0]} is None"
                conditions.append((test, path, self._who(path)))
            else:
                around = self._any_of(path[:-1])
                conditions.append((f"{variables[0]} is None and ({around})", path, self._who(path)))
        return conditions

    def _who(self, path: FieldPath) -> Rule | Scope:
        return self._rule.get(path) or self._scope.get(path) or self.maker

    def _any_of(self, path: FieldPath) -> str:
        inside = [of[0] for known, of in self._by_field.items() if known[: len(path)] == path and of]
        return " or ".join(f"{variable} is not None" for variable in inside)

    def construct(self) -> tuple[str, list[str]]:
        """The expression that makes the part, and lines that put into it, as ``_v``, what its first segment does not hold.

        There are such lines where a part has many fields: to name one when it is made takes as long as it stands far behind (an
        order line with all its 23 fields takes 1.1 µs, with the seven of its PO1 0.2).
        """
        found = fields(self.part)
        later = set() if self.traced or len(found) <= _FEW else {name for name, one in found.items() if self._comes_later(one)}
        return self._made(self.part, (), later), [line for name in found if name in later for line in self._put(name)]

    def _made(self, part: type[Value], path: FieldPath, later: Collection[str] = ()) -> str:
        arguments = [f"{name}={value}" for name, value in self._arguments(part, path).items() if name not in later]
        self.names.setdefault(part.__name__, part)
        return f"{part.__name__}({', '.join(arguments)})"

    def _comes_later(self, found: FieldType) -> bool:
        """Whether a field is made of what follows a part's first segment, and is its default where nothing of it is there."""
        path, absent = (found.name,), found.many or found.default in (None, "")
        if found.required or not absent:
            return False
        if path not in self._by_field:
            return found.part is not None and self._is_made_inside(path)
        taps = [tap for variable in self._by_field[path] if (tap := self._tap_of.get(variable)) is not None]
        scope = self._scope.get(path)
        heads = [tap.place.segment for tap in taps] + ([scope.segment] if scope is not None else [])
        return self.maker.segment not in heads or self.maker.segment is None

    def _put(self, name: str) -> list[str]:
        found, path = fields(self.part)[name], (name,)
        if found.part is not None and path not in self._by_field:
            return [f"if {self._any_of(path)}:", f'    _set(_v, "{name}", {self._made(found.part, path)})']
        variable = self._by_field[path][0]
        test = variable if found.many or found.default == "" else f"{variable} is not None"
        return [f"if {test}:", f'    _set(_v, "{name}", {f"tuple({variable})" if found.many else variable})']

    def _is_made_inside(self, path: FieldPath) -> bool:
        return any(known[: len(path)] == path for known in self._by_field)

    def _arguments(self, part: type[Value], path: FieldPath) -> dict[str, str]:
        """By name of field, the expression it is made by."""
        arguments = {}
        for name, found in fields(part).items():
            inner = (*path, name)
            if inner in self._by_field:
                arguments[name] = self._argument(inner, found)
            elif found.part is not None and self._is_made_inside(inner):
                arguments[name] = f"{self._made(found.part, inner)} if {self._any_of(inner)} else None"
            elif name == "extras" and not path and self.maker.parent is None:
                arguments["extras"] = "extras"
        return arguments

    def _argument(self, path: FieldPath, found: FieldType) -> str:
        variable = self._by_field[path][0]
        if found.many:
            return f"tuple({variable}) if {variable} else ()"  # most lists of an order line are empty: saves a call each
        if len(path) > 1 and not found.required and (literal := self._literal(found)) != "None":
            return f"{variable} if {variable} is not None else {literal}"
        return variable
