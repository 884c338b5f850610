"""The read-only API of published figures and reviews."""
