"""Structured logs: one line an event, with the partner and control number it is about bound to it.

``bind(partner=…, control_number=…)`` holds for everything logged inside it, in this thread. Secrets are kept out of the log,
whoever logs them: values under names that sound like one are masked, at any depth, and so are passwords inside URLs.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Mapping, MutableMapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any, Literal, TextIO

import structlog

SECRET_WORDS = ("password", "secret", "passphrase", "private_key", "token", "authorization")
_BOUND: ContextVar[Mapping[str, object]] = ContextVar("bound", default=MappingProxyType({}))
_URL_PASSWORD = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s/@]+@", re.IGNORECASE)


def configure(level: str = "info", form: Literal["json", "console"] = "console", to: TextIO | None = None) -> None:
    """Sets logging up once for this process: ``json`` for machines, ``console`` for people; to the error stream if not said."""
    out = to or sys.stderr
    render: Any = structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=out.isatty())
    structlog.configure(
        processors=[*_PROCESSORS, render],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=_printing(to),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=out, force=True)
    logging.getLogger("paramiko").setLevel(logging.CRITICAL)


def logger(name: str) -> Any:
    """The logger of one module."""
    return structlog.get_logger(module=name)


class bind:  # noqa: N801  # read as a verb: with bind(flow=…)
    """Binds values to everything logged inside the ``with`` block.

    A document passes a dozen of these and nearly never logs anything: structlog's own takes ten times as long.
    """

    __slots__ = ("_before", "_values")

    def __init__(self, **values: object) -> None:
        self._values = values

    def __enter__(self) -> None:
        self._before = _BOUND.set({**_BOUND.get(), **self._values})

    def __exit__(self, *_: object) -> None:
        _BOUND.reset(self._before)


def _with_what_is_bound(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {**_BOUND.get(), **event}


def mask_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replaces what sounds secret; a processor of structlog's."""
    return {name: _masked(name, value) for name, value in event.items()}


def _masked(name: object, value: object) -> object:
    if any(word in str(name).lower() for word in SECRET_WORDS):
        return "***"
    if isinstance(value, str):
        return _URL_PASSWORD.sub(r"\1***@", value)
    if isinstance(value, Mapping):
        return {each: _masked(each, inner) for each, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_masked("", inner) for inner in value]
    return value


def _printing(to: TextIO | None) -> Callable[..., structlog.PrintLogger]:
    """Writes to ``to``, or to what is the error stream when something is logged: who logs must never fail for a closed one."""
    return lambda *_names: structlog.PrintLogger(to or sys.stderr)


_PROCESSORS: tuple[Any, ...] = (
    _with_what_is_bound,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,  # a traceback without what variables held: a key of a caller, a line of a document
    mask_secrets,
)

# Until somebody configures it: warnings, and to the error stream, since a program's output is not ours to write into.
structlog.configure(
    processors=[*_PROCESSORS, structlog.dev.ConsoleRenderer(colors=False)],
    wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
    logger_factory=_printing(None),
)
