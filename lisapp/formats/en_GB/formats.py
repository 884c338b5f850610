"""Dates as "24 November 2026", times as "2:05 p.m."."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, g:ia"
TIME_FORMAT = "g:ia"
SHORT_DATE_FORMAT = "j M Y"
