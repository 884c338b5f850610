"""Choices of a strategy's parts, and named sets of them."""

from django.db import models


class WordingStatus(models.TextChoices):
    """Whether a principle's title is the publisher's own. A working title is never shown as a quotation."""

    EXACT = "exact", "Exact wording"
    WORKING_TITLE = "working_title", "Working title"


class StrategyStatus(models.TextChoices):
    """How far a strategy is."""

    DRAFTING = "drafting", "Drafting"
    CONSULTING = "consulting", "Out to consultation"
    IN_REVIEW = "in_review", "With reviewers"
    AGREED = "agreed", "Agreed"


EDITABLE_STATUSES = frozenset({StrategyStatus.DRAFTING, StrategyStatus.CONSULTING, StrategyStatus.IN_REVIEW})


class Side(models.TextChoices):
    """Where a problem's cause lies."""

    SUPPLY = "supply", "Supply side"
    DEMAND = "demand", "Demand side"
    BOTH = "both", "Both sides"


class Failure(models.TextChoices):
    """Why the market, or government, does not put the problem right by itself."""

    EXTERNALITY = "externality", "Spillovers: others gain or lose, and the price does not show it"
    INFORMATION = "information", "Information: people or firms cannot know what they need to"
    COORDINATION = "coordination", "Co-ordination: nobody moves until others do"
    PUBLIC_GOOD = "public_good", "Public good: nobody can be charged for it"
    MARKET_POWER = "market_power", "Market power: too little competition"
    CREDIT = "credit", "Finance: lenders cannot judge or bear the risk"
    MOBILITY = "mobility", "Barriers to moving: people or land cannot move to better uses"
    GOVERNMENT = "government", "Government failure: rules or public bodies stand in the way"


class InterventionReach(models.TextChoices):
    """Whom an intervention is for."""

    HORIZONTAL = "horizontal", "Horizontal: open to any sector"
    SECTOR = "sector", "Aimed at a sector"


class CitationKind(models.TextChoices):
    """What a citation points to."""

    FIGURE = "figure", "A published figure"
    REPORT = "report", "A comparator report"
    WHAT_WORKS = "what_works", "An evidence item"
    LOCAL = "local", "A local source"


class MarylandLevel(models.IntegerChoices):
    """Scientific Maryland Scale: how well an evaluation rules out other explanations."""

    ONE = 1, "1: before and after, or with and without, no controls"
    TWO = 2, "2: with controls or matching"
    THREE = 3, "3: before and after with a justified comparison group"
    FOUR = 4, "4: as good as random (instrument or discontinuity)"
    FIVE = 5, "5: randomised trial"


class ReviewStatus(models.TextChoices):
    """How far a principle review is."""

    REQUESTED = "requested", "Waiting for a reviewer"
    IN_PROGRESS = "in_progress", "Being reviewed"
    COMPLETED = "completed", "Completed"


OPEN_REVIEW_STATUSES = frozenset({ReviewStatus.REQUESTED, ReviewStatus.IN_PROGRESS})


class Verdict(models.TextChoices):
    """A reviewer's judgement of one principle."""

    MET = "met", "Met"
    PARTLY = "partly", "Partly met"
    NOT_MET = "not_met", "Not met"
