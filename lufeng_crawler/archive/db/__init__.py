"""The SQLite file: its schema, how it is opened and locked, and the small helpers that run SQL."""
