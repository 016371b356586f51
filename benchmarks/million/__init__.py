"""A store of a million documents, made in bulk, and how fast people and programs find what they look for in it."""
