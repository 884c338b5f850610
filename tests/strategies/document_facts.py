"""A made-up strategy with every kind of part, for the tests of documents."""

from __future__ import annotations

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

ONS = {
    "source": "Office for National Statistics, Subregional productivity",
    "url": "https://www.ons.gov.uk/employmentandlabourmarket/peopleinwork/labourproductivity",
    "licence": "Open Government Licence v3.0",
    "vintage": "Published June 2025; LEP boundaries of 2021",
}
SKILLS = {
    "source": "Office for National Statistics, Annual Population Survey",
    "url": "https://www.nomisweb.co.uk/",
    "licence": "Open Government Licence v3.0",
    "vintage": "Collected in October 2026; LEP boundaries of 2021",
}


def figure(label, value, unit, period, source, **more):
    """Return a figure as it is copied into a citation."""
    return {"label": label, "place": "Exampleshire", "value": value, "unit": unit, "period": period, **source, **more}


CITATIONS = (
    CitationFacts(
        id=11,
        kind="figure",
        title="GVA per hour worked",
        note="The gap to the peers has been there since 2010.",
        indicator="gva-per-hour",
        report_id="r1",
        figure=figure(
            "GVA per hour worked",
            31.24,
            "£",
            "2023",
            ONS,
            decimals=1,
            peers_median=34.5,
            england=38.0,
            report_id="r1",
        ),
    ),
    CitationFacts(
        id=12,
        kind="figure",
        title="Residents qualified to level 3 or above",
        indicator="level-3",
        figure=figure(
            "Residents qualified to level 3 or above",
            54.8,
            "%",
            "2024",
            SKILLS,
            decimals=1,
            lower=52.1,
            upper=57.5,
            peers_median=58.3,
            england=61.2,
            derivation="Sum of six districts, weighted by residents aged 16 to 64.",
        ),
    ),
    CitationFacts(
        id=13,
        kind="what_works",
        title="Apprenticeships: employment",
        source_name="What Works Centre for Local Economic Growth, evidence review 8",
        source_url="https://whatworksgrowth.org/resource-library/apprenticeships/",
        source_date="2015",
        review={
            "topic": "Apprenticeships",
            "outcome": "Employment",
            "studies_counted": 27,
            "studies_on_outcome": 9,
            "studies_positive": 7,
            "finding": "More often than not, apprenticeships raise employment.",
        },
    ),
    CitationFacts(
        id=14,
        kind="local",
        title="Survey of 212 small firms on training",
        note="Two firms in five say that trained staff leave within a year.",
        source_name="Exampleshire Chamber of Commerce",
        source_date="March 2026",
    ),
    CitationFacts(id=15, kind="report", title="How Exampleshire compares", report_id="r1"),
    CitationFacts(
        id=16,
        kind="figure",
        title="Business spending on research and development",
        indicator="berd",
        figure=figure("Business spending on research and development", 412.0, "£", "2023", ONS, decimals=0),
    ),
)

PEOPLE_BODY = """Skills decide more than anything else how much an hour of work produces here. **More residents than in
similar places** leave school without a level 3 qualification, and those who gain one often move away.

#### What employers told us

Small firms said three things:

- they cannot spare a supervisor;
- they fear that trained staff leave, which the [chamber’s survey](https://example.org/survey) confirms;
- they do not know which course fits:
    1. colleges use other words than firms;
    2. nobody compares courses.

> We would take two apprentices tomorrow if somebody shared the risk.

| District | Residents | Apprentices |
| --- | ---: | ---: |
| Northbridge | 104,200 | 1,130 |
| Southwick | 88,900 | 640 |
"""


