"""The gateway's memory: payloads, what was read in them, documents on their way, and everything that was told to whom."""
