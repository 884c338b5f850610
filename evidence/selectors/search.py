"""Search over evidence items that a person may see, and over indicators.

PostgreSQL searches its stored word vectors (migration 0004) and ranks; SQLite looks for every word in the same
fields. Both take what people type, quotation marks and minus signs included, and neither can fail on it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVectorField
from django.db import connection
from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from evidence.models import EvidenceItem, Indicator

ITEM_FIELDS = ("title", "outcome", "finding", "caution", "source_name")
INDICATOR_FIELDS = ("label", "definition", "caveat")
MOST_WORDS = 20
EXCERPT = 220
# Around the words found: private characters that escaping leaves alone, and that only then turn to HTML.
START, STOP = "\ue000", "\ue001"
TERM = re.compile(r'-?"[^"]*"|\S+')


@dataclass(frozen=True)
class Term:
    """A word or quoted phrase, to be found or (`excluded`) not to be."""

    text: str
    excluded: bool = False


@dataclass(frozen=True)
class Hit:
    """A result: `what` is the kind of thing, `excerpt` safe HTML with the words found marked."""

    title: str
    url: str
    what: str
    about: str
    excerpt: SafeString


def terms(query: str) -> list[Term]:
    """Read a query as PostgreSQL's websearch does: words, "phrases", -left out. "or" is not read as an operator."""
    found = []
    for match in TERM.findall(query)[:MOST_WORDS]:
        text = match.lstrip("-").strip('"').strip()
        if text:
            found.append(Term(text, excluded=match.startswith("-")))
    return found


def matching(rows: QuerySet[Any], query: str, fields: tuple[str, ...]) -> QuerySet[Any]:
    """Narrow to the rows that a query finds, best first; every row when the query says nothing."""
    wanted = terms(query)
    if not wanted:
        return rows
    if connection.vendor == "postgresql":
        return _full_text(rows, query)
    for term in wanted:
        anywhere = Q()
        for field in fields:
            anywhere |= Q(**{f"{field}__icontains": term.text})
        rows = rows.exclude(anywhere) if term.excluded else rows.filter(anywhere)
    return rows


def _full_text(rows: QuerySet[Any], query: str) -> QuerySet[Any]:
    table = connection.ops.quote_name(rows.model._meta.db_table)
    stored = RawSQL(f"{table}.search", [], output_field=SearchVectorField())  # noqa: S611 the name is our own
    asked = SearchQuery(query, config="english", search_type="websearch")
    return (
        rows.alias(stored_words=stored)
        .filter(stored_words=asked)
        .alias(rank=SearchRank(F("stored_words"), asked))
        .order_by("-rank", *rows.model._meta.ordering)
    )


def items_matching(items: QuerySet[EvidenceItem], query: str) -> QuerySet[EvidenceItem]:
    """Narrow evidence items to those that a query finds."""
    return matching(items, query, ITEM_FIELDS)


def search(user: Any, query: str) -> SearchResults:
    """Search what `user` may see. A list that can be counted and sliced, evidence items first, then indicators."""
    items = EvidenceItem.objects.visible_to(user).select_related("lep")
    nothing = not any(not term.excluded for term in terms(query))
    if nothing:
        return SearchResults(query, items.none(), Indicator.objects.none())
    return SearchResults(
        query, items_matching(items, query), matching(Indicator.objects.all(), query, INDICATOR_FIELDS)
    )


class SearchResults:
    """Results for a paginator: counted and fetched a page at a time, never as a whole."""

    def __init__(self, query: str, items: QuerySet[EvidenceItem], indicators: QuerySet[Indicator]) -> None:
        self.query, self.items, self.indicators = query, items, indicators
        self.item_count, self.indicator_count = items.count(), indicators.count()

    def __len__(self) -> int:
        return self.item_count + self.indicator_count

    def __getitem__(self, wanted: slice) -> list[Hit]:
        start, stop, _ = wanted.indices(len(self))
        items = self.items[min(start, self.item_count) : min(stop, self.item_count)]
        after = slice(max(0, start - self.item_count), max(0, stop - self.item_count))
        shown = [self._item(item) for item in _with_headline(items, self.query, "finding", "caution")]
        return shown + [
            self._indicator(each) for each in _with_headline(self.indicators[after], self.query, "definition", "caveat")
        ]

    def _item(self, item: EvidenceItem) -> Hit:
        owner = f"{item.lep}, {'shared' if item.is_shared else 'private to the LEP'}" if item.lep else ""
        about = " · ".join(part for part in (item.get_pillar_display(), item.outcome, owner) if part)
        text = f"{item.finding} {item.caution}"
        return Hit(
            item.title, item.get_absolute_url(), item.get_kind_display(), about, _excerpt(item, text, self.query)
        )

    def _indicator(self, indicator: Indicator) -> Hit:
        about = f"{indicator.get_pillar_display()} · {indicator.unit}"
        text = f"{indicator.definition} {indicator.caveat}"
        excerpt = _excerpt(indicator, text, self.query)
        return Hit(indicator.label, indicator.get_absolute_url(), "Indicator", about, excerpt)


def _with_headline(rows: QuerySet[Any], query: str, *fields: str) -> QuerySet[Any]:
    """On PostgreSQL let the database choose the excerpt; only for the page shown, because it reads the whole text."""
    if connection.vendor != "postgresql" or rows.query.is_empty():
        return rows
    first, second = fields
    asked = SearchQuery(query, config="english", search_type="websearch")
    return rows.annotate(
        headline=SearchHeadline(
            Concat(F(first), Value(" "), F(second), output_field=TextField()),
            asked,
            config="english",
            start_sel=START,
            stop_sel=STOP,
            max_words=35,
            min_words=20,
        )
    )


def _excerpt(row: Any, text: str, query: str) -> SafeString:
    marked = getattr(row, "headline", None)
    if marked is None:
        marked = _marked(text, query)
    safe = escape(marked).replace(START, "<mark>").replace(STOP, "</mark>")
    return mark_safe(safe)  # noqa: S308 escaped; the marks are put in afterwards


def _marked(text: str, query: str) -> str:
    """The part of a text around the first word found, with every word found between the marks."""
    words = [re.escape(term.text) for term in terms(query) if not term.excluded]
    text = text.replace(START, "").replace(STOP, "")
    found = re.compile("|".join(words), re.IGNORECASE) if words else None
    first = found.search(text) if found else None
    begin = max(0, first.start() - EXCERPT // 3) if first else 0
    begin = text.rfind(" ", 0, begin) + 1 if begin else 0
    part = text[begin : begin + EXCERPT]
    if begin + EXCERPT < len(text):
        part = f"{part.rsplit(' ', 1)[0]} …"
    part = f"… {part}" if begin else part
    return found.sub(lambda match: f"{START}{match.group()}{STOP}", part).strip() if found else part.strip()
