"""badx12: the document as a tree, no rules of a set. Its last version imports only where Python is older than 3.10."""

from __future__ import annotations

from typing import Any

from badx12 import Parser
from timing import measure, text_of


def parse(file: str) -> dict[str, Any]:
    document = Parser().parse_document(text_of(file))
    return {"sets": sum(len(group.transaction_sets) for group in document.interchange.groups)}


if __name__ == "__main__":
    measure({"read": parse})
