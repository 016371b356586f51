"""``edi-gateway x12``: what needs nothing set up: look at X12 files, check, answer, lay out and compare them."""
