"""Bytes and strings: encodings, white space, dates, URLs."""
