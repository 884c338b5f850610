"""Turns log entries into sentences."""

from __future__ import annotations

from collections.abc import Callable

from lisapp.audit.models import LogEntry

_formatters: dict[str, Callable[[LogEntry], str]] = {}


def formatter(event: str) -> Callable[[Callable[[LogEntry], str]], Callable[[LogEntry], str]]:
    """Register a function that describes entries of `event`."""

    def register(function: Callable[[LogEntry], str]) -> Callable[[LogEntry], str]:
        _formatters[event] = function
        return function

    return register


def describe(entry: LogEntry) -> str:
    """Describe an entry: by its own formatter, else from its name ("strategies.objective.created" → "Objective
    created")."""
    if entry.event in _formatters:
        return _formatters[entry.event](entry)
    words = entry.event.split(".")[1:] or [entry.event]
    return " ".join(words).replace("_", " ").capitalize()
