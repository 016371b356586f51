"""Commands about who we deal with and what is agreed with them: ``partner``, ``xref``, ``plan``."""
