"""What the demonstration says. The text is invented; the figures that it cites are real."""

from __future__ import annotations

LEP_NAME = "Tees Valley (demonstration)"
LEP_SLUG = "tees-valley-demonstration"
PLACE_CODE = "E37000034"
FRAMEWORK = "local-industrial-strategy"

PEOPLE = (
    # role, name, address
    ("lead", "Amina Rahman", "lead@demo.example"),
    ("officer", "Tom Whitfield", "officer@demo.example"),
    ("viewer", "Grace Okafor", "viewer@demo.example"),
    ("reviewer", "Helen Marsh", "reviewer@demo.example"),
    ("administrator", "Site administrator", "admin@demo.example"),
)

STRATEGY_TITLE = "Tees Valley Local Industrial Strategy: demonstration draft"
VISION = (
    "An economy in which more people do skilled work for firms that adopt new technology early, and in which every "
    "part of the area shares in it."
)

SECTIONS = {
    "executive-summary": """
This is a demonstration. The argument below is invented to show how the workbench works. The figures are real.

Output for each hour worked is below that of England and below the middle of the areas that are most like this one [S1].
Two causes stand out in the evidence:

- fewer working-age residents hold a qualification at level 4 or above [S2]
- few jobs are in science, research, engineering and technology professions [S4]

The strategy answers them with two objectives, each with an intervention that rests on evaluations.
""",
    "place-and-evidence": """
The comparator report sets out which areas are most like this one, and why. It compares with them first and with England
second, because England as a whole says little about what an area of this size and industry can reach.

### What the report shows

Productivity has risen in cash terms, as it has almost everywhere. The gap to England remains. Business births are not
the problem: new firms start at a higher rate than in England.

### What it cannot show

Most figures for LEP areas are published without a margin of error. Where that is so the report says "not compared: no
interval", and this draft draws no conclusion from a small difference.
""",
    "people": """
Employers who train lose some of what they spend when workers leave, so they train less than would pay for the area as a
whole [S7]. The objective below answers that, and not a general wish for more skills.
""",
}

DIAGNOSES = {
    "skills": {
        "pillar": "people",
        "problem": "Fewer working-age residents hold a higher qualification than in England",
        "affected": "Residents aged 16 to 64, most of all in the towns where few employers train",
        "side": "supply",
        "failure": "externality",
        "explanation": (
            "An employer who pays for training shares the gain with the next employer. Small firms feel that most, "
            "because they lose a larger part of their staff with each person who leaves."
        ),
        "figures": ["nvq4plus_rate_16_64", "gva_per_hour_worked"],
    },
    "technology": {
        "pillar": "ideas",
        "problem": "Few jobs are in science, research, engineering and technology professions",
        "affected": "Firms outside the large process plants",
        "side": "demand",
        "failure": "information",
        "explanation": (
            "Owners of smaller firms cannot judge which technology would pay in their own plant, so they do not ask "
            "for the people who could introduce it."
        ),
        "figures": ["stem_professionals_share"],
    },
    "stations": {
        "pillar": "infrastructure",
        "problem": "Fewer residents can walk to a railway station within half an hour than in England",
        "affected": "",
        "side": "",
        "failure": "",
        "explanation": "",
        "figures": ["rail_station_30min_walk_rate"],
    },
}

OBJECTIVES = {
    "skills": {
        "pillar": "people",
        "diagnosis": "skills",
        "title": "More residents qualified in the occupations that local employers cannot fill",
        "rationale": (
            "Skilled workers produce more in an hour, and firms that can find them take on work of higher value."
        ),
        "outcome": "A rising share of residents aged 16 to 64 with a qualification at level 4 or above",
        "outcome_indicator": "nvq4plus_rate_16_64",
        "owner": "Head of skills, Tees Valley (demonstration)",
        "national_counterpart": "Department for Education",
    },
    "technology": {
        "pillar": "ideas",
        "diagnosis": "technology",
        "title": "More smaller firms adopt technology that has paid off elsewhere",
        "rationale": "Most of the gain from a technology comes when ordinary firms use it, not when it is invented.",
        "outcome": "A rising share of jobs in science, research, engineering and technology professions",
        "outcome_indicator": "stem_professionals_share",
        "owner": "",
        "national_counterpart": "",
    },
}

