"""Turning generated source into a function, in a way that keeps the source readable in tracebacks and debuggers."""

from __future__ import annotations

import linecache
from types import CodeType
from typing import Any


def run(source: str, names: dict[str, Any], function: str, title: str) -> tuple[str, Any]:
    """Compiles ``source`` among ``names`` and gives it back with the function of that name."""
    return source, bound(compiled(source, title), names, function)


def compiled(source: str, title: str) -> CodeType:
    """The source as code that can be bound to names, again and again."""
    file = f"<map {title}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    return compile(source, file, "exec")


def bound(code: CodeType, names: dict[str, Any], function: str) -> Any:
    """The function of that name, among these names and with memories of its own.

    The names are copied into a plain dict, which is then the function's ``__globals__``: among those of a subclass of dict the
    interpreter looks up every helper and every built-in the slow way, which took a third of the time it takes to read an order.
    """
    namespace = dict(names)
    exec(code, namespace)
    return namespace[function]
