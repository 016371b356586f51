"""``edi-gateway map``: run, trace, check, test and draft maps. Needs nothing set up: no partner, no store."""
