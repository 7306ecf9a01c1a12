"""What several commands share: options, progress bars, what they print."""
