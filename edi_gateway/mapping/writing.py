"""A map that writes a document as a set."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

from edi_gateway.documents.base import Value
from edi_gateway.errors import Defect, WrongInput
from edi_gateway.mapping.compile import run
from edi_gateway.mapping.conversions import Unconvertible
from edi_gateway.mapping.trace import Traced, WritingTrace
from edi_gateway.mapping.uncarried import Uncarried
from edi_gateway.mapping.view import View
from edi_gateway.mapping.writing_code import WritingCode
from edi_gateway.mapping.writing_runtime import Missing
from edi_gateway.x12.envelope import Segment


class WritingMap:
    """Compiled, once for each release: ``write`` makes the segments of a document.

    ``name`` and ``version`` (SHA-256 of its effective text) say which map it is, ``kind`` the document it tells, ``set_code`` and
    ``releases`` what it writes; ``sources`` is the Python it became, by release.
    """

    def __init__(self, name: str, version: str, kind: str, view: View) -> None:
        self.name, self.version, self.kind = name, version, kind
        self.set_code, self.releases = view.set_code, view.releases
        self._view = view
        self._views = {release: replace(view, releases=(release,), _parts={}, _hidden=set()) for release in view.releases}
        self._uncarried: dict[str, Uncarried] = {}
        self.sources: dict[str, str] = {}
        self._write: dict[str, Any] = {}
        self._noting: dict[str, tuple[Any, WritingCode]] = {}
        self._one_at_a_time = threading.Lock()  # the traced twin notes into what its names say at the time

    def write(
        self, document: Value, *, release: str | None = None, component: str = ">", repetition: str | None = "^"
    ) -> list[Segment]:
        """The segments of ``document`` between ST and SE, trailing empty elements dropped.

        ``release`` is one of ``releases`` (a suffix such as VICS aside), the first of them if not given; ``component`` separates
        the components of composites, ``repetition`` the repetitions of an element (005010). Raises MapProblem naming the place,
        the field and the map's file and line.
        """
        chosen = self._release(document, release)
        try:
            segments: list[Segment] = self._compiled(chosen)(document, component, repetition)
        except (Missing, Unconvertible) as error:
            self._explain(document, chosen, component, repetition)
            raise Defect(f"map {self.name} refused a document, and its traced twin did not") from error
        return segments

    def trace(
        self, document: Value, *, release: str | None = None, component: str = ">", repetition: str | None = "^"
    ) -> tuple[list[Segment], list[Traced]]:
        """The segments, and where each element with data came from, constants too. Raises MapProblem like ``write``."""
        return self._explain(document, self._release(document, release), component, repetition)

    def lines(self) -> dict[str, str]:
        """What each line of the map makes, by file and line."""
        return self._view.lines()

    def not_carried(self, document: Value, *, release: str | None = None) -> list[str]:
        """The fields of ``document`` with data that ``write`` leaves out without having been told to, such as ``lines[0].taxes``.

        A caller that sends a document shows them: they are no mistake of the document, but somebody has to know.
        """
        chosen = self._release(document, release)
        if chosen not in self._uncarried:
            self._uncarried[chosen] = Uncarried(self._views[chosen])
        return self._uncarried[chosen].of(document)

    def _release(self, document: Value, release: str | None) -> str:
        wanted = next(iter(self._views.values())).document
        if not isinstance(document, wanted):
            raise WrongInput(f"map {self.name} writes documents of kind '{self.kind}', and was given: {type(document).__name__}")
        chosen = release[:6] if release else self.releases[0]
        if chosen not in self.releases:
            raise WrongInput(f"map {self.name} does not write release {release}", do="one of: " + ", ".join(self.releases))
        return chosen

    def _compiled(self, release: str) -> Any:
        if release not in self._write:
            code = WritingCode(self._views[release], traced=False)
            self.sources[release], self._write[release] = run(code.source(), code.names, "write", f"{self.name} {release}")
        return self._write[release]

    def _explain(
        self, document: Value, release: str, component: str, repetition: str | None
    ) -> tuple[list[Segment], list[Traced]]:
        if release not in self._noting:
            code = WritingCode(self._views[release], traced=True)
            _, write = run(code.source(), code.names, "write", f"{self.name} {release}, traced")
            self._noting[release] = (write, code)
        write, code = self._noting[release]
        trace = WritingTrace(code.rules)
        with self._one_at_a_time:
            write.__globals__.update(
                _note=trace.note, _begin=trace.begin, _enter=trace.enter, _leave=trace.leave, _missing=trace.missing
            )
            segments = write(document, component, repetition)
        return segments, trace.whole(segments)
