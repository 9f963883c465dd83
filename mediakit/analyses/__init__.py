"""Articles to measures: every function returns one tidy table, with the sentences behind its numbers."""
