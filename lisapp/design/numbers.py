"""How numbers are written for people."""

from decimal import Decimal


def write_number(value: float | int | Decimal, places: int | None = None) -> str:
    """Write a number with separators and no more decimals than it needs.

    Without `places`: whole numbers and figures from 1,000 on as whole numbers, from 1 on one decimal, smaller ones two
    significant digits. A minus sign, not a hyphen.
    """
    number = Decimal(str(value))
    if not number.is_finite():
        return ""
    if places is None:
        size = abs(number)
        if number == number.to_integral_value() or size >= 1000:
            places = 0
        elif size >= 1:
            places = 1
        else:
            places = min(6, -number.adjusted() + 1)
    written = f"{abs(number):,.{places}f}"
    negative = number < 0 and any(digit in written for digit in "123456789")
    return f"−{written}" if negative else written
