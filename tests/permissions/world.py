"""One LEP with everything in it, and people in every role, for the access matrix."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.utils import timezone

from consultations.models import Consultation
from consultations.services.consultations import publish
from lisapp.places.enums import Role
from strategies.models import Document
from tests.factories.consultations import ConsultationFactory, QuestionFactory
from tests.factories.evidence import (
    ComparatorReportFactory,
    DatasetFactory,
    EvidenceItemFactory,
    IndicatorFactory,
    ObservationFactory,
)
from tests.factories.kernel import JobFactory, MembershipFactory, UserFactory
from tests.factories.strategies import (
    CitationFactory,
    ClaimFactory,
    DiagnosisFactory,
    InterventionFactory,
    ObjectiveFactory,
    ReleaseFactory,
    ReviewFactory,
    StrategyFactory,
)

ROLES = ("public", "outsider", "viewer", "officer", "lead", "reviewer", "administrator")


@dataclass
class World:
    """The people by role, and the keyword arguments of every address that has some."""

    people: dict[str, Any]
    kwargs: dict[str, dict[str, Any]] = field(default_factory=dict)


def build() -> World:
    """Make the LEP, its strategy with a whole thread, and everything that hangs from it."""
    strategy = StrategyFactory()
    lep, lead = strategy.lep, strategy.created_by
    people = {
        "public": AnonymousUser(),
        "outsider": MembershipFactory().user,
        "viewer": MembershipFactory(lep=lep, role=Role.VIEWER).user,
        "officer": MembershipFactory(lep=lep, role=Role.OFFICER).user,
        "lead": lead,
        "reviewer": UserFactory(reviewer=True),
        "administrator": UserFactory(administrator=True),
    }
    indicator = IndicatorFactory()
    observation = ObservationFactory(indicator=indicator, place=strategy.place)
    reviewed = EvidenceItemFactory()
    local = EvidenceItemFactory(local=True, lep=lep, created_by=lead, file_name="survey.txt")
    local.file.save("survey.txt", ContentFile(b"What employers said"))
    citation = CitationFactory(strategy=strategy)
    diagnosis = DiagnosisFactory(strategy=strategy, citations=[citation])
    objective = ObjectiveFactory(strategy=strategy, diagnosis=diagnosis)
    intervention = InterventionFactory(strategy=strategy, objectives=[objective], citations=[citation])
    ClaimFactory(strategy=strategy)
    release = ReleaseFactory(strategy=strategy, number=1)
    review = ReviewFactory(strategy=strategy, release=release)
    report = ComparatorReportFactory(lep=lep, place=strategy.place, created_by=lead, ready=True)
    report.docx.save("report.docx", ContentFile(b"not really a document"))
    document = Document(strategy=strategy, release=release, created_by=lead, finished_at=timezone.now())
    document.docx.save("draft.docx", ContentFile(b"not really a document"), save=False)
    document.save()
    job = JobFactory(requested_by=lead, lep=lep)
    consultation = ConsultationFactory(release=release)
    question = QuestionFactory(consultation=consultation, key="priorities", order=1)
    world = World(people)
    of_lep = {"lep": lep.slug}
    of_strategy = {"slug": strategy.slug}
    world.kwargs = {
        "jobs": {"pk": job.pk},
        "lep": of_lep,
        "strategy": of_strategy,
        "report": {"pk": report.pk},
        "report_file": {"pk": report.pk, "format": "docx"},
        "report_chart": {"pk": report.pk, "key": "chart-0000000000"},
        "indicator": {"code": indicator.code},
        "dataset": {"pk": DatasetFactory().pk},
        "imported_dataset": {"pk": DatasetFactory(imported=True).pk},
        "citation": {**of_strategy, "pk": citation.pk},
        "citation_kind": {**of_strategy, "kind": "local"},
        "diagnosis": {**of_strategy, "pk": diagnosis.pk},
        "objective": {**of_strategy, "pk": objective.pk},
        "intervention": {**of_strategy, "pk": intervention.pk},
        "section": {**of_strategy, "key": "people"},
        "pillar": {**of_strategy, "code": "people"},
        "release": {**of_strategy, "number": release.number},
        "document": {**of_strategy, "pk": document.pk},
        "document_file": {**of_strategy, "pk": document.pk, "format": "docx"},
        "claim": {**of_strategy, "number": 1},
        "consultations": {"strategy": strategy.slug},
        "consultation": {"slug": consultation.slug},
        "question": {"slug": consultation.slug, "pk": question.pk},
        "review": {"object_id": review.pk},
        "review_version": {"pk": review.pk},
        "consultation_step": {"slug": consultation.slug, "step": "priorities"},
        "consultation_token": {"slug": consultation.slug, "token": "nobody-has-this"},
        "consultation_reference": {"slug": consultation.slug, "reference": "NOBODY"},
        "receipt": {"token": "nobody-has-this"},
        "api_place": {"code": strategy.place.code},
        "api_indicator": {"code": indicator.code},
        "api_observation": {"pk": observation.pk},
        "api_review": {"slug": reviewed.slug},
        "local_item": {"slug": local.slug},
    }
    return world


def open_consultation(slug: str) -> None:
    """Publish the consultation as its lead would have."""
    consultation = Consultation.objects.get(slug=slug)
    publish(consultation=consultation, by=consultation.created_by)
