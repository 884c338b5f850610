"""Principles 8 and 9: competition, and who gains."""

from __future__ import annotations

import re

from strategies.domain.facts import StrategyFacts
from strategies.domain.principles.findings import Outcome, Result, Severity, check, gaps_in, not_yet, over_items
from strategies.domain.principles.interventions import NO_INTERVENTION, mentions, title
from strategies.domain.principles.text import words_of, words_of_strategy


@check(
    "P8.1",
    "Each intervention says who may apply, or how they are chosen",
    "Open access keeps support from going to whoever is closest.",
    Severity.ADVICE,
)
def open_access(facts: StrategyFacts) -> Result:
    pattern = re.compile(
        r"\bappl(?:y|ies|icant|ication)|eligib|open (?:to|call)|tender|criteria|select(?:ed|ion)|first come|lottery",
        re.IGNORECASE,
    )
    return mentions(facts, pattern, gap="nothing on who may apply", what="who may apply or how they are chosen")


@check(
    "P8.2",
    "The effect on other firms and neighbouring places is considered",
    "Helping some firms or places can cost others, and areas that outbid each other lose together.",
    Severity.ADVICE,
)
def effect_on_others(facts: StrategyFacts) -> Result:
    if not facts.interventions:
        return not_yet("There is no intervention yet.")
    pattern = re.compile(
        r"displac|neighbour|(?:other|competing|rival) (?:firms|businesses|places|areas)|competitor|elsewhere",
        re.IGNORECASE,
    )
    return over_items(
        facts.interventions,
        lambda i: [] if i.who_may_lose.strip() or pattern.search(words_of(i)) else ["nothing on other firms or places"],
        kind="intervention",
        label=title,
        good=(
            "speaks of those who may lose; whether it is thought through is for the reviewer",
            "speak of those who may lose; whether it is thought through is for the reviewer",
        ),
        bad=("seems to say nothing of other firms or places", "seem to say nothing of other firms or places"),
        fail=Outcome.ATTENTION,
    )


@check(
    "P8.3",
    "An end, and what counts as success or failure, are stated",
    "Support that cannot fail never ends, and holds newcomers back.",
    Severity.ADVICE,
)
def sunset_and_success(facts: StrategyFacts) -> Result:
    pattern = re.compile(
        r"sunset|success|succeed|fail(?:s|ure|ed)?\b|\bstop|\bends? (?:in|on|by|after|when|if)\b|\buntil (?:19|20)\d\d",
        re.IGNORECASE,
    )
    what = "an end, success or failure"
    return mentions(facts, pattern, gap="no end, no measure of success or failure", what=what)


@check(
    "P9.1",
    "Each intervention names who gains and who may lose",
    "Growth that reaches few, or takes from some, is only seen where someone asks.",
    Severity.ESSENTIAL,
)
def who_gains_and_who_loses(facts: StrategyFacts) -> Result:
    if not facts.interventions:
        return NO_INTERVENTION
    return over_items(
        facts.interventions,
        lambda i: gaps_in(
            nothing_on_who_gains=not i.who_gains.strip(), nothing_on_who_may_lose=not i.who_may_lose.strip()
        ),
        kind="intervention",
        label=title,
        good=("names who gains and who may lose", "name who gains and who may lose"),
        bad=("does not say who gains or who may lose", "do not say who gains or who may lose"),
    )


_EQUALITY = re.compile(
    r"equalit|protected characteristic|\bdisab|\bgender|\bwomen\b|\bethnic|\bage group|\bolder (?:people|workers)",
    re.IGNORECASE,
)


@check(
    "P9.3",
    "Equality is considered",
    "Public bodies must have due regard to how their decisions affect people with different characteristics.",
    Severity.ADVICE,
)
def equality(facts: StrategyFacts) -> Result:
    words = words_of_strategy(facts)
    if not words:
        return not_yet("Nothing has been written yet.")
    if _EQUALITY.search(words):
        return Result(
            Outcome.PASS, "The text speaks of equality. Whether the considerations suffice is for the reviewer."
        )
    return Result(Outcome.ATTENTION, "Nothing in the text speaks of equality.", (), "section_list")
