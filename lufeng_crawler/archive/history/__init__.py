"""What became of an article: its URLs, versions, presence and moves, decided from one observation at a time."""
