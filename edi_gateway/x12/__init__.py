"""X12 as it is written: read, checked against the standard, acknowledged, written. Pure functions and values."""
