"""The evidence on disk: WARC records written and parsed, the files they lie in, their order and their hash chain."""
