"""Citing evidence: a figure is copied with its source, so that later data cannot change the argument."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from evidence.models import ComparatorReport, EvidenceItem, Indicator
from evidence.selectors.citations import figure_from_report, latest_figure
from lisapp.audit.formatters import formatter
from lisapp.audit.models import LogEntry
from lisapp.audit.services import log
from strategies import permissions
from strategies.enums import CitationKind
from strategies.models import Citation, Strategy


@transaction.atomic
def cite_figure(
    *,
    strategy: Strategy,
    indicator: Indicator,
    by: Any,
    report: ComparatorReport | None = None,
    note: str = "",
    submission_key: uuid.UUID | None = None,
) -> Citation:
    """Cite an indicator's value for the strategy's place: as the report shows it (with peers), else the newest.

    The same figure of the same report is cited once. Raises NotAllowed, or ValidationError where there is no figure.
    """
    permissions.can_draft(by, strategy).or_raise()
    _require_own_report(strategy, report)
    try:
        figure = figure_from_report(report, indicator.code) if report else latest_figure(indicator, strategy.place)
    except LookupError as error:
        raise ValidationError({"indicator": str(error)}) from error
    same = strategy.citations.filter(kind=CitationKind.FIGURE, indicator=indicator, report=report)
    for existing in same:
        if existing.figure.get("period") == figure["period"]:
            return existing
    return _save(
        strategy,
        by,
        submission_key,
        kind=CitationKind.FIGURE,
        indicator=indicator,
        report=report,
        figure=figure,
        title=f"{figure['label']}, {figure['place']}, {figure['period']}",
        source_name=figure["source"][:300],
        source_url=figure["url"] or "",
        note=note.strip(),
    )


@transaction.atomic
def cite_report(
    *,
    strategy: Strategy,
    report: ComparatorReport,
    by: Any,
    note: str = "",
    submission_key: uuid.UUID | None = None,
) -> Citation:
    """Cite a finished comparator report as a whole. Raises NotAllowed or ValidationError."""
    permissions.can_draft(by, strategy).or_raise()
    _require_own_report(strategy, report)
    if not report.is_ready:
        raise ValidationError({"report": "This report has not finished yet."})
    existing = strategy.citations.filter(kind=CitationKind.REPORT, report=report).first()
    if existing:
        return existing
    return _save(
        strategy,
        by,
        submission_key,
        kind=CitationKind.REPORT,
        report=report,
        title=report.title,
        source_name=f"Comparator report, {report.data_release.name}",
        note=note.strip(),
    )


@transaction.atomic
def cite_what_works(
    *,
    strategy: Strategy,
    review: EvidenceItem,
    by: Any,
    note: str = "",
    submission_key: uuid.UUID | None = None,
) -> Citation:
    """Cite an evidence item, with its number of studies. Raises NotAllowed, or ValidationError for another LEP's
    private item."""
    permissions.can_draft(by, strategy).or_raise()
    if review.lep_id not in (None, strategy.lep_id) and not review.is_shared:
        raise ValidationError({"review": "This evidence is private to another LEP."})
    existing = strategy.citations.filter(kind=CitationKind.WHAT_WORKS, review=review).first()
    if existing:
        return existing
    return _save(
        strategy,
        by,
        submission_key,
        kind=CitationKind.WHAT_WORKS,
        review=review,
        title=_review_title(review),
        source_name=review.source_name,
        source_url=review.source_url,
        source_date=review.source_date,
        note=note.strip(),
    )


def _review_title(review: EvidenceItem) -> str:
    """What a review counted, with the n; the title alone where the source does not state it."""
    if review.studies_on_outcome is None or review.studies_positive is None:
        return review.title
    counts = f"{review.studies_positive} of {review.studies_on_outcome} studies"
    return f"{review.title}: {counts} found a positive effect on {review.outcome.lower()}"


@transaction.atomic
def cite_local_source(
    *,
    strategy: Strategy,
    by: Any,
    title: str,
    source_name: str,
    source_url: str = "",
    source_date: str = "",
    note: str = "",
    submission_key: uuid.UUID | None = None,
) -> Citation:
    """Cite something of the LEP's own: a survey, an interview, a document. Raises NotAllowed or ValidationError."""
    permissions.can_draft(by, strategy).or_raise()
    return _save(
        strategy,
        by,
        submission_key,
        kind=CitationKind.LOCAL,
        title=title.strip(),
        source_name=source_name.strip(),
        source_url=source_url,
        source_date=source_date.strip(),
        note=note.strip(),
    )


@transaction.atomic
def remove_citation(*, citation: Citation, by: Any) -> None:
    """Take a citation out of its strategy. The audit log keeps what it was and what rested on it. Raises NotAllowed."""
    strategy = citation.strategy
    permissions.can_draft(by, strategy).or_raise()
    kept = {
        "title": citation.title,
        "kind": citation.kind,
        "source": citation.source_name,
        "url": citation.source_url,
        "note": citation.note,
        "figure": citation.figure,
        "rested_on_it": [str(item) for item in (*citation.diagnoses.all(), *citation.interventions.all())],
    }
    citation.delete()
    log("strategies.citation.removed", target=strategy, by=by, lep=strategy.lep, data=kept)


@formatter("strategies.citation.removed")
def _removed(entry: LogEntry) -> str:
    return f"Evidence removed: “{entry.data['title']}”"


def _save(strategy: Strategy, by: Any, submission_key: uuid.UUID | None, **fields: Any) -> Citation:
    key = submission_key or uuid.uuid4()
    existing = strategy.citations.filter(submission_key=key).first()
    if existing:
        return existing
    citation = Citation(strategy=strategy, submission_key=key, created_by=by, **fields)
    citation.full_clean()
    citation.save()
    log("strategies.citation.added", target=citation, by=by, lep=strategy.lep, data={"kind": citation.kind})
    return citation


def _require_own_report(strategy: Strategy, report: ComparatorReport | None) -> None:
    if report is not None and report.lep_id != strategy.lep_id:
        raise ValidationError({"report": "This report belongs to another LEP."})
