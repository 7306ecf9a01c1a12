"""The entries of a listing and the URL of its next page."""
