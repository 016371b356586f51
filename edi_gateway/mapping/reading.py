"""A map that reads a set into a document."""

from __future__ import annotations

import threading
from types import CodeType
from typing import Any

from edi_gateway.documents.base import Value
from edi_gateway.errors import Defect
from edi_gateway.mapping.compile import bound, compiled, run
from edi_gateway.mapping.conversions import Unconvertible
from edi_gateway.mapping.errors import MapProblem
from edi_gateway.mapping.reading_code import ReadingCode
from edi_gateway.mapping.reading_runtime import Missing
from edi_gateway.mapping.trace import Trace, Traced
from edi_gateway.mapping.unread import Unread, unread
from edi_gateway.mapping.view import View
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import TransactionSet

MOST_BOUND = 8  # delimiters of interchanges that a map remembers parts under


class ReadingMap:
    """Compiled: ``read`` makes a document of a set. ``source`` is the Python it became, kept for reading and debugging.

    ``name`` and ``version`` (SHA-256 of its effective text) say which map it is, ``kind`` the document it makes, ``set_code`` and
    ``releases`` what it reads.
    """

    def __init__(self, name: str, version: str, kind: str, view: View) -> None:
        self.name, self.version, self.kind = name, version, kind
        self.set_code, self.releases = view.set_code, view.releases
        self._view = view
        code = ReadingCode(view, traced=False)
        self.source, self._names = code.source(), code.names
        self._code: CodeType = compiled(self.source, name)
        self._bound: dict[Delimiters, Any] = {}
        self._noting: tuple[Any, ReadingCode] | None = None
        self._one_at_a_time = threading.Lock()  # the traced twin notes into what its names say at the time

    def read(self, transaction_set: TransactionSet) -> Value:
        """The document in ``transaction_set``.

        Raises MapProblem naming segment, place, value and the map's file and line where the set does not fit the map.
        """
        self._check_code(transaction_set.code)
        marks, texts = transaction_set.delimiters, transaction_set.texts()
        read = self._bound.get(marks) or self._bind(marks)
        element = marks.element
        try:
            document: Value = read([text.split(element) for text in texts], texts)
        except (Missing, Unconvertible) as error:
            self._explain(transaction_set)
            raise Defect(f"map {self.name} refused a set, and its traced twin did not") from error
        return document

    def trace(self, transaction_set: TransactionSet) -> tuple[Value, list[Traced]]:
        """The document, and where each of its values came from. Raises MapProblem like ``read``."""
        self._check_code(transaction_set.code)
        document, trace = self._explain(transaction_set)
        return document, trace.values

    def unread(self, transaction_set: TransactionSet) -> list[Unread]:
        """The elements with data that no line of the map reads, and that it does not ignore. Raises MapProblem like ``read``."""
        self._check_code(transaction_set.code)
        _, trace = self._explain(transaction_set)
        return unread(transaction_set, trace)

    def lines(self) -> dict[str, str]:
        """What each line of the map makes, by file and line."""
        return self._view.lines()

    def _check_code(self, code: str) -> None:
        if code and code != self.set_code:
            raise MapProblem(f"is a {code}, and the map reads {self.set_code}", rule=self.name, do="choose a map for that set")

    def _bind(self, marks: Delimiters) -> Any:
        """The compiled map among these delimiters: what it remembers of segments holds under them alone."""
        if len(self._bound) >= MOST_BOUND:
            self._bound.clear()
        names = {**self._names, "_e": marks.element, "_c": marks.component, "_r": marks.repetition}
        read = self._bound[marks] = bound(self._code, names, "read")
        return read

    def _explain(self, transaction_set: TransactionSet) -> tuple[Value, Trace]:
        if self._noting is None:
            code = ReadingCode(self._view, traced=True)
            _, read = run(code.source(), code.names, "read", f"{self.name}, traced")
            self._noting = (read, code)
        read, code = self._noting
        trace = Trace(code.rules)
        marks = transaction_set.delimiters
        noting = {
            "_look": trace.look,
            "_known": trace.know,
            "_enter": trace.enter,
            "_leave": trace.leave,
            "_missing": trace.missing,
            "_dropped": trace.dropped,
            "_made": trace.made,
            "_c": marks.component,
            "_r": marks.repetition,
        }
        with self._one_at_a_time:
            read.__globals__.update(noting)
            try:
                return read(transaction_set.segments, []), trace
            except Unconvertible as error:
                raise trace.problem(error) from None
