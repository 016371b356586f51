"""Turning generated source into a function, in a way that keeps the source readable in tracebacks and debuggers."""

from __future__ import annotations

import linecache
from typing import Any


def run(source: str, names: dict[str, Any], function: str, title: str) -> tuple[str, Any]:
    """Compiles ``source`` among ``names`` and gives it back with the function of that name."""
    file = f"<map {title}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(source, file, "exec"), names)
    return source, names[function]
