"""The way in: bytes on record, X12 read and answered, documents made, rules applied, orders posted."""
