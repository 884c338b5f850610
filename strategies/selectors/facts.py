"""Reads a strategy whole, in a fixed number of queries, however much is in it."""

from __future__ import annotations

from dataclasses import asdict

from django.utils import timezone

from evidence.models import ComparatorReport, DataRelease
from evidence.selectors.citations import Newer, copy_of_item, newer_figures
from strategies.domain.facts import (
    CitationFacts,
    ClaimFacts,
    DiagnosisFacts,
    InterventionFacts,
    ObjectiveFacts,
    PillarFacts,
    PrincipleFacts,
    ReportFacts,
    SectionFacts,
    StrategyFacts,
)
from strategies.enums import WordingStatus
from strategies.models import Citation, Strategy


def strategy_facts(strategy: Strategy) -> StrategyFacts:
    """Return the strategy's facts as they stand now (at most 16 queries)."""
    framework = strategy.framework
    pillars = list(framework.pillars.all())
    code_of = {pillar.pk: pillar.code for pillar in pillars}
    return StrategyFacts(
        title=strategy.title,
        slug=strategy.slug,
        lep=strategy.lep.name,
        place=strategy.place.name,
        place_code=strategy.place.code,
        framework=str(framework),
        framework_code=framework.code,
        framework_version=framework.version,
        horizon_year=strategy.horizon_year,
        started_year=strategy.created_at.year,
        vision=strategy.vision,
        is_demonstration=strategy.is_demonstration,
        pillars=tuple(PillarFacts(code=p.code, title=p.title, order=p.order) for p in pillars),
        principles=tuple(
            PrincipleFacts(
                number=p.number,
                title=p.title,
                exact=p.wording_status == WordingStatus.EXACT,
                summary=p.summary,
            )
            for p in framework.principles.all()
        ),
        sections=tuple(
            SectionFacts(
                key=s.template.key,
                title=s.template.title,
                order=s.template.order,
                body=s.body,
                required=s.template.required,
                pillar=code_of.get(s.template.pillar_id, "") if s.template.pillar_id else "",
                version=s.version,
                citations=tuple(sorted(c.pk for c in s.citations.all())),
            )
            for s in strategy.sections.select_related("template").prefetch_related("citations")
        ),
        citations=_citations(strategy),
        diagnoses=tuple(
            DiagnosisFacts(
                id=d.pk,
                pillar=code_of[d.pillar_id],
                problem=d.problem,
                affected=d.affected,
                side=d.side,
                side_label=d.get_side_display(),
                failure=d.failure,
                failure_label=d.get_failure_display(),
                explanation=d.explanation,
                citations=tuple(sorted(c.pk for c in d.citations.all())),
            )
            for d in strategy.diagnoses.prefetch_related("citations")
        ),
        objectives=tuple(
            ObjectiveFacts(
                id=o.pk,
                pillar=code_of[o.pillar_id],
                title=o.title,
                diagnosis=o.diagnosis_id,
                rationale=o.rationale,
                rank=o.rank,
                outcome=o.outcome,
                outcome_indicator=o.outcome_indicator.code if o.outcome_indicator else "",
                outcome_indicator_label=o.outcome_indicator.label if o.outcome_indicator else "",
                owner=o.owner,
                national_counterpart=o.national_counterpart,
            )
            for o in strategy.objectives.select_related("outcome_indicator")
        ),
        interventions=tuple(
            InterventionFacts(
                id=i.pk,
                title=i.title,
                objectives=tuple(sorted(o.pk for o in i.objectives.all())),
                description=i.description,
                reach=i.reach,
                reach_label=i.get_reach_display(),
                sector_argument=i.sector_argument,
                activities=i.activities,
                outputs=i.outputs,
                outcomes=i.outcomes,
                who_gains=i.who_gains,
                who_may_lose=i.who_may_lose,
                delivery_partner=i.delivery_partner,
                risk_owner=i.risk_owner,
                citations=tuple(sorted(c.pk for c in i.citations.all())),
                evaluation_question=i.evaluation_question,
                evaluation_design=i.evaluation_design,
                evaluation_level=i.evaluation_level,
                evaluation_owner=i.evaluation_owner,
            )
            for i in strategy.interventions.prefetch_related("objectives", "citations")
        ),
        reports=tuple(_reports(strategy)),
        claims=tuple(
            ClaimFacts(principle=c.principle.number, text=c.text) for c in strategy.claims.select_related("principle")
        ),
    )


def _citations(strategy: Strategy) -> tuple[CitationFacts, ...]:
    citations = list(strategy.citations.select_related("indicator", "review", "report"))
    newer = newer_figures(citation.figure for citation in citations)
    return tuple(_citation(*pair) for pair in zip(citations, newer, strict=True))


def _citation(citation: Citation, newer: Newer | None) -> CitationFacts:
    review = citation.review
    return CitationFacts(
        id=citation.pk,
        number=citation.number,
        kind=citation.kind,
        title=citation.title,
        note=citation.note,
        source_name=citation.source_name,
        source_url=citation.source_url,
        source_date=citation.source_date,
        indicator=citation.indicator.code if citation.indicator else "",
        report_id=str(citation.report_id) if citation.report_id else "",
        figure=citation.figure,
        newer=asdict(newer) if newer else {},
        review=(citation.review_copy or copy_of_item(review)) if review else {},
    )


def _reports(strategy: Strategy) -> list[ReportFacts]:
    """The finished reports about the strategy's place, newest first."""
    latest = DataRelease.objects.order_by("-loaded_at", "-pk").first()
    reports = (
        ComparatorReport.objects.ready()
        .filter(lep_id=strategy.lep_id, place_id=strategy.place_id)
        .select_related("place", "data_release")
    )
    return [
        ReportFacts(
            id=str(report.pk),
            title=report.title,
            place=report.place.name,
            data_release=report.data_release.name,
            finished_on=timezone.localdate(report.finished_at).isoformat(),
            is_latest_data=latest is not None and report.data_release_id == latest.pk,
            peers=tuple(peer["name"] for peer in report.result.get("peers", ())),
        )
        for report in reports
    ]
