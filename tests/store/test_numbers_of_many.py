"""Control numbers under eight processes: each given once, none left out, round the corner from 999999999 to 1."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from edi_gateway.store.control_numbers import ROLLOVER
from edi_gateway.store.database import Database
from edi_gateway.store.tables import event

pytestmark = pytest.mark.soak

PROCESSES, DOCUMENTS = 8, 1000


@pytest.mark.slow
def test_eight_processes_with_a_thousand_documents_each_leave_no_gap_and_give_nothing_twice(
    store: Database, tmp_path: Path
) -> None:
    total, before_the_end = PROCESSES * DOCUMENTS, 3000
    with store.write() as unit:
        unit.control_numbers.seed("interchange", ROLLOVER - before_the_end)

    program = [sys.executable, str(Path(__file__).with_name("numbering.py"))]
    url = store.engine.url.render_as_string(hide_password=False)
    subprocess.run([*program, url, str(tmp_path), str(PROCESSES), str(DOCUMENTS)], check=True, timeout=100)

    with store.reading() as connection:
        numbers = [int(each) for each in connection.execute(sa.select(event.c.text).order_by(event.c.id)).scalars()]
    assert numbers == [*range(ROLLOVER - before_the_end + 1, ROLLOVER + 1), *range(1, total - before_the_end + 1)]
