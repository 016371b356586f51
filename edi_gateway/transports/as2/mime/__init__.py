"""MIME as AS2 needs it: byte for byte, since digests are over what was sent and not over what a mail library makes of it."""
