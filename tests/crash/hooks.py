"""Hooks: where points are put. Functions of ``os`` and ``io`` on files below a folder, a database's dialect, and the ERP."""

from __future__ import annotations

import builtins
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from crash.points import Points

from edi_gateway.store.database import Database

_NAMING = ("link", "unlink", "remove", "rename", "replace", "mkdir", "rmdir")
_BY_DESCRIPTOR = ("write", "fsync", "ftruncate")
_ERP = ("consult", "post_order", "post_remittance", "find", "pending", "confirm")


@contextmanager
def on_files(points: Points, folder: str) -> Iterator[None]:
    """Every operation on a file below ``folder`` is a point, for as long as the block runs."""
    files = _Files(points, folder)
    before = {name: getattr(os, name) for name in ("open", *_NAMING, *_BY_DESCRIPTOR)}
    plain_open = io.open
    try:
        for name in _NAMING:
            setattr(os, name, files.naming(name, before[name]))
        for name in _BY_DESCRIPTOR:
            setattr(os, name, files.by_descriptor(name, before[name]))
        os.open = files.opening(os.open, lambda flags: bool(flags & (os.O_CREAT | os.O_TRUNC)), os.O_RDONLY)
        io.open = builtins.open = files.opening(plain_open, lambda mode: any(each in mode for each in "wxa+"), "r")
        yield
    finally:
        for name, function in before.items():
            setattr(os, name, function)
        io.open = builtins.open = plain_open


class _Files:
    def __init__(self, points: Points, folder: str) -> None:
        self._points, self._folder = points, folder
        self._synced: dict[str, int] = {}

    def naming(self, name: str, operation: Callable[..., Any]) -> Callable[..., Any]:
        """link, unlink, rename …: by the path they are given first."""

        def named(path: Any, *args: Any, **more: Any) -> Any:
            place = self._below(path, more.get("dir_fd") or more.get("src_dir_fd"))
            if place is None:
                return operation(path, *args, **more)
            return self._points.passes("file", f"{name} {place}", operation, path, *args, **more)

        return named

    def by_descriptor(self, name: str, operation: Callable[..., Any]) -> Callable[..., Any]:
        """write, fsync …: by where the descriptor leads."""

        def written(handle: int, *args: Any) -> Any:
            path = os.readlink(f"/proc/self/fd/{handle}")
            place = self._below(path)
            if place is None:
                return operation(handle, *args)
            if name == "fsync" and not os.path.isdir(path):
                size = os.fstat(handle).st_size
                if (synced := self._synced.get(path, 0)) < size:
                    self._points.unsynced(path, synced, size)
                self._synced[path] = size
            return self._points.passes("file", f"{name} {place}", operation, handle, *args)

        return written

    def opening(self, operation: Callable[..., Any], changes: Callable[[Any], bool], usual: Any) -> Callable[..., Any]:
        """open: of ``os`` or ``io``; one that can change nothing is a point to fail at and none to die at."""

        def opened(path: Any, how: Any = usual, *args: Any, **more: Any) -> Any:
            place = None if isinstance(path, int) else self._below(path, more.get("dir_fd"))
            if place is None:
                return operation(path, how, *args, **more)
            if os.path.isfile(path):
                self._synced.setdefault(os.path.abspath(path), os.path.getsize(path))
            kind = "file" if changes(how) else "read"
            return self._points.passes(kind, f"open {place}", operation, path, how, *args, **more)

        return opened

    def _below(self, path: Any, dir_fd: int | None = None) -> str | None:
        """Where below the folder, if it is the gateway's doing."""
        if self._points.are_quiet:
            return None
        text = os.fspath(path) if isinstance(path, str | os.PathLike) else os.fsdecode(path)
        if dir_fd is not None:
            text = f"{os.readlink(f'/proc/self/fd/{dir_fd}')}/{text}"
        return text.removeprefix(self._folder) if text.startswith(self._folder) else None


def on_database(points: Points, store: Database) -> None:
    """Every statement and every commit on this store's connections is a point."""
    dialect: Any = store.engine.dialect
    commit, execute, bare, many = dialect.do_commit, dialect.do_execute, dialect.do_execute_no_params, dialect.do_executemany
    dialect.do_commit = lambda connection: points.passes("commit", "", commit, connection)
    dialect.do_execute = lambda cursor, text, *more: points.passes(*_named(text), execute, cursor, text, *more)
    dialect.do_execute_no_params = lambda cursor, text, *more: points.passes(*_named(text), bare, cursor, text, *more)
    dialect.do_executemany = lambda cursor, text, *more: points.passes(*_named(text), many, cursor, text, *more)


def _named(text: str) -> tuple[str, str]:
    words = text.split(None, 3)
    verb = words[0].upper()
    kind = {"BEGIN": "begin", "SELECT": "select"}.get(verb, "statement")
    return kind, " ".join(words[:3]) if kind == "statement" else verb


class PointedErp:
    """An ERP whose every answer is a point; it lives elsewhere, so its files are not ours."""

    def __init__(self, points: Points, erp: Any) -> None:
        self._points, self._erp = points, erp

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._erp, name)
        if name not in _ERP:
            return method
        return lambda *args, **named: self._points.passes("erp", name, method, *args, **named)
