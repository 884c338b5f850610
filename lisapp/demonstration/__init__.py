"""Demonstration content: invented text on real published figures, marked as such on every page."""
