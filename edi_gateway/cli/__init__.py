"""The gateway on the command line: a thin edge, one file a noun."""
