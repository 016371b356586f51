"""Commands of a day's work: what waits for a person, and doing or sending it again."""
