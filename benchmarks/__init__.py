"""How fast the engine is, held against other X12 libraries: ``make bench`` and ``make bench-large``."""
