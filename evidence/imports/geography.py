"""Places and which of them make up which.

The collected files do not give the region of an authority or when an area began and ended. An authority takes the
region of its LEP, except in the three LEPs that span regions, which are spelt out. Dates are those on which the
Orders that created or abolished the areas took effect; where none is known the date stays empty.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from .reference_files import CodeRow, MembershipRow, PlaceRow

ENGLAND = "E92000001"
EAST_MIDLANDS, EAST, SOUTH_EAST = "East Midlands", "East of England", "South East"
YORKSHIRE = "Yorkshire and The Humber"


def _districts(first: int, last: int, region: str) -> dict[str, str]:
    return {f"E07000{number:03d}": region for number in range(first, last + 1)}


# Authorities in the LEPs that span regions.
REGION_OF = {
    **_districts(61, 65, SOUTH_EAST),  # East Sussex
    **_districts(66, 77, EAST),  # Essex
    **_districts(105, 116, SOUTH_EAST),  # Kent
    **_districts(136, 142, EAST_MIDLANDS),  # Lincolnshire
    "E06000012": YORKSHIRE,  # North East Lincolnshire
    "E06000013": YORKSHIRE,  # North Lincolnshire
    "E06000017": EAST_MIDLANDS,  # Rutland
    "E06000032": EAST,  # Luton
    "E06000033": EAST,  # Southend-on-Sea
    "E06000034": EAST,  # Thurrock
    "E06000035": SOUTH_EAST,  # Medway
    "E06000042": SOUTH_EAST,  # Milton Keynes
    "E06000055": EAST,  # Bedford
    "E06000056": EAST,  # Central Bedfordshire
    "E06000061": EAST_MIDLANDS,  # North Northamptonshire
    "E06000062": EAST_MIDLANDS,  # West Northamptonshire
}
SPANNING = frozenset({"E37000056", "E37000057", "E37000060"})

COMBINED_AUTHORITY_REGION = {
    "E47000001": "North West",
    "E47000002": YORKSHIRE,
    "E47000003": YORKSHIRE,
    "E47000004": "North West",
    "E47000006": "North East",
    "E47000007": "West Midlands",
    "E47000008": EAST,
    "E47000009": "South West",
    "E47000010": "North East",
    "E47000011": "North East",
    "E47000012": YORKSHIRE,
    "E47000013": EAST_MIDLANDS,
    "E47000014": "North East",
    "E47000015": "South West",
    "E47000016": YORKSHIRE,
    "E47000017": EAST_MIDLANDS,
    "E47000018": "North West",
}

# Which older authorities made up each new one.
PREDECESSORS: Mapping[str, tuple[str, ...]] = {
    "E06000063": ("E07000026", "E07000028", "E07000029"),
    "E06000064": ("E07000027", "E07000030", "E07000031"),
    "E06000065": tuple(f"E0700016{i}" for i in range(3, 10)),
    "E06000066": ("E07000187", "E07000188", "E07000189", "E07000246"),
}
RECODED = {"E08000038": "E08000016", "E08000039": "E08000019"}  # Barnsley, Sheffield: 2025 code → earlier code
# Combined authorities that one took the place of, on the day it began. Their figures are not added up.
MERGED = {"E47000014": ("E47000010", "E47000011")}

BEGAN = {
    "E06000058": "2019-04-01",
    "E06000059": "2019-04-01",
    "E07000244": "2019-04-01",
    "E07000245": "2019-04-01",
    "E07000246": "2019-04-01",
    "E06000060": "2020-04-01",
    "E06000061": "2021-04-01",
    "E06000062": "2021-04-01",
    "E47000014": "2024-05-07",
    **dict.fromkeys(PREDECESSORS, "2023-04-01"),
    **dict.fromkeys(RECODED, "2025-04-01"),
}
ENDED = {
    "E47000010": "2024-05-06",
    "E47000011": "2024-05-06",
    **{old: "2023-03-31" for parts in PREDECESSORS.values() for old in parts},
    **dict.fromkeys(RECODED.values(), "2025-03-31"),
}
RENAMED = {"E47000010": "North East (to 2024)", "E47000011": "North of Tyne (to 2024)"}

# Other spellings of the names of LEP areas, as the published files have them.
SPELLINGS = {
    "Hull and East Riding": "E37000061",  # Nomis
    "Heart of South West": "E37000016",  # Department for Education
    "D2N2": "E37000045",
}

KIND = {
    "country": "country",
    "region": "region",
    "combined authority": "combined_authority",
    "local authority": "local_authority",
}


def read_places(source: Path, named: Iterable[tuple[str, str, str]]) -> list[PlaceRow]:
    """All places: LEPs with centre and area from leps.csv, then authorities and larger areas.

    `named` gives (code, name, geography) of every area that has figures; authorities of the look-up are added
    whether or not they have any.
    """
    leps = _rows(source / "leps.csv")
    region_of_lep = {row["code"]: row["region"] for row in leps}
    places = {
        row["code"]: PlaceRow(
            row["code"],
            row["name"],
            "lep",
            row["region"],
            float(row["long"]),
            float(row["lat"]),
            float(row["area_km2"]),
            None,
            None,
        )
        for row in leps
    }
    lep_of = {row["la_code"]: row["lep_code"] for row in _rows(source / "lep_la.csv") if row["membership"] == "primary"}
    authorities = {row["la_code"]: row["la_name"] for row in _rows(source / "lep_la.csv")}
    everything = [*named, *((code, name, "local authority") for code, name in sorted(authorities.items()))]
    for code, name, geography in everything:
        places[code] = PlaceRow(
            code,
            RENAMED.get(code, name),
            KIND[geography],
            _region(code, name, geography, lep_of, region_of_lep),
            None,
            None,
            None,
            BEGAN.get(code),
            ENDED.get(code),
        )
    return [places[code] for code in sorted(places)]


def _region(code: str, name: str, geography: str, lep_of: Mapping[str, str], region_of_lep: Mapping[str, str]) -> str:
    if geography == "country":
        return ""
    if geography == "region":
        return name
    if geography == "combined authority":
        return COMBINED_AUTHORITY_REGION.get(code, "")
    lep = lep_of.get(code, "")
    if lep in SPANNING:
        return REGION_OF[code]
    return region_of_lep.get(lep, "")


def read_memberships(source: Path) -> list[MembershipRow]:
    """Which authorities make up each LEP. Dates are those of the authority; LEP boundaries have none."""
    return [
        MembershipRow(
            row["lep_code"],
            row["la_code"],
            row["membership"],
            row["la_vintage"],
            BEGAN.get(row["la_code"]),
            ENDED.get(row["la_code"]),
        )
        for row in _rows(source / "lep_la.csv")
    ]


def read_codes(source: Path, places: Iterable[PlaceRow]) -> list[CodeRow]:
    """Codes and names by vintage: those of LEP areas in every published list, and authorities that were recoded.

    LEP boundaries changed between the lists, so the figures of a list's codes are on its boundaries. The recodings of
    2025 hardly moved a boundary, and the published series go on across them.
    """
    names = {place.code: place.name for place in places}
    leps = [
        CodeRow(
            row["code"],
            row["name"],
            "lep",
            row["vintage"],
            row["current_code_2021"],
            f"LEP {row['vintage']}",
            None,
            None,
        )
        for row in _rows(source / "lep_code_vintages.csv")
    ]
    spellings = [CodeRow("", name, "lep", "2021", code, "LEP 2021", None, None) for name, code in SPELLINGS.items()]
    recoded = [
        CodeRow(old, names[old], "local_authority", "2024", new, "", BEGAN.get(old), ENDED.get(old))
        for new, old in RECODED.items()
        if old in names and new in names
    ]
    return [*leps, *spellings, *recoded]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def successors(code: str) -> list[str]:
    """Codes of the areas that took the place of an abolished or recoded one; empty where none is known."""
    found = [new for new, parts in PREDECESSORS.items() if code in parts]
    found += [new for new, old in RECODED.items() if old == code]
    return sorted(found + [new for new, parts in MERGED.items() if code in parts])


def predecessors(code: str) -> list[str]:
    """Codes of the areas whose place this one took; empty where it took none's."""
    recoded = (RECODED[code],) if code in RECODED else ()
    return sorted([*PREDECESSORS.get(code, ()), *recoded, *MERGED.get(code, ())])
