"""Addresses made from titles."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count
from typing import Any

from django.db import models
from django.utils.text import slugify


def free_slug(
    title: str, model: type[models.Model], *, fallback: str, longest: int, reserved: Collection[str] = ()
) -> str:
    """Return an address for `title` that no row of `model` has as its slug, nor `reserved` holds.

    A taken one gets a number: "ours", "ours-2", "ours-3". `fallback` stands for a title without letters; `longest` is
    the most characters before the number.
    """
    manager: Any = model._default_manager
    stem = slugify(title)[:longest].strip("-") or fallback
    taken = {*manager.filter(slug__startswith=stem).values_list("slug", flat=True), *reserved}
    return next(slug for n in count(1) if (slug := stem if n == 1 else f"{stem}-{n}") not in taken)