INTERVENTIONS = {
    "pool": {
        "objectives": ["skills"],
        "title": "A shared apprenticeship pool for small firms",
        "description": (
            "Small firms take apprentices from a pool that a training provider employs, so that a firm that cannot "
            "offer a full apprenticeship alone can still train, and an apprentice whose firm closes is placed again."
        ),
        "reach": "horizontal",
        "activities": "Recruit a host provider; sign up firms by open call; place apprentices for six months.",
        "outputs": "Apprentices placed and completing, by occupation and by district.",
        "outcomes": "More residents qualified to level 4 in occupations that are hard to fill; higher earnings.",
        "who_gains": "Young residents without a degree; firms with fewer than 50 staff.",
        "who_may_lose": "Training providers outside the pool may lose learners.",
        "delivery_partner": "A further education college, chosen by open competition",
        "risk_owner": "Tees Valley (demonstration) board",
        "evaluation_question": "Do apprentices in the pool complete and earn more than similar applicants outside it?",
        "evaluation_design": (
            "Places are fewer than applicants in the first two years. Applicants above a threshold are drawn by lot; "
            "earnings are followed in administrative data for five years. Baseline: the year before application."
        ),
        "evaluation_level": 5,
        "evaluation_owner": "Head of skills",
        "figures": [],
        "reviews": ["apprenticeships"],
    },
    "brokers": {
        "objectives": ["technology"],
        "title": "Technology brokers who work inside firms",
        "description": (
            "Engineers spend several weeks in a firm, find one technology that would pay, and plan it with the owner."
        ),
        "reach": "horizontal",
        "activities": "Hire brokers; open call to firms with 10 to 249 staff; follow up after a year.",
        "outputs": "Firms with a costed plan; firms that have started one.",
        "outcomes": "Higher output for each hour worked in the firms taking part.",
        "who_gains": "",
        "who_may_lose": "",
        "delivery_partner": "",
        "risk_owner": "",
        "evaluation_question": "",
        "evaluation_design": "",
        "evaluation_level": None,
        "evaluation_owner": "",
        "figures": [],
        "reviews": ["business-advice"],
    },
}

LOCAL_SOURCE = {
    "title": "Round table with training providers",
    "source_name": "Tees Valley (demonstration), invented for the demonstration",
    "source_date": "October 2026",
    "note": "Providers say that small firms ask for shared apprenticeships and cannot find them.",
}

# Evidence of the LEP's own: a note of a workshop with its file, private, and a survey that is shared.
LOCAL_EVIDENCE = (
    {
        "kind": "workshop",
        "title": "Round table with training providers (demonstration)",
        "pillar": "people",
        "policy_area": "apprenticeships",
        "intervention_type": "training",
        "finding": "Providers say that small firms ask for shared apprenticeships and cannot find them.",
        "caution": "Invented for the demonstration. Eleven people at one meeting: what they say is not a count.",
        "source_name": "Tees Valley (demonstration), invented for the demonstration",
        "source_date": "October 2026",
    },
    {
        "kind": "survey",
        "title": "Survey of small firms on advice (demonstration)",
        "pillar": "business-environment",
        "policy_area": "business-advice",
        "intervention_type": "advice",
        "finding": "Most of the firms that answered do not know whom to ask for advice on adopting new technology.",
        "caution": "Invented for the demonstration. 84 of 600 firms answered, the larger ones more often than others.",
        "source_name": "Tees Valley (demonstration), invented for the demonstration",
        "source_date": "September 2026",
    },
)
LOCAL_NOTE = """Round table with training providers, October 2026

This note is invented for the demonstration.

Providers say that small firms ask for shared apprenticeships and cannot find them. Two offered to try a pool.
"""

CLAIMS = {
    1: (
        "The section on place and evidence compares the area with its peers first and says why they are peers. "
        "No numerical target stands as an objective."
    ),
    3: "Both objectives answer a diagnosis that names its side of the market and the failure.",
    6: "Each intervention cites a review of evaluations with its number of studies. Both are open to any sector.",
}

CONSULTATION = {
    "title": "What should the strategy put first?",
    "summary": (
        "This is a demonstration consultation. It asks what you think of a draft strategy for skills, technology and "
        "transport. It takes about five minutes."
    ),
    "contact_email": "consultation@demo.example",
}

QUESTIONS = (
    {
        "type": "scale",
        "text": "Do you agree that skills should come first?",
        "help_text": "The draft says why under People.",
        "required": True,
    },
    {
        "type": "single",
        "text": "Which of these would help you or your organisation most?",
        "options": [
            "Training nearer to where I live or work",
            "Help to choose new technology",
            "Better public transport",
            "None of these",
        ],
        "required": True,
    },
    {
        "type": "multiple",
        "text": "Which parts of the draft did you read?",
        "options": ["The summary", "The evidence", "The interventions", "None of it"],
    },
    {
        "type": "long_text",
        "text": "What has the draft missed?",
        "help_text": "Please leave out anything that could identify you or someone else.",
        "max_words": 500,
    },
)

RESPONSES = (
    {
        "answers": [
            "Agree",
            "Training nearer to where I live or work",
            ["The summary"],
            "Evening courses, for people who already work.",
        ],
        "respondent_type": "resident",
    },
    {
        "answers": [
            "Neither agree nor disagree",
            "Help to choose new technology",
            ["The evidence", "The interventions"],
            "We cannot release staff for weeks at a time. Short visits would suit us better.",
        ],
        "respondent_type": "business",
        "organisation": "An engineering firm (demonstration)",
    },
)
