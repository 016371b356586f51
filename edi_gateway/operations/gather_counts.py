"""Gather counts: what changed in the counts of sets is added to their sums, so that Sync info has little to add up."""

from __future__ import annotations

from edi_gateway.store.database import Database

BATCH = 5_000  # changes in one commit


def gather_counts(store: Database) -> int:
    """Adds up what has changed so far; how many changes there were. Not a figure is another one afterwards."""
    done = 0
    while True:
        with store.write() as unit:
            gathered = unit.set_counts.gather(BATCH)
        done += gathered
        if gathered < BATCH:
            return done
