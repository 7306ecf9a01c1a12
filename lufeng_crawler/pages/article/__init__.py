"""Title, body and fields of an article, each with the rule that found it."""
