"""Compares two versions: tokens, alignment, moved paragraphs, clean-up, and the result as HTML."""
