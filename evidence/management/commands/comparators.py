"""Name the peers of one place, or of all of them, from a CSV file or the loaded reference data."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evidence.domain.comparators import Method, NotEnoughData, PeerSet, Standardisation, find_all_peers
from evidence.exports.comparators_json import DISTANCES, Found, choices, fitted, places_and_excluded
from evidence.imports.comparators_input import checksum, read_panel, read_weights
from evidence.imports.tables import BadTable
from evidence.management.json_output import write_json
from evidence.models import DataRelease
from evidence.selectors.reference_panels import PlacesAlike, structure_of, structure_of_all
from lisapp.places.models import Place

ALL, EQUAL, DECORRELATED = "all", "equal", "decorrelated"
KINDS = ("lep", "local_authority")


class Command(BaseCommand):
    """The comparator engine without the pages."""

    help = "Print the peers of places as JSON: from a CSV file (area code, then one column an indicator) or --dataset."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("input", type=Path, nargs="?", metavar="INPUT.csv", help="Area code, then indicators.")
        parser.add_argument("--dataset", choices=["reference"], help="Use the loaded reference data instead of a file.")
        parser.add_argument("--kind", choices=KINDS, default="lep", help="With --dataset and all places. Default: lep.")
        parser.add_argument("--place", default=ALL, metavar="CODE|all", help="Default: all.")
        parser.add_argument("--standardise", choices=[kind.value for kind in Standardisation], default="winsorised-z")
        parser.add_argument("--ddof", type=int, choices=[0, 1], default=0, help="Divisor n − ddof. Default: 0.")
        parser.add_argument("--distance", choices=list(DISTANCES), default="local-scaled")
        parser.add_argument(
            "--weights", default=DECORRELATED, metavar="equal|decorrelated|FILE", help="Default: decorrelated."
        )
        parser.add_argument("--peers", type=_at_least(1), default=15, metavar="K", help="Default: 15.")
        parser.add_argument(
            "--resamples", type=_at_least(0), default=0, metavar="B", help="0, the default, leaves stability out."
        )
        parser.add_argument("--seed", type=_at_least(0), default=Method().seed, help=f"Default: {Method().seed}.")
        parser.add_argument("--output", type=Path, help="Write the JSON to this file instead of printing it.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            source, groups = _data(options)
            weights = _weights(options["weights"], groups[0])
        except BadTable as error:
            raise CommandError(str(error), returncode=2) from error
        method = Method(
            standardise=Standardisation(options["standardise"]),
            ddof=options["ddof"],
            metric=DISTANCES[options["distance"]],
            k=options["peers"],
            weights=weights,
            resamples=options["resamples"],
            seed=options["seed"],
        )
        places: dict[str, Any] = {}
        excluded: list[dict[str, str]] = []
        fits = []
        for group in groups:
            found = _find(group, method, options)
            named, gone = places_and_excluded(group.panel, found)
            places |= named
            excluded += [row for row in gone if row not in excluded]
            fits.append({"places": list(group.codes), "periods": group.periods} | fitted(found))
        about = source | choices(method) | {"weights": options["weights"]}
        if len(fits) == 1:
            about |= fits[0]
        else:
            about["panels"] = fits
        result = {"places": dict(sorted(places.items())), "method": about, "excluded": excluded}
        write_json(result, options["output"], self.stdout, indent=None if len(places) > 1 else 1)


def _at_least(least: int) -> Callable[[str], int]:
    def whole(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise ArgumentTypeError(f"“{text}” is not a whole number") from None
        if value < least:
            raise ArgumentTypeError(f"{text} is less than {least}")
        return value

    return whole


def _data(options: dict[str, Any]) -> tuple[dict[str, Any], list[PlacesAlike]]:
    """Where the data come from, and the places asked for with their panels. Raises BadTable and CommandError."""
    if (options["input"] is None) == (options["dataset"] is None):
        raise CommandError("Give either a CSV file or --dataset reference.", returncode=2)
    if options["dataset"]:
        return _reference(options["place"], options["kind"])
    path, place = options["input"], options["place"]
    panel = read_panel(path)
    if place != ALL and place not in panel.area_codes:
        raise BadTable(path, f"has no area “{place}”")
    codes = tuple(sorted(panel.area_codes)) if place == ALL else (place,)
    return {"data": {"file": str(path), "sha256": checksum(path)}}, [PlacesAlike(codes, panel, {})]


def _reference(code: str, kind: str) -> tuple[dict[str, Any], list[PlacesAlike]]:
    release = DataRelease.objects.first()
    if release is None:
        raise CommandError("No reference data is loaded: run manage.py load_reference first.", returncode=2)
    if code == ALL:
        groups = structure_of_all(kind)
    else:
        place = Place.objects.filter(code=code, kind__in=KINDS).first()
        if place is None:
            raise CommandError(f"The reference data has no LEP area or authority “{code}”.", returncode=2)
        groups = [structure_of(place)]
    if not groups:
        raise CommandError(f"The reference data has no area of the kind {kind}.", returncode=2)
    return {"data": {"dataset": release.name, "sha256": release.checksum}}, groups


def _weights(asked: str, group: PlacesAlike) -> dict[str, float] | None:
    known = group.panel.indicator_codes
    if asked == DECORRELATED:
        return None
    if asked == EQUAL:
        return dict.fromkeys(known, 1.0)
    return read_weights(Path(asked), known)


def _find(group: PlacesAlike, method: Method, options: dict[str, Any]) -> Found:
    data = options["input"] or "the reference data"
    try:
        found = find_all_peers(group.panel, method, group.codes)
    except ValueError as error:  # the weights leave no usable indicator with any
        raise CommandError(f"{options['weights']}: {error}", returncode=2) from error
    unusable = [answer for answer in found.values() if isinstance(answer, NotEnoughData) and not answer.share_present]
    if unusable and not any(isinstance(answer, PeerSet) for answer in found.values()):
        nowhere = set(group.panel.indicator_codes)
        if all(set(answer.missing) == nowhere for answer in unusable):
            raise CommandError(f"{data}: {unusable[0].reason}.", returncode=2)
    return found