def facts(**changes) -> StrategyFacts:
    """Return the facts, with any part replaced."""
    values = {
        "title": "Exampleshire Local Industrial Strategy",
        "slug": "exampleshire-local-industrial-strategy",
        "lep": "Exampleshire Local Enterprise Partnership",
        "place": "Exampleshire",
        "place_code": "E37000099",
        "framework": "Local Industrial Strategy (2018)",
        "framework_code": "lis-2018",
        "framework_version": 1,
        "horizon_year": 2036,
        "started_year": 2026,
        "vision": "By 2036 an hour of work in Exampleshire produces as much as in the places most like it, and the "
        "people who live in the east of the county share in that.",
        "is_demonstration": True,
        "pillars": (
            PillarFacts("ideas", "Ideas", 1),
            PillarFacts("people", "People", 2),
            PillarFacts("places", "Places", 3),
        ),
        "principles": (
            PrincipleFacts(1, "What is the state of the local economy?", True, "The mix is argued from this place."),
            PrincipleFacts(2, "How is the economy evolving?", True, "Scenarios around named trends."),
            PrincipleFacts(3, "Supply side or demand side", False, "Each problem has a diagnosed cause."),
        ),
        "sections": (
            SectionFacts(
                "summary",
                "Executive summary",
                1,
                "Exampleshire works hard and produces too little an hour. This strategy puts skills first, because "
                "that is where the gap to similar places is widest and where the evidence on what works is strongest.",
            ),
            SectionFacts("ideas", "Ideas", 2, "", pillar="ideas"),
            SectionFacts("people", "People", 3, PEOPLE_BODY, pillar="people"),
            SectionFacts("delivery", "Delivery", 9, "", required=False),
        ),
        "citations": CITATIONS,
        "diagnoses": (
            DiagnosisFacts(
                21,
                "people",
                "Small firms train too few people to level 3",
                affected="Firms with fewer than 50 staff, most of all in the east of the county",
                side="supply",
                side_label="Supply side",
                failure="externality",
                failure_label="Spillovers: others gain or lose, and the price does not show it",
                explanation="A firm that trains pays for all of it, and the next employer gains part of the return. "
                "The gap is on the supply side: jobs at level 3 stay open longer here than in similar places.",
                citations=(11, 12, 14),
            ),
            DiagnosisFacts(22, "ideas", "Few firms take up proven technology"),
        ),
        "objectives": (
            ObjectiveFacts(
                31,
                "people",
                "Raise the share of residents with a level 3 qualification",
                diagnosis=21,
                rationale="Residents with level 3 skills produce more an hour, and firms that employ them adopt new "
                "methods sooner.",
                rank=1,
                outcome="More residents qualified to level 3 or above",
                outcome_indicator="level-3",
                outcome_indicator_label="Residents qualified to level 3 or above",
                owner="Director of skills",
                national_counterpart="Department for Education",
            ),
            ObjectiveFacts(32, "ideas", "Spread proven technology among small firms", rank=1),
        ),
        "interventions": (
            InterventionFacts(
                41,
                "Shared apprenticeship pool",
                objectives=(31, 32),
                description="A pool employs the apprentices and lends them to small firms, so that no firm carries the "
                "whole risk.",
                reach="horizontal",
                reach_label="Horizontal: open to any sector",
                activities="- Set up the pool with two colleges\n- Recruit 120 apprentices in two rounds",
                outputs="120 apprenticeships started in the first two years",
                outcomes="More residents qualified to level 3 or above",
                who_gains="Young people aged 16 to 24 in the east; firms with fewer than 50 staff",
                who_may_lose="Training providers outside the pool may lose learners",
                delivery_partner="Exampleshire Colleges Group",
                risk_owner="Exampleshire Combined Authority",
                citations=(13, 12),
                evaluation_question="Do apprentices from the pool earn more two years on than they would have?",
                evaluation_design="Places are drawn by lot where a round has more applicants than places. Baseline: "
                "spring 2027; outcome: spring 2029.",
                evaluation_level=5,
                evaluation_owner="University of Exampleshire",
            ),
            InterventionFacts(42, "Evening bus to the business park"),
        ),
        "reports": (
            ReportFacts(
                "r1",
                "How Exampleshire compares",
                "Exampleshire",
                "Reference data of October 2026",
                "2026-11-10",
                True,
                ("Northshire", "Westshire", "Middle Vale"),
            ),
        ),
        "claims": (ClaimFacts(1, "The evidence sets Exampleshire beside *fifteen* peers as well as England."),),
    }
    return StrategyFacts(**{**values, **changes})
