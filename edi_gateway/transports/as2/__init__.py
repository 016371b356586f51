"""AS2 (RFC 4130): documents over HTTP, signed, encrypted and answered by a receipt that proves what arrived.

``cms`` is the cryptography, ``mime`` the form; above them ``packing`` and ``unpacking`` make and open messages, ``mdn`` writes
and reads receipts, ``station`` answers what comes in, ``sink`` sends. Nothing here knows the database: what has to be on
record is given to a journal.
"""
