"""Principles 1 and 2: the state of the local economy, and how it is evolving."""

from __future__ import annotations

import re
from collections import defaultdict

from strategies.domain.facts import CitationFacts, StrategyFacts
from strategies.domain.principles.findings import ObjectRef, Outcome, Result, Severity, check, counted, not_yet
from strategies.domain.principles.text import (
    FIGURE,
    Sentence,
    cited_numbers,
    excerpt,
    is_cited,
    sentences,
    words_of_strategy,
    years_in,
)

LOCAL_EVIDENCE = frozenset({"figure", "report", "local"})
FEWEST_YEARS = 5


def _sentence_refs(found: list[Sentence]) -> tuple[ObjectRef, ...]:
    return tuple(ObjectRef("section", s.section.key, f"{s.section.title}: “{excerpt(s.text)}”") for s in found)


@check(
    "P1.1",
    "Every pillar has at least one cited indicator or local source",
    "What suits a place depends on its economy, so each pillar needs evidence from the place itself.",
    Severity.ESSENTIAL,
)
def evidence_for_every_pillar(facts: StrategyFacts) -> Result:
    if not facts.pillars:
        return not_yet("The framework has no pillars.")
    local = {citation.id for citation in facts.citations if citation.kind in LOCAL_EVIDENCE}
    covered = {d.pillar for d in facts.diagnoses if local & set(d.citations)}
    bare = [pillar for pillar in facts.pillars if pillar.code not in covered]
    if not bare:
        return Result(Outcome.PASS, "Every pillar has a diagnosis that cites evidence about the place.")
    return Result(
        Outcome.MISSING,
        f"{len(bare)} of {counted(len(facts.pillars), 'pillar')} have no diagnosis that cites a figure, a comparator "
        "report or a local source."
        if len(bare) > 1
        else f"{bare[0].title} has no diagnosis that cites a figure, a comparator report or a local source.",
        tuple(ObjectRef("pillar", pillar.code, pillar.title) for pillar in bare),
        "pillar",
    )


@check(
    "P1.2",
    "A comparator report on the newest data is attached",
    "A place is understood beside places like it, and on figures that have not been overtaken.",
    Severity.ESSENTIAL,
)
def comparator_report(facts: StrategyFacts) -> Result:
    cited = {c.report_id or str(c.figure.get("report_id") or "") for c in facts.citations} - {""}
    attached = [report for report in facts.reports if report.id in cited]
    if any(report.is_latest_data for report in attached):
        return Result(Outcome.PASS, f"A comparator report on the newest data about {facts.place} is cited.")
    if attached:
        refs = tuple(ObjectRef("report", r.id, f"{r.title}, on {r.data_release}") for r in attached)
        return Result(Outcome.ATTENTION, "The comparator report that is cited rests on older data.", refs, "report_new")
    if facts.reports:
        refs = tuple(ObjectRef("report", r.id, f"{r.title}, finished {r.finished_on}") for r in facts.reports[:3])
        return Result(
            Outcome.ATTENTION,
            f"There is a comparator report on {facts.place}, but the strategy does not cite it.",
            refs,
            "citation_list",
        )
    return Result(Outcome.MISSING, f"There is no comparator report on {facts.place}.", (), "report_new")


_COMPARES = re.compile(
    r"\b(?:compared (?:with|to)|relative to|\w+er than (?!(?:in )?(?:19|20)\d\d)|(?:more|less) \w+ than|"
    r"(?:above|below|under|over) (?:the )?(?:\w+ )?average|than (?:the )?(?:\w+ )?average|"
    r"lags? behind|outperform\w*|worse than|gap (?:with|to))\b",
    re.IGNORECASE,
)
_NAMES = re.compile(
    r"\b(?:England|English|UK|United Kingdom|Britain|British|Wales|Scotland|national(?:ly)?|regional(?:ly)?|peers?|"
    r"peer areas?|comparators?|similar (?:areas?|places?|economies)|neighbour\w*|London|North East|North West|"
    r"Yorkshire|East Midlands|West Midlands|East of England|South East|South West|(?:in|since|before|during) "
    r"(?:19|20)\d\d|(?:with|to|than) (?:19|20)\d\d|last year|year before|previous)\b"
)


