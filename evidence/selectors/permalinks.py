"""An address that holds every choice of a comparison and the data behind it, so that anyone can run it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from evidence.domain.comparators import Method
from evidence.models import ComparatorReport, DataRelease, Indicator
from evidence.selectors.methods import method_from, parameters_of
from lisapp.places.models import Place

CHECKSUM = 12  # characters of a release's checksum that name it
WHOLE = ("ddof", "k", "scale_k", "resamples", "seed")
PARTS = ("needed", "concentration", "core_at")
LISTS = ("leave_out", "leave_out_regions")
MOST_RESAMPLES = 1000


def permalink(report: ComparatorReport) -> str:
    """The address, without the site, that runs a report's comparison again."""
    query = _query(report.place, report.parameters, report.data_release)
    return f"{reverse('evidence:compare')}?{urlencode(query, safe=',:')}"


def _query(place: Place, parameters: Mapping[str, Any], release: DataRelease) -> dict[str, str]:
    recommended = parameters_of(Method())
    query = {"place": place.code}
    for name, value in parameters.get("method", {}).items():
        if value == recommended.get(name):
            continue
        if name == "weights":
            value = ",".join(f"{code}:{weight:g}" for code, weight in value.items())
        query[name] = ",".join(value) if isinstance(value, list) else str(value)
    if by_hand := parameters.get("peers"):
        query |= {"peers": ",".join(by_hand["codes"]), "reason": by_hand["reason"]}
    asked = parameters.get("indicators", [])
    if set(asked) != set(Indicator.objects.values_list("code", flat=True)):  # all of them need not be named
        query["indicators"] = ",".join(asked)
    return query | {"data": release.checksum[:CHECKSUM]}


def parameters_from(query: QueryDict) -> dict[str, Any]:
    """The parameters that an address holds, as a report stores them.

    Raises ValueError, with a sentence for the reader, for a choice that does not exist or a value that cannot be read.
    """
    names = set(asdict(Method())) | {"place", "peers", "reason", "indicators", "data"}
    if unknown := sorted(set(query) - names):
        raise ValueError(f"The address has a choice that is not known: {', '.join(unknown)}.")
    given: dict[str, Any] = {}
    for name in set(query) & set(asdict(Method())):
        given[name] = _read(name, query[name])
    codes = [code for code in query.get("indicators", "").split(",") if code]
    known = set(Indicator.objects.values_list("code", flat=True))
    if unknown := sorted(set(codes) - known):
        raise ValueError(f"There is no indicator called {', '.join(unknown)}.")
    method = method_from(given)
    if method.resamples > MOST_RESAMPLES:
        raise ValueError(f"At most {MOST_RESAMPLES:,} repeats of the choice can be asked for here.")
    parameters: dict[str, Any] = {"indicators": codes or sorted(known), "method": parameters_of(method)}
    if query.get("peers"):
        parameters["peers"] = {"codes": query["peers"].split(","), "reason": query.get("reason", "")}
    return parameters


def _read(name: str, text: str) -> Any:
    try:
        if name in WHOLE:
            return int(text)
        if name in PARTS:
            return float(text)
        if name in LISTS:
            return [part for part in text.split(",") if part]
        if name == "leave_out_same_region":
            return text == "True"
        if name == "weights":
            return {code: float(weight) for code, weight in (pair.split(":") for pair in text.split(","))}
    except ValueError as error:
        raise ValueError(f"The address gives {name} as “{text}”, which cannot be read.") from error
    return text
