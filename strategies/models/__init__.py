"""What is written."""

from strategies.models.documents import Document
from strategies.models.frameworks import (
    CheckDefinition,
    Criterion,
    Framework,
    Pillar,
    Principle,
    SectionTemplate,
    Stage,
)
from strategies.models.releases import Release
from strategies.models.reviews import Claim, Judgement, Review
from strategies.models.strategy import Section, SectionRevision, Strategy
from strategies.models.thread import Citation, Diagnosis, Intervention, Objective

__all__ = [
    "CheckDefinition",
    "Citation",
    "Claim",
    "Criterion",
    "Diagnosis",
    "Document",
    "Framework",
    "Intervention",
    "Judgement",
    "Objective",
    "Pillar",
    "Principle",
    "Release",
    "Review",
    "Section",
    "SectionRevision",
    "SectionTemplate",
    "Stage",
    "Strategy",
]
