"""The gateway for people: its pages, one file a noun."""
