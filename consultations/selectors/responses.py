"""Reads responses for the officers."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from consultations.domain.definition import Definition
from consultations.enums import RespondentType
from consultations.models import Answer, Consultation, Response
from lisapp.design.charts import Bar, BarChart

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def response_counts(consultation: Consultation) -> list[BarChart]:
    """Return a chart of counts for each question with choices, and one of who answered (3 queries)."""
    definition = Definition.from_dict(consultation.definition)
    counted = [question for question in definition if question.is_counted]
    tallies: dict[str, Counter[str]] = {question.key: Counter() for question in counted}
    answers = Answer.objects.filter(response__consultation=consultation, question_key__in=tallies)
    for key, value in answers.values_list("question_key", "value").iterator():
        tallies[key].update(value if isinstance(value, list) else [value])
    kinds = Counter(consultation.responses.values_list("respondent_type", flat=True))
    total = sum(kinds.values())
    charts = [_chart("Who answered", [(str(label), kinds[kind]) for kind, label in RespondentType.choices], total)]
    charts += [_chart(q.text, [(choice, tallies[q.key][choice]) for choice in q.choices], total) for q in counted]
    return charts


def _chart(title: str, counts: list[tuple[str, int]], total: int) -> BarChart:
    return BarChart(
        title=title,
        bars=[Bar(label, count) for label, count in counts],
        source=f"{total:,} {'response' if total == 1 else 'responses'} to this consultation",
    )


def responses_of(consultation: Consultation) -> QuerySet[Response]:
    """Return the responses, newest first, without the heavy definition."""
    return Response.objects.filter(consultation=consultation).defer("definition")


class _Echo:
    """A file that gives back each line instead of keeping it, so that an export is streamed."""

    def write(self, value: str) -> str:
        return value


def csv_rows(consultation: Consultation) -> Iterator[str]:
    """Yield the responses as CSV, line by line. Cells that a spreadsheet would run are made text."""
    definition = Definition.from_dict(consultation.definition)
    writer = csv.writer(_Echo())
    head = ["Reference", "Received", "Channel", "Respondent type", "Organisation", "Name", "May publish name"]
    yield _line(writer, [*head, *(question.text for question in definition)])
    responses = responses_of(consultation).prefetch_related("answers")
    for response in responses.iterator(chunk_size=500):
        answers = {answer.question_key: answer.value for answer in response.answers.all()}
        texts = [answers.get(question.key, "") for question in definition]
        yield _line(
            writer,
            [
                response.reference,
                response.received_at.isoformat(timespec="seconds"),
                response.get_channel_display(),
                response.get_respondent_type_display(),
                response.organisation,
                response.name,
                "yes" if response.may_publish_name else "no",
                *("; ".join(text) if isinstance(text, list) else str(text) for text in texts),
            ],
        )


def _line(writer: Any, cells: Iterable[str]) -> str:
    line: str = writer.writerow([guarded(cell) for cell in cells])
    return line


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet runs as a formula: a leading apostrophe makes it text."""
    return f"'{cell}" if cell.lstrip(" \"'").startswith(FORMULA_STARTS) or cell.startswith(FORMULA_STARTS) else cell
