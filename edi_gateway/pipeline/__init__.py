"""The way of a document, in and out: one stage a file, and one table that says which follows which."""