@check(
    "P1.3",
    "Each comparison in the text names whom the place is compared with",
    "A comparison tells nothing unless it is clear with whom, and why with them.",
    Severity.ADVICE,
)
def comparisons_name_their_group(facts: StrategyFacts) -> Result:
    comparing = [s for s in sentences(facts) if _COMPARES.search(s.text)]
    if not comparing:
        return not_yet("No comparison was found in the text of the sections.")
    peers = [name for report in facts.reports for name in report.peers]
    unnamed = [s for s in comparing if not _NAMES.search(s.text) and not any(peer in s.text for peer in peers)]
    if not unnamed:
        return Result(
            Outcome.PASS,
            f"{counted(len(comparing), 'comparison')} found in the text, each with a named group. Whether the group "
            "suits is for the reviewer.",
        )
    return Result(
        Outcome.ATTENTION,
        f"{counted(len(unnamed), 'comparison')} in the text {'seems' if len(unnamed) == 1 else 'seem'} not to say with "
        "whom.",
        _sentence_refs(unnamed),
        "section_edit",
    )


@check(
    "P1.4",
    "Comparisons are not with England alone",
    "The national average hides that places differ in kind; places like this one show what is possible here.",
    Severity.ADVICE,
)
def not_england_alone(facts: StrategyFacts) -> Result:
    figures = [c for c in facts.citations if c.kind == "figure"]
    reports = [c for c in facts.citations if c.kind == "report"]
    if not figures and not reports:
        return not_yet("No published figure is cited yet, so there is no comparison to look at.")
    alone = [c for c in figures if c.figure.get("peers_median") is None]
    if not alone:
        return Result(Outcome.PASS, "Every cited figure stands beside places like this one.")
    return Result(
        Outcome.ATTENTION,
        f"{counted(len(alone), 'cited figure')} {'stands' if len(alone) == 1 else 'stand'} beside England alone, or "
        "beside nothing.",
        tuple(ObjectRef("citation", str(c.id), c.title) for c in alone),
        "citation",
    )


_TARGET = re.compile(
    rf"{FIGURE.pattern}|\b\d[\d,]*\s+(?:(?:new|more|extra|additional|net|better)\s+)*"
    r"(?:jobs?|homes?|houses|firms|businesses|people|residents|learners|apprentice\w*|starts|places)\b"
    r"|\b(?:doubl|trebl|halv)\w+",
    re.IGNORECASE,
)


@check(
    "P1.6",
    "No headline numerical target stands as an objective",
    "A high-level target says little about what is done here; state the change, and measure the programmes.",
    Severity.ADVICE,
)
def no_headline_targets(facts: StrategyFacts) -> Result:
    if not facts.objectives:
        return not_yet("There is no objective yet.")
    targets = [objective for objective in facts.objectives if _TARGET.search(objective.title)]
    if not targets:
        return Result(Outcome.PASS, "No objective reads as a numerical target.")
    return Result(
        Outcome.ATTENTION,
        f"{counted(len(targets), 'objective')} {'reads' if len(targets) == 1 else 'read'} as a numerical target.",
        tuple(ObjectRef("objective", str(o.id), o.title) for o in targets),
        "objective_edit",
    )


def _names_source(sentence: str, citations: tuple[CitationFacts, ...]) -> bool:
    names = {name for c in citations for name in (c.source_name, str(c.figure.get("source") or "")) if name}
    return any(name.casefold() in sentence.casefold() for name in names)


