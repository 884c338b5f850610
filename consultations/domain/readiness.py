"""Whether a consultation can open: what is missing, and why it matters.

The reasons follow the four tests of lawful consultation (R v Brent LBC ex p Gunning, 1985): asked while minds are open,
with enough information, with enough time, and with the answers conscientiously considered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from consultations.domain.definition import OWN_OPTIONS, Definition

SHORTEST_USUAL = timedelta(days=28)
_BLANK = re.compile(r"\[[^\]]*\](?!\()")


@dataclass(frozen=True)
class Check:
    """One line of the checklist. A failed check that does not block is advice. `where` names the page that mends it."""

    passed: bool
    text: str
    reason: str = ""
    blocks: bool = True
    where: str = ""


@dataclass(frozen=True)
class Plan:
    """What the checks look at. `latest` says whether the frozen draft is the strategy as it stands."""

    definition: Definition
    summary: str
    opens_at: datetime
    closes_at: datetime
    contact_email: str
    privacy_notice: str
    latest: bool


def blanks(text: str) -> list[str]:
    """Return the parts in square brackets that are still to be filled in; a Markdown link is none."""
    return _BLANK.findall(text)


def checklist(plan: Plan, now: datetime) -> list[Check]:
    """Return every check with its result, in the order in which officers would mend them."""
    questions = plan.definition.questions
    bare = [q.text for q in questions if q.type in OWN_OPTIONS and len(q.options) < 2]
    left = blanks(plan.privacy_notice)
    length = plan.closes_at - max(plan.opens_at, now)
    return [
        Check(bool(plan.summary.strip()), "A summary says what it is about", "People decide by it.", where="details"),
        Check(
            bool(questions),
            "There is at least one question",
            "Without a question there is nothing to answer.",
            where="questions",
        ),
        Check(
            not bare,
            "Every question with choices has at least two",
            f"Add choices to: {'; '.join(bare)}." if bare else "",
            where="questions",
        ),
        Check(
            plan.opens_at < plan.closes_at and plan.closes_at > now,
            "It closes after it opens, and in the future",
            "Nobody could answer.",
            where="details",
        ),
        Check(
            length >= SHORTEST_USUAL,
            "People have at least four weeks",
            "People must have enough time to read the draft and answer. If you give less, be ready to say why.",
            blocks=False,
            where="details",
        ),
        Check(
            bool(plan.contact_email.strip()),
            "There is someone to write to",
            "People who need another format, or help, must be able to ask.",
            where="details",
        ),
        Check(
            bool(plan.privacy_notice.strip()) and not left,
            "The privacy notice is complete",
            f"Fill in: {', '.join(left)}." if left else "People must know who keeps their answers, why and how long.",
            where="details",
        ),
        Check(
            plan.latest,
            "People will read the strategy as it stands now",
            "The strategy has changed since its draft was frozen for this consultation.",
            blocks=False,
            where="draft",
        ),
    ]


def is_ready(checks: list[Check]) -> bool:
    """Say whether nothing that blocks is left."""
    return all(check.passed or not check.blocks for check in checks)
