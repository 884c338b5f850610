"""Turning the words in which the collected files name their sources into citations.

The files append the LEP boundaries to the source, give the address of the very file at its commit, and describe
each derivation tersely. Nothing is said here that those columns do not support.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from .reference_files import SourceRow

BY_CODE = "Boundaries of the ONS code"
LEP_2021 = "LEP 2021"

PUBLISHERS = {
    "ONS ": "Office for National Statistics, ",
    "DfE ": "Department for Education, ",
    "DfT ": "Department for Transport, ",
}
WORDS = {
    "ONS BRES via Nomis": "ONS Business Register and Employment Survey via Nomis",
    "Nesta from ONS": "Nesta, from ONS",
}
COUNTS = {
    "employed_16_64": "residents in employment",
    "population_16_64": "residents aged 16 to 64",
    "inactive_16_64": "economically inactive residents",
    "self_employed_16_64": "self-employed residents",
    "unemployed_16_64": "unemployed residents",
    "economically_active_16_64": "economically active residents",
    "enterprise_births_ons2024": "enterprise births",
    "enterprise_deaths_ons2024": "enterprise deaths",
    "enterprise_active_ons2024": "active enterprises",
    "enterprises_large_250plus": "large enterprises",
    "enterprises_micro_0_9": "micro enterprises",
    "enterprises_total": "all enterprises",
    "qual_none_16_64": "residents without qualifications",
    "qual_nvq4plus_16_64": "residents qualified to level 4 or above",
    "sum of all seven T19 categories": "residents in all seven qualification groups",
    "jobs_total": "all jobs",
    "sum(occ_*)": "people in all occupations",
    "occ_science_research_engineering_and_technology_professionals": "STEM professionals",
    "occ_science_engineering_and_technology_associate_professionals": "STEM technicians",
}
AGGREGATES = {
    "la_aggregate: population-weighted mean of LA values": (
        "weighted-mean",
        "Mean of the local authorities' published figures weighted by residents (censuses of 2011 and 2021, "
        "interpolated between and held constant outside). An estimate.",
    ),
    "la_aggregate: GDP-weighted harmonic mean of LA values": (
        "weighted-mean",
        "Harmonic mean of the local authorities' published figures weighted by GDP. An estimate.",
    ),
    "la_aggregate: all English LAs": (
        "all-authorities",
        "Aggregated from the published figures of all English local authorities, in the same way as for LEPs. "
        "An estimate.",
    ),
    "la_sum": ("sum", "Sum of the local authorities' published counts."),
    "sum: all jobs_sector_*": ("sum", "Sum of the 18 published broad industries."),
    "ratio": ("ratio", "Computed from published counts."),
}
EDITIONS = {"a59d6a22": "May 2025 edition"}  # by commit, where the collection names the edition
SAME_BOUNDARY = "coterminous: published ONS value for "
LICENCES = {"OGL v3.0": "Open Government Licence v3.0"}
USUAL = "as its publisher usually states it"


@dataclass(frozen=True)
class Provenance:
    """Where one figure comes from, before it gets the code of its source."""

    citation: str
    url: str
    licence: str
    vintage: str
    kind: str = ""
    derivation: str = ""


def provenance(source: str, url: str, licence: str, derivation: str = "") -> tuple[Provenance, str]:
    """The provenance of a row of the collected files, and the boundaries of its LEP area."""
    text, _, tail = source.partition(" [LEP boundaries: ")
    boundaries = f"LEP {tail.rstrip(']').removesuffix(' vintage')}" if tail else LEP_2021
    nesta = "Nesta beis-indicators" in text
    text = re.sub(r"^(Computed from LA sums: |Sum of LAs: |Computed from |Estimated from )", "", text)
    text = re.sub(r"; Nesta beis-indicators.*$", "", text)
    text = re.sub(r" \((?:via )?ONSvisual/[\w-]+\)", "", text).strip()
    if nesta and "by Nesta" not in text:
        text += "; compiled by Nesta"
    if match := re.fullmatch(r"(ONS Explore Local Statistics: )([\w-]+)", text):
        text = match[1] + match[2].replace("-", " ")
    edition = ""
    if match := re.search(r" \(((?:\w+) \d{4} extract)\)", text):
        edition, text = match[1], text.replace(match[0], "")
    if match := re.search(r",? (DfE Local Skills dashboard) extract (\w+ \d{4})", text):
        edition, text = f"extract of {match[2]}", text.replace(match[0], ", from the DfE Local Skills dashboard")
    for old, new in WORDS.items():
        text = text.replace(old, new)
    for short, long in PUBLISHERS.items():
        if text.startswith(short):
            text = long + text.removeprefix(short)
    url = _address(url)
    kind, how = _derivation(derivation)
    if kind == "same-boundary":
        text += ", published for the area with the same boundary"
        how = ""
    licence = LICENCES.get(licence, licence.replace("OGL v3.0", LICENCES["OGL v3.0"]))
    if nesta:
        licence = f"{licence}, {USUAL}"
    return Provenance(text, url, licence, _vintage(edition, url), kind, how), boundaries


def _address(url: str) -> str:
    """The address alone: one row of the collected files adds the commit in words."""
    match = re.fullmatch(r"(https://github\.com/[\w./-]+) \(commit (\w+)\).*", url)
    return f"{match[1]}/commit/{match[2]}" if match else url


def _vintage(edition: str, url: str) -> str:
    parts = PurePosixPath(urlsplit(url).path).parts
    collected = ""
    if len(parts) > 4 and parts[3] in {"blob", "tree", "commit"}:
        collected = f"as in {parts[2]} at {parts[4][:8]}"
        edition = EDITIONS.get(parts[4][:8], edition)
    return ", ".join(part for part in (edition[:1].upper() + edition[1:], collected) if part)


def _derivation(text: str) -> tuple[str, str]:
    if text in {"", "as published"}:
        return "", ""
    if text.startswith(SAME_BOUNDARY):
        return "same-boundary", ""
    if text in AGGREGATES:
        return AGGREGATES[text]
    above, _, below = text.removeprefix("ratio: ").partition(" / ")
    parts = [_count(part) for part in above.strip("()").split(" + ")]
    over = " and ".join(parts)
    return f"ratio-{_slug(over)}", f"Computed from published counts: {over} divided by {_count(below)}."


def _count(name: str) -> str:
    """A column of counts in words. Raises KeyError for one that has none yet."""
    if name.startswith("jobs_sector_"):
        return "jobs in the industry"
    return COUNTS[name]


class Sources:
    """Gives each provenance a code that reads like its citation and stays the same from run to run."""

    def __init__(self) -> None:
        self._codes: dict[Provenance, str] = {}

    def code(self, found: Provenance) -> str:
        """The code of a provenance; its last six characters tell apart those that read alike."""
        if found not in self._codes:
            digest = hashlib.sha256(repr(astuple(found)).encode()).hexdigest()[:6]
            parts = (_slug(found.citation)[:50].strip("-"), found.kind, digest)
            self._codes[found] = "-".join(part for part in parts if part)
        return self._codes[found]

    def rows(self) -> Iterable[SourceRow]:
        """The sources that were asked for."""
        for found, code in self._codes.items():
            yield SourceRow(
                code,
                found.citation,
                found.url,
                found.licence,
                found.vintage,
                bool(found.derivation),
                found.derivation,
            )


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower().replace("office for national statistics", "ons")).strip("-")
