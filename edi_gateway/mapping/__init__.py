"""The map language: X12 sets to documents and back, by the files in ``maps/``."""
