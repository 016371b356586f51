"""Whom we trade with and on what terms: profiles, agreements and connections, read from the files in ``partners/``."""
