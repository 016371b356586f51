"""The names compiled source knows its helpers, conversions and sets by."""

from __future__ import annotations

from typing import Any


class Names(dict[str, Any]):
    """Values by name, in the shape ``exec`` takes; the same value has one name."""

    def of(self, hint: str, value: Any) -> str:
        """The name of ``value``, made of ``hint`` if it has none yet."""
        for name, known in self.items():
            if type(known) is type(value) and known == value:
                return name
        name = self.free(hint)
        self[name] = value
        return name

    def reserve(self, hint: str) -> str:
        """A new name for something the source itself defines."""
        name = self.free(hint)
        self[name] = None
        return name

    def free(self, hint: str) -> str:
        """A name made of ``hint`` that nothing has yet."""
        plain = hint.replace("-", "_").replace(" ", "_")
        name, number = plain, 1
        while name in self:
            number += 1
            name = f"{plain}_{number}"
        return name