@check(
    "P1.7",
    "Each figure in the text has a citation",
    "A reader must be able to find where a number comes from.",
    Severity.ADVICE,
)
def figures_are_cited(facts: StrategyFacts) -> Result:
    found = [(s, FIGURE.findall(s.text)) for s in sentences(facts)]
    found = [(sentence, figures) for sentence, figures in found if figures]
    if not found:
        return not_yet("No figure was found in the text of the sections.")
    numbers = cited_numbers(facts.citations)
    bare = [
        sentence
        for sentence, figures in found
        if not sentence.has_link
        and not _names_source(sentence.text, facts.citations)
        and not all(is_cited(figure, numbers) for figure in figures)
    ]
    if not bare:
        return Result(
            Outcome.PASS,
            f"{counted(len(found), 'sentence')} with figures found, each with a source: a link, a named source or a "
            "cited figure.",
        )
    return Result(
        Outcome.ATTENTION,
        f"{counted(len(bare), 'sentence')} in the text "
        f"{'has a figure that is' if len(bare) == 1 else 'have figures that are'} not among the citations.",
        _sentence_refs(bare),
        "section_edit",
    )


@check(
    "P2.3",
    "Trend evidence covers five or more years",
    "A few years may show a cycle; a direction needs longer.",
    Severity.ADVICE,
)
def trends_are_long_enough(facts: StrategyFacts) -> Result:
    periods: dict[tuple[str, str], set[int]] = defaultdict(set)
    labels: dict[tuple[str, str], CitationFacts] = {}
    cited: dict[tuple[str, str], set[str]] = defaultdict(set)
    for citation in facts.citations:
        years = years_in(str(citation.figure.get("period") or ""))
        if citation.kind != "figure" or not years:
            continue
        key = (citation.indicator, str(citation.figure.get("place") or ""))
        periods[key].add(max(years))
        cited[key].add(str(citation.figure["period"]))
        labels[key] = citation
    series = {key: years for key, years in periods.items() if len(cited[key]) > 1}
    if not series:
        return Result(
            Outcome.CANNOT_BE_CHECKED,
            "No figure is cited for more than one period, so the software sees no trend. The reviewer judges whether "
            "the text shows one.",
        )
    short = [key for key, years in series.items() if max(years) - min(years) < FEWEST_YEARS]
    if not short:
        return Result(
            Outcome.PASS, f"{counted(len(series), 'cited series', 'cited series')} of five years or more found."
        )
    return Result(
        Outcome.ATTENTION,
        f"{counted(len(short), 'cited series', 'cited series')} {'covers' if len(short) == 1 else 'cover'} fewer than "
        "five years.",
        tuple(
            ObjectRef(
                "citation",
                str(labels[key].id),
                f"{labels[key].title}: {min(series[key])} to {max(series[key])}",
            )
            for key in short
        ),
        "citation",
    )


_FORCES = {
    "technology": re.compile(r"technolog|digital|automat|robot", re.IGNORECASE),
    "trade": re.compile(r"\b(?:trad(?:e|ing)|export\w*|import(?:s|ed|ing)?|globalis\w*|tariffs?)\b", re.IGNORECASE),
    "demography": re.compile(r"demograph|age?ing\b|population|migra(?:tion|nt)", re.IGNORECASE),
    "net zero": re.compile(r"net[ -]zero|carbon|climate", re.IGNORECASE),
}


@check(
    "P2.4",
    "Technology, trade, demography and net zero are each spoken of",
    "A strategy for ten years must say how each of these forces changes the place, or why it can be set aside.",
    Severity.ADVICE,
)
def forces_are_spoken_of(facts: StrategyFacts) -> Result:
    words = words_of_strategy(facts)
    if not words:
        return not_yet("Nothing has been written yet.")
    absent = [force for force, pattern in _FORCES.items() if not pattern.search(words)]
    if not absent:
        return Result(Outcome.PASS, "All four are spoken of. Whether each is thought through is for the reviewer.")
    return Result(Outcome.ATTENTION, f"Nothing is said on {' or '.join(absent)}.", (), "section_list")
