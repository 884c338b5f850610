"""A strategy as frozen facts: what checks, the chain, documents and the public draft are all built from.

Pure: a selector fills these from the database; `to_dict` and `from_dict` turn them into JSON and back, which is what a
release stores.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

SCHEMA_VERSION = 1


class _Facts:
    """Builds a facts class from a dict, ignoring keys that a later version may have added."""

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        known = {f.name: f for f in fields(cls)}  # type: ignore[arg-type]
        values = {key: value for key, value in data.items() if key in known}
        return cls(**{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()})


@dataclass(frozen=True)
class PillarFacts(_Facts):
    """A pillar of the framework."""

    code: str
    title: str
    order: int


@dataclass(frozen=True)
class SectionFacts(_Facts):
    """A section: `body` is restricted Markdown; `pillar` is a pillar's code or empty; `citations` are the ids of the
    citations that its text marks, as in [S3]."""

    key: str
    title: str
    order: int
    body: str
    required: bool = True
    pillar: str = ""
    version: int = 1
    citations: tuple[int, ...] = ()


@dataclass(frozen=True)
class CitationFacts(_Facts):
    """Evidence that the strategy uses. `kind` is figure, report, what_works or local.

    `number` is what texts mark it by, as in [S3] (0 in versions frozen before there were marks). For a figure,
    `figure` holds label, place, value, unit, decimals, period, lower, upper, source, url, licence, vintage,
    derivation, and peers_median and england where known; from a report also the finding (evidence.selectors.citations
    says which keys). `newer` holds what the data said in its place when the facts were read (value, period, vintage,
    source, is_revision, revised), and nothing where it was not superseded. For an evidence item, `review` holds
    topic, outcome, studies_counted, studies_on_outcome, studies_positive (None where the source does not state them)
    and finding, as they were when it was cited; `four_facts` are effect, strength, cost and transferability as pairs
    of name and text, and `strength` what evidence.domain.strength.EvidenceFacts is made of.
    """

    id: int
    kind: str
    title: str
    note: str = ""
    source_name: str = ""
    source_url: str = ""
    source_date: str = ""
    indicator: str = ""
    report_id: str = ""
    figure: dict[str, Any] = field(default_factory=dict)
    review: dict[str, Any] = field(default_factory=dict)
    number: int = 0
    newer: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DiagnosisFacts(_Facts):
    """A problem with its cause. `side` is supply, demand, both or empty; `failure` a code or empty."""

    id: int
    pillar: str
    problem: str
    affected: str = ""
    side: str = ""
    side_label: str = ""
    failure: str = ""
    failure_label: str = ""
    explanation: str = ""
    citations: tuple[int, ...] = ()


@dataclass(frozen=True)
class ObjectiveFacts(_Facts):
    """An objective under a pillar; `diagnosis` is the id of the problem that it answers, or None."""

    id: int
    pillar: str
    title: str
    diagnosis: int | None = None
    rationale: str = ""
    rank: int = 1
    outcome: str = ""
    outcome_indicator: str = ""
    outcome_indicator_label: str = ""
    owner: str = ""
    national_counterpart: str = ""


@dataclass(frozen=True)
class InterventionFacts(_Facts):
    """What will be done, for which objectives (their ids), on which evidence, and how it is evaluated."""

    id: int
    title: str
    objectives: tuple[int, ...] = ()
    description: str = ""
    reach: str = ""
    reach_label: str = ""
    sector_argument: str = ""
    activities: str = ""
    outputs: str = ""
    outcomes: str = ""
    who_gains: str = ""
    who_may_lose: str = ""
    delivery_partner: str = ""
    risk_owner: str = ""
    citations: tuple[int, ...] = ()
    evaluation_question: str = ""
    evaluation_design: str = ""
    evaluation_level: int | None = None
    evaluation_owner: str = ""


@dataclass(frozen=True)
class ReportFacts(_Facts):
    """A finished comparator report of the LEP: `data_release` names the data vintage; `peers` their names."""

    id: str
    title: str
    place: str
    data_release: str
    finished_on: str
    is_latest_data: bool
    peers: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClaimFacts(_Facts):
    """What the officers say about one principle, by its number."""

    principle: int
    text: str


@dataclass(frozen=True)
class PrincipleFacts(_Facts):
    """A principle of the framework; `exact` says whether the title is the publisher's own wording."""

    number: int
    title: str
    exact: bool
    summary: str = ""


@dataclass(frozen=True)
class StrategyFacts(_Facts):
    """Everything that is said in a strategy, in the order in which it is shown."""

    title: str
    slug: str
    lep: str
    place: str
    place_code: str
    framework: str
    framework_code: str
    framework_version: int
    horizon_year: int
    started_year: int
    vision: str = ""
    is_demonstration: bool = False
    pillars: tuple[PillarFacts, ...] = ()
    principles: tuple[PrincipleFacts, ...] = ()
    sections: tuple[SectionFacts, ...] = ()
    citations: tuple[CitationFacts, ...] = ()
    diagnoses: tuple[DiagnosisFacts, ...] = ()
    objectives: tuple[ObjectiveFacts, ...] = ()
    interventions: tuple[InterventionFacts, ...] = ()
    reports: tuple[ReportFacts, ...] = ()
    claims: tuple[ClaimFacts, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-able data, with the version of its shape under "schema"."""
        return {"schema": SCHEMA_VERSION, **asdict(self)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Build the facts from what `to_dict` gave. Raises ValueError for a newer shape than this one."""
        if data.get("schema", SCHEMA_VERSION) > SCHEMA_VERSION:
            raise ValueError(f"This strategy has shape {data['schema']}; only up to {SCHEMA_VERSION} can be read.")
        parts: dict[str, type[_Facts]] = {
            "pillars": PillarFacts,
            "principles": PrincipleFacts,
            "sections": SectionFacts,
            "citations": CitationFacts,
            "diagnoses": DiagnosisFacts,
            "objectives": ObjectiveFacts,
            "interventions": InterventionFacts,
            "reports": ReportFacts,
            "claims": ClaimFacts,
        }
        known = {f.name for f in fields(cls)}
        values = {key: value for key, value in data.items() if key in known and key not in parts}
        for key, part in parts.items():
            values[key] = tuple(part.from_dict(item) for item in data.get(key, ()))
        return cls(**values)

    def citation(self, citation_id: int) -> CitationFacts:
        """Return a citation by its id. Raises KeyError."""
        for citation in self.citations:
            if citation.id == citation_id:
                return citation
        raise KeyError(citation_id)

    def by_number(self) -> dict[int, CitationFacts]:
        """Return the citations by the number that texts mark them by."""
        return {citation.number: citation for citation in self.citations if citation.number}

    def reference(self, citation_id: int) -> str:
        """Return the short name of a citation, such as S3; in versions without numbers, by its place in the list."""
        ids = [citation.id for citation in self.citations]
        return f"S{self.citation(citation_id).number or ids.index(citation_id) + 1}"
