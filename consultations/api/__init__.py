"""The open, read-only API of consultations."""
