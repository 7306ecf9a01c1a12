"""Proves that nothing was altered: checks files, rows and published heads against the hash chain."""
