"""Figures and lists as people write them."""

from __future__ import annotations

from collections.abc import Sequence

from lisapp.design.numbers import write_number
from lisapp.places.enums import PlaceKind

KINDS: dict[str, str] = {
    PlaceKind.LEP: "LEP areas",
    PlaceKind.LOCAL_AUTHORITY: "local authorities",
    PlaceKind.COMBINED_AUTHORITY: "combined authorities",
    PlaceKind.REGION: "regions",
    PlaceKind.COUNTRY: "countries",
}
CURRENCIES = ("£", "€")


def amount(value: float | None, unit: str, decimals: int) -> str:
    """Write a figure with its unit: £31.20, 54.2%, 7.9 out of 10, 1,094 per 100,000 people. Empty for None."""
    if value is None:
        return ""
    number = write_number(value, decimals)
    sign, digits = ("−", number[1:]) if number.startswith("−") else ("", number)
    for symbol in CURRENCIES:
        if unit.startswith(symbol):
            return f"{sign}{symbol}{digits}{unit.removeprefix(symbol)}"
    if unit.startswith("%"):
        return f"{number}{unit}"
    return f"{number} {unit.removeprefix('score ')}"


def difference(value: float, unit: str, decimals: int) -> str:
    """Write the size of a difference, without its sign: 2.1 percentage points, £1,200."""
    if unit.startswith("%"):
        points = write_number(abs(value), decimals)
        return f"{points} percentage point" if points == "1" else f"{points} percentage points"
    return amount(abs(value), "points" if unit.startswith("score ") else unit, decimals)


def listed(words: Sequence[str], *, most: int = 0) -> str:
    """Join as "A, B and C"; with `most`, name that many and say how many more there are."""
    shown = list(words)
    if most and len(shown) > most:
        shown = [*shown[:most], f"{len(words) - most} more"]
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def count(number: int, one: str, many: str = "") -> str:
    """Write a count with its noun: 1 indicator, 12 indicators."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def per_cent(share: float) -> str:
    """Write a share from 0 to 1 as a whole percentage."""
    return f"{100 * share:.0f}%"


def chart_unit(unit: str) -> str:
    """The unit as charts write it beside a number: they know £, € and %; what a percentage is of stands in the text."""
    if unit.startswith("%"):
        return "%"
    return "" if unit.startswith(CURRENCIES) and unit not in CURRENCIES else unit


def figure(value: float | None, unit: str, decimals: int) -> str:
    """Write a figure with £, € or % but no other unit, for a table that names the unit once. Empty for None."""
    if value is None:
        return ""
    return amount(value, short_unit(unit), decimals).strip()


def short_unit(unit: str) -> str:
    """The part of a unit that always stands beside the number: £, € or %, else nothing."""
    if unit.startswith("%"):
        return "%"
    return unit if unit in CURRENCIES else ""


def in_sentence(label: str) -> str:
    """A label inside a sentence: its first letter small, unless it begins a name such as GCSE or Horizon 2020."""
    second = label.split()[1:2]
    is_name = label[1:2].isupper() or bool(second and second[0].isdigit())
    return label if is_name else label[:1].lower() + label[1:]


def span(lower: float | None, upper: float | None, unit: str, decimals: int) -> str:
    """Write an interval as 52.1 to 54.3, with £ or € but no other unit; empty where there is none."""
    if lower is None or upper is None:
        return ""
    symbol = short_unit(unit).removeprefix("%")
    return f"{figure(lower, symbol, decimals)} to {figure(upper, symbol, decimals)}"
