"""A date typed into three boxes: day, month, year."""

import datetime
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

BOXES = ("day", "month", "year")
MONTHS = [
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
]  # fmt: skip

Typed = tuple[str, str, str]


def shown(value: datetime.date) -> str:
    """Write a date as people read it: 24 November 2026."""
    return f"{value.day} {MONTHS[value.month - 1].capitalize()} {value.year}"


def month_number(text: str) -> int | None:
    """Read `3`, `03`, `Mar` or `March` as 3; None when it is none of these."""
    text = text.strip().lower().rstrip(".")
    if text.isdecimal():
        return int(text)
    if len(text) < 3:
        return None
    return next((number for number, name in enumerate(MONTHS, 1) if name.startswith(text)), None)


class DateInput(forms.Widget):
    """Three text boxes named `<name>-day`, `<name>-month` and `<name>-year`.

    `autocomplete="bday"` among the attributes is passed on as `bday-day`, `bday-month` and `bday-year`.
    """

    def format_value(self, value: Any) -> Typed:
        """Return the three texts for a date, an ISO text, or what was typed before."""
        if isinstance(value, datetime.date):
            return (str(value.day), str(value.month), str(value.year))
        if isinstance(value, tuple):
            return value
        if isinstance(value, str) and value:
            try:
                return self.format_value(datetime.date.fromisoformat(value))
            except ValueError:
                return (value, "", "")
        return ("", "", "")

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Typed:
        """Collect the boxes; a single `<name>` in ISO form (as an API or a link would send) is also accepted."""
        typed = tuple(str(data.get(f"{name}-{box}") or "").strip() for box in BOXES)
        if not any(typed) and data.get(name):
            return self.format_value(data[name])
        return (typed[0], typed[1], typed[2])

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(f"{name}-{box}" in data for box in BOXES) and name not in data

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}-day" if id_ else ""


class DateInputField(forms.Field):
    """A date in three boxes, whose errors say which box is wrong.

    `earliest` and `latest` are inclusive. A ValidationError carries `params["boxes"]`, the names of the boxes to
    mark. A month may be typed as a number or as a word.
    """

    widget = DateInput
    default_error_messages: ClassVar = {
        "missing": "%(label)s must include a %(missing)s",
        "year": "Year must include 4 numbers",
        "unreal": "%(label)s must be a real date",
        "early": "%(label)s must be on or after %(limit)s",
        "late": "%(label)s must be on or before %(limit)s",
    }

    def __init__(
        self, *, earliest: datetime.date | None = None, latest: datetime.date | None = None, **kwargs: Any
    ) -> None:
        self.earliest, self.latest = earliest, latest
        super().__init__(**kwargs)

    def _error(self, code: str, boxes: tuple[str, ...], **params: str) -> ValidationError:
        values = {"label": self.label or "Date", "boxes": boxes, **params}
        return ValidationError(self.error_messages[code], code=code, params=values)

    def to_python(self, value: Any) -> datetime.date | None:
        """Return the date, None when all boxes are empty; ValidationError names the faulty boxes."""
        if value is None or isinstance(value, datetime.date):
            return value
        typed = dict(zip(BOXES, value, strict=True))
        if not any(typed.values()):
            return None
        missing = tuple(box for box in BOXES if not typed[box])
        if missing:
            raise self._error("missing", missing, missing=" and ".join(missing))
        if not (typed["year"].isdecimal() and len(typed["year"]) == 4):
            raise self._error("year", ("year",))
        month = month_number(typed["month"])
        if month is None or not 1 <= month <= 12:
            raise self._error("unreal", ("month",))
        try:
            return datetime.date(int(typed["year"]), month, int(typed["day"]))
        except ValueError:
            raise self._error("unreal", ("day",)) from None

    def validate(self, value: datetime.date | None) -> None:
        super().validate(value)
        if value and self.earliest and value < self.earliest:
            raise self._error("early", BOXES, limit=shown(self.earliest))
        if value and self.latest and value > self.latest:
            raise self._error("late", BOXES, limit=shown(self.latest))

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(DateInput().format_value(initial)) != self.to_python(data)
        except ValidationError:
            return True
