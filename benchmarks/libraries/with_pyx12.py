"""pyx12: its own ``x12n_document``, with maps generated from our definitions, so that both check the same.

It validates and, as it always does when given somewhere to write, makes the 997.
"""

from __future__ import annotations

import logging
import sys
from functools import cache
from io import StringIO
from pathlib import Path
from shutil import copyfile
from tempfile import mkdtemp
from typing import Any

import pyx12.params
import pyx12.x12file
import pyx12.x12n_document
from timing import measure, text_of

from edi_gateway.x12.second_opinion.maps import MAP, write_maps
from edi_gateway.x12.standard import load

_INDEX = '<maps><version icvn="00401"><map vriic="004010" fic="PO" abbr="850">{}</map></version></maps>'


@cache
def map_folder() -> str:
    """A folder with our 850 as pyx12 wants it: index, map of the envelope, map of the set."""
    folder = Path(mkdtemp(prefix="pyx12-maps-", dir=Path(sys.argv[2]).parent))
    write_maps(load("850", "004010"), folder)
    copyfile(folder / MAP, folder / "x12.control.00401.xml")
    (folder / "maps.xml").write_text(_INDEX.format(MAP))
    return str(folder)


def read(file: str) -> dict[str, Any]:
    reader = pyx12.x12file.X12Reader(StringIO(text_of(file)))
    return {"sets": sum(segment.get_seg_id() == "ST" for segment in reader)}


def validate(file: str) -> dict[str, Any]:
    answer = _run(file, None)
    return {"sets": text_of(file).count("~ST*"), "all_good": answer}


def validate_and_997(file: str) -> dict[str, Any]:
    into = StringIO()
    valid = _run(file, into)
    told = into.getvalue()
    return {"sets": told.count("AK2*"), "good": told.count("AK5*A"), "all_good": valid}


def _run(file: str, into: StringIO | None) -> bool:
    asked = pyx12.params.ParamsBase()
    asked.set("charset", "E")
    return bool(pyx12.x12n_document.x12n_document(asked, StringIO(text_of(file)), into, None, map_path=map_folder()))


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)  # it logs every fault to the terminal, which would be measured too
    measure({"read": read, "validate": validate, "997": validate_and_997})
