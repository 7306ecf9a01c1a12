"""Finds articles by words or by likeness: the indexes beside the versions, the query language, ranking, snippets."""
