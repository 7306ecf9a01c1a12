"""Situations that do not hold yet: one that begins to hold fails here until its name is taken from this list."""

PENDING: frozenset[str] = frozenset()
