"""Reads responses for the officers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Case, Count, QuerySet, When

from consultations.domain.definition import Definition, QuestionDefinition
from consultations.enums import RespondentType
from consultations.models import Answer, Consultation, Response
from lisapp.audit.models import LogEntry
from lisapp.design.charts import Bar, BarChart
from lisapp.design.spreadsheets import csv_lines

RECEIVED = "consultations.response.received"


@dataclass(frozen=True)
class Summary:
    """Everything counted: a chart for who answered and for each question with choices; how many wrote a text."""

    total: int
    charts: list[BarChart]
    texts: list[tuple[QuestionDefinition, int]]


def summary_of(consultation: Consultation) -> Summary:
    """Count the responses (2 queries, however many there are)."""
    definition = Definition.from_dict(consultation.definition)
    counts = consultation.responses.order_by().values_list("respondent_type").annotate(Count("pk"))
    kinds = dict(counts)
    tallies: dict[str, Counter[str]] = {question.key: Counter() for question in definition}
    written: Counter[str] = Counter()
    answers = Answer.objects.filter(response__consultation=consultation).order_by()
    chosen = Case(When(question_key__in=[q.key for q in definition if q.is_counted], then="value"))
    for key, value, number in (
        answers.annotate(chosen=chosen).values_list("question_key", "chosen").annotate(Count("pk"))
    ):
        written[key] += number
        for option in value if isinstance(value, list) else [value]:
            tallies[key][option] += number
    total = sum(kinds.values())
    charts = [
        _chart("Who answered", [(str(label), kinds.get(kind, 0)) for kind, label in RespondentType.choices], total)
    ]
    for question in definition:
        if question.is_counted:
            bars = [(choice, tallies[question.key][choice]) for choice in question.choices]
            charts.append(_chart(question.text, bars, written[question.key]))
    return Summary(total, charts, [(q, written[q.key]) for q in definition if not q.is_counted])


def _chart(title: str, counts: list[tuple[str, int]], total: int) -> BarChart:
    most = max((count for _, count in counts), default=0)
    first = " and ".join(label for label, count in counts if count == most)
    return BarChart(
        title=title,
        description=f"Chosen most: {first}, {most:,} of {total:,}." if most else "Nobody has answered yet.",
        width=560,
        bars=[Bar(label, count) for label, count in counts],
        label_name="Answer",
        value_name="Responses",
        source=f"{total:,} {'response' if total == 1 else 'responses'} to this consultation",
    )


def responses_of(consultation: Consultation) -> QuerySet[Response]:
    """Return the responses, newest first, without the heavy definition."""
    return Response.objects.filter(consultation=consultation).defer("definition")


def csv_rows(consultation: Consultation) -> Iterator[str]:
    """Yield the responses as CSV, line by line. Cells that a spreadsheet would run are made text."""
    definition = Definition.from_dict(consultation.definition)
    head = ["Reference", "Received", "Channel", "Respondent type", "Organisation", "Name", "May publish name"]
    return csv_lines([*head, *(question.text for question in definition)], _rows(consultation, definition))


def _rows(consultation: Consultation, definition: Definition) -> Iterator[list[str]]:
    responses = responses_of(consultation).prefetch_related("answers")
    for response in responses.iterator(chunk_size=500):
        answers = {answer.question_key: answer.value for answer in response.answers.all()}
        texts = [answers.get(question.key, "") for question in definition]
        yield [
            response.reference,
            response.received_at.isoformat(timespec="seconds"),
            response.get_channel_display(),
            response.get_respondent_type_display(),
            response.organisation,
            response.name,
            "yes" if response.may_publish_name else "no",
            *("; ".join(text) if isinstance(text, list) else str(text) for text in texts),
        ]


def signs_of(response: Response) -> list[str]:
    """Return what suggested on arrival that a machine sent it (1 query)."""
    received = LogEntry.objects.about(response).filter(event=RECEIVED).first()
    return list(received.data.get("signs", [])) if received else []
