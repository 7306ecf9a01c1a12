"""What readers ask of a finished archive: each answer a row or a dataclass, and the sentences that describe it."""
