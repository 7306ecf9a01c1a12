"""What leaves the archive: CSV, JSON Lines, Parquet, SQLite, feeds, WACZ, Memento time maps."""
