"""Citing evidence: a figure is copied with its source, so that later data cannot change the argument."""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from evidence.models import ComparatorReport, EvidenceItem, Indicator
from evidence.selectors.citations import (
    Figure,
    Newer,
    copy_of_item,
    figure_from_report,
    latest_figure,
    newer_figures,
)
from evidence.selectors.wording import listed
from lisapp.audit.formatters import formatter
from lisapp.audit.models import LogEntry
from lisapp.audit.services import log
from lisapp.design.marks import replace_mark
from lisapp.places.models import Place
from strategies import permissions
from strategies.enums import CitationKind
from strategies.models import Citation, Diagnosis, Intervention, Section, Strategy
from strategies.services.sections import save_section
from strategies.services.versions import save_version


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

    From a report the finding is copied with it: the gap to the peers' median with its interval, the number of peers
    and the state. The same figure of the same report is cited once. Raises NotAllowed, or ValidationError where there
    is no figure.
    """
    permissions.can_draft(by, strategy).or_raise()
    _require_own_report(strategy, report)
    try:
        figure = figure_from_report(report, indicator.code) if report else latest_figure(indicator, strategy.place)
    except LookupError as error:
        raise ValidationError({"indicator": str(error)}) from error
    return _cite_copy(strategy, indicator, report, figure, by, submission_key, note=note.strip())


def _cite_copy(
    strategy: Strategy,
    indicator: Indicator,
    report: ComparatorReport | None,
    figure: Figure,
    by: Any,
    submission_key: uuid.UUID | None,
    **fields: Any,
) -> Citation:
    for existing in strategy.citations.filter(kind=CitationKind.FIGURE, indicator=indicator, report=report):
        if all(existing.figure.get(key) == figure[key] for key in ("place_code", "period", "value", "vintage")):
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
        **fields,
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
    """Cite an evidence item: a review, a study, or local evidence of this LEP or shared by another.

    What it says is copied: effect, strength, cost and transferability in words, with the number of studies. Local
    evidence is a local source. Raises NotAllowed, or ValidationError where the person does not see the item.
    """
    permissions.can_draft(by, strategy).or_raise()
    if not EvidenceItem.objects.visible_to(by).filter(pk=review.pk).exists():
        raise ValidationError({"review": "This evidence is private to another LEP."})
    if review.lep_id and review.lep_id != strategy.lep_id and not review.is_shared:
        raise ValidationError({"review": "This evidence is private to another LEP. It can be cited once it is shared."})
    existing = strategy.citations.filter(review=review).first()
    if existing:
        return existing
    return _save(
        strategy,
        by,
        submission_key,
        kind=CitationKind.LOCAL if review.is_local else CitationKind.WHAT_WORKS,
        review=review,
        review_copy=copy_of_item(review),
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
def cite_newer_figure(
    *,
    citation: Citation,
    by: Any,
    note: str = "",
    diagnoses: Iterable[Diagnosis] = (),
    interventions: Iterable[Intervention] = (),
    sections: Iterable[Section] = (),
) -> Citation:
    """Cite what the data now say in place of a cited figure, and let the claims named rest on that instead.

    From the newest report of the LEP that shows that very figure, so that the peers stay beside it; else as published.
    A section that moves gets the new mark in its text, as a revision; its words are left as they are. The old citation
    stays. Citing twice gives the first. Raises NotAllowed, StaleEdit, or ValidationError where nothing is newer.
    """
    strategy = citation.strategy
    permissions.can_draft(by, strategy).or_raise()
    (newer,) = newer_figures([citation.figure] if citation.kind == CitationKind.FIGURE else [{}])
    indicator = citation.indicator
    if newer is None or indicator is None:
        raise ValidationError("There is no newer figure to cite.")
    report = _report_showing(citation, newer)
    place = Place.objects.get(code=citation.figure["place_code"])
    figure = figure_from_report(report, indicator.code) if report else latest_figure(indicator, place)
    made = _cite_copy(
        strategy, indicator, report, figure, by, None, note=note.strip() or citation.note, replaces=citation
    )
    moved = [
        *[_move_link(diagnosis, citation, made, by) for diagnosis in diagnoses],
        *[_move_link(intervention, citation, made, by) for intervention in interventions],
        *[_move_mark(section, citation, made, by) for section in sections],
    ]
    log(
        "strategies.citation.renewed",
        target=strategy,
        by=by,
        lep=strategy.lep,
        data={"title": citation.title, "old": citation.figure, "new": made.title, "note": note.strip(), "moved": moved},
    )
    return made


def _report_showing(citation: Citation, newer: Newer) -> ComparatorReport | None:
    """The newest report of the LEP on the same place that shows the newer figure, where the old came from a report."""
    if citation.report is None:
        return None
    reports = ComparatorReport.objects.ready().filter(
        lep=citation.strategy.lep_id, place__code=citation.figure["place_code"]
    )
    for report in reports.order_by("-finished_at"):
        for row in report.result.get("figures", []):
            if row["indicator"] == citation.figure["indicator"] and row["period"] == newer.period:
                if row["value"] is not None and math.isclose(row["value"], newer.value, rel_tol=1e-9, abs_tol=1e-12):
                    return report
                break
    return None


def _move_link(item: Diagnosis | Intervention, old: Citation, new: Citation, by: Any) -> str:
    """Let a diagnosis or an intervention rest on the new citation. It counts as an edit, so that nobody overwrites it
    unseen."""
    if item.strategy_id != old.strategy_id:
        raise ValidationError("Something chosen here belongs to another strategy.")
    if not item.citations.filter(pk=old.pk).exists():
        return str(item)
    save_version(item, expected_version=item.version, changes={"updated_by": by, "updated_at": timezone.now()})
    item.citations.remove(old)
    item.citations.add(new)
    log(f"strategies.{item._meta.model_name}.edited", target=item, by=by, lep=old.strategy.lep)
    return str(item)


def _move_mark(section: Section, old: Citation, new: Citation, by: Any) -> str:
    if section.strategy_id != old.strategy_id:
        raise ValidationError("Something chosen here belongs to another strategy.")
    save_section(
        section=section,
        body=replace_mark(section.body, old.number, new.number),
        by=by,
        expected_version=section.version,
        note=f"Newer figure: {new.mark} in place of {old.mark}",
    )
    return str(section)


@transaction.atomic
def remove_citation(*, citation: Citation, by: Any) -> None:
    """Take a citation out of its strategy; diagnoses and interventions that rested on it stay and show a gap.

    The audit log keeps what it was and what rested on it. Raises NotAllowed, or ValidationError while a section's
    text marks it: a text is changed by people only.
    """
    strategy = citation.strategy
    permissions.can_draft(by, strategy).or_raise()
    strategy.citations.select_for_update().get(pk=citation.pk)
    sections = [str(section) for section in citation.sections.select_related("template")]
    if sections:
        raise ValidationError(f"The text of {listed(sections)} cites {citation.mark}. Take the mark out there first.")
    kept = {
        "title": citation.title,
        "number": citation.number,
        "kind": citation.kind,
        "source": citation.source_name,
        "url": citation.source_url,
        "note": citation.note,
        "figure": citation.figure,
        "review": citation.review_copy,
        "rested_on_it": [str(item) for item in (*citation.diagnoses.all(), *citation.interventions.all())],
    }
    citation.delete()
    log("strategies.citation.removed", target=strategy, by=by, lep=strategy.lep, data=kept)


@formatter("strategies.citation.renewed")
def _renewed(entry: LogEntry) -> str:
    moved = entry.data["moved"]
    rests = f", and moved: {listed(moved)}" if moved else ""
    return f"Newer figure cited in place of “{entry.data['title']}”: “{entry.data['new']}”{rests}"


@formatter("strategies.citation.removed")
def _removed(entry: LogEntry) -> str:
    return f"Evidence removed: “{entry.data['title']}”"


def _save(strategy: Strategy, by: Any, submission_key: uuid.UUID | None, **fields: Any) -> Citation:
    key = submission_key or uuid.uuid4()
    existing = strategy.citations.filter(submission_key=key).first()
    if existing:
        return existing
    number = take_number(strategy)
    citation = Citation(strategy=strategy, number=number, submission_key=key, created_by=by, **fields)
    citation.full_clean()
    citation.save()
    log("strategies.citation.added", target=citation, by=by, lep=strategy.lep, data={"kind": citation.kind})
    return citation


def take_number(strategy: Strategy) -> int:
    """Return the number of the strategy's next citation. It is not given again, also when the citation is deleted:
    earlier texts still name it."""
    Strategy.objects.filter(pk=strategy.pk).update(next_citation=F("next_citation") + 1)
    strategy.refresh_from_db(fields=["next_citation"])
    return strategy.next_citation - 1


def _require_own_report(strategy: Strategy, report: ComparatorReport | None) -> None:
    if report is not None and report.lep_id != strategy.lep_id:
        raise ValidationError({"report": "This report belongs to another LEP."})
