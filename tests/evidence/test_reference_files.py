"""The compiler of the reference data and its format: periods, citations, computed figures, and the round trip."""

import csv
import gzip
import hashlib
import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from evidence.imports import compile as compiler
from evidence.imports.catalogue import CatalogueRow, read_catalogue
from evidence.imports.derive import OVER_65, TOTAL, Census, recoded
from evidence.imports.geography import ENGLAND, PREDECESSORS
from evidence.imports.periods import period
from evidence.imports.provenance import Sources, provenance
from evidence.imports.reference_files import SERIES, BadReference, read

LEEDS, SELBY, YORKSHIRE_LEP = "E08000035", "E07000169", "E37000062"


@pytest.mark.parametrize(
    ("text", "ends", "label", "order"),
    [
        ("2022", 12, "2022", 202212),
        ("2022", 3, "2022", 202203),
        ("2019/20", 7, "2019/20", 202007),
        ("1999/00", 3, "1999/00", 200003),
        ("2025-04", 12, "April 2025", 202504),
        ("2011-2013", 12, "2011 to 2013", 201312),
    ],
)
def test_periods_are_readable_and_sort_by_their_end(text, ends, label, order):
    assert period(text, ends) == (label, order)


@pytest.mark.parametrize("text", ["", "soon", "2019/21", "2019-13", "2013-2011", "20191"])
def test_what_is_not_a_period_is_refused(text):
    with pytest.raises(ValueError, match="not a period"):
        period(text)


def test_a_source_becomes_a_citation_with_its_edition_and_boundaries():
    found, boundaries = provenance(
        "ONS Annual Population Survey T01 via Nomis (April 2023 extract) [LEP boundaries: 2021]",
        "https://github.com/dfe-analytical-services/lsip_dashboard/blob/2cd41303ee665220da59/Data/nomis.xlsx",
        "OGL v3.0",
    )
    assert found.citation == "Office for National Statistics, Annual Population Survey T01 via Nomis"
    assert found.vintage == "April 2023 extract, as in lsip_dashboard at 2cd41303"
    assert found.licence == "Open Government Licence v3.0"
    assert found.derivation == ""
    assert boundaries == "LEP 2021"


def test_derivations_are_sentences_and_a_figure_for_the_same_boundary_is_published():
    url = "https://github.com/ONSdigital/explore-local-statistics-data/blob/4972c588/x/x.csv"
    ratio, _ = provenance(
        "Computed from ONS BRES via Nomis [LEP boundaries: 2021]",
        url,
        "OGL v3.0",
        "ratio: jobs_sector_retail / jobs_total",
    )
    assert ratio.derivation == "Computed from published counts: jobs in the industry divided by all jobs."
    assert ratio.citation == "Office for National Statistics, Business Register and Employment Survey via Nomis"
    same, boundaries = provenance(
        "ONS Explore Local Statistics: claimant-count",
        url,
        "OGL v3.0",
        "coterminous: published ONS value for E47000001",
    )
    assert same.derivation == ""
    assert same.citation.endswith("claimant count, published for the area with the same boundary")
    assert boundaries == "LEP 2021"
    mean, _ = provenance(
        "Estimated from ONS Explore Local Statistics: claimant-count",
        url,
        "OGL v3.0",
        "la_aggregate: population-weighted mean of LA values",
    )
    assert mean.derivation.endswith("An estimate.")
    with pytest.raises(KeyError):
        provenance("ONS", url, "OGL v3.0", "ratio: unheard_of / jobs_total")


def test_licences_that_only_a_compiler_states_are_marked():
    found, boundaries = provenance(
        "HESA open data, aggregated by Nesta; Nesta beis-indicators ds/x.csv [LEP boundaries: 2014]",
        "https://github.com/nestauk/beis-indicators/blob/c1124f6cdfd2/ds/x.csv",
        "CC BY 4.0 (HESA open data)",
    )
    assert found.citation == "HESA open data, aggregated by Nesta"
    assert found.licence == "CC BY 4.0 (HESA open data), as its publisher usually states it"
    assert boundaries == "LEP 2014"


def test_sources_that_differ_get_different_codes_and_the_same_one_keeps_its_code():
    one, _ = provenance("ONS Census", "https://example.org/a", "OGL v3.0")
    two, _ = provenance("ONS Census", "https://example.org/b", "OGL v3.0")
    sources = Sources()
    assert sources.code(one) != sources.code(two)
    assert sources.code(one) == Sources().code(one)
    assert len(list(sources.rows())) == 2


def test_the_catalogue_describes_every_indicator():
    rows = read_catalogue()
    assert all(row.label and row.unit and row.definition.endswith(".") for row in rows)
    assert all(row.lep or row.local for row in rows)
    assert {row.pillar for row in rows} == {"ideas", "people", "infrastructure", "business-environment", "places"}
    assert {row.role for row in rows} == {"structural", "driver", "outcome"}
    assert {row.higher_is for row in rows} == {"better", "worse", "neutral"}
    assert all(len(row.code) <= 100 and len(row.unit) <= 60 and len(row.label) <= 200 for row in rows)


def test_one_census_column_gives_shares_density_and_successors():
    parts = PREDECESSORS["E06000066"]
    counts = {(part, year): 100.0 * (i + 1) for i, part in enumerate(parts) for year in ("2011", "2021")}
    older = {key: value / 4 for key, value in counts.items()}
    density = {(part, "2021"): 10.0 * (i + 1) for i, part in enumerate(parts)}
    census = Census.read({TOTAL: counts, OVER_65: older, "population_density_census": density})
    new = {item.period: item.value for item in census.successors() if item.place == "E06000066"}
    assert new == {"2011": 1000.0, "2021": 1000.0}
    (both,) = census.density({"whole": ["E06000066"]})
    assert both.value == pytest.approx(1000 / 40), "four authorities of ten square kilometres each"
    assert {item.value for item in census.share(OVER_65, {"whole": parts}, how=None)} == {25.0}


def test_nothing_is_computed_where_a_part_is_missing():
    parts = PREDECESSORS["E06000063"]
    census = Census.read({TOTAL: {(part, "2021"): 5.0 for part in parts[:-1]}})
    assert list(census.successors()) == []
    assert list(census.density({"whole": parts})) == []
    assert list(census.weighted({(parts[0], "2019"): 7.0})) == []


def test_a_recoded_authority_takes_figures_of_its_earlier_code_only_where_it_has_none():
    assert list(recoded([("E08000019", "2020"), ("E08000019", "2021")])) == [
        ("E08000039", "E08000019", "2020"),
        ("E08000039", "E08000019", "2021"),
    ]
    assert list(recoded([("E08000019", "2020"), ("E08000039", "2021")])) == []


# A small folder of collected files, in the form of the real one.

LEP_COLUMNS = ["lep_code", "lep_name", "indicator", "period", "value", "unit", "source", "source_url", "licence"]
URL = "https://github.com/example/figures/blob/0123456789abcdef/file.csv"


def csv_file(path, columns, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)


@pytest.fixture
def collected(tmp_path):
    """One LEP with two authorities, England, three indicators."""
    folder = tmp_path / "collected"
    folder.mkdir()
    old, new = "ONS Survey [LEP boundaries: 2014]", "ONS Survey [LEP boundaries: 2017]"

    def lep_row(code, indicator, year, value, source):
        return [code, "x", indicator, year, value, "%", source, URL, "OGL v3.0"]

    csv_file(
        folder / "indicators.csv",
        LEP_COLUMNS,
        [
            lep_row(YORKSHIRE_LEP, "pm10_mean", "2016", "10.500000000000002", old),
            lep_row(YORKSHIRE_LEP, "pm10_mean", "2017", "11", new),
            lep_row(YORKSHIRE_LEP, "h2020_funding_eur", "2014", "1", old),
            lep_row(YORKSHIRE_LEP, "h2020_funding_eur", "2015", "2", old),
            lep_row(YORKSHIRE_LEP, "not_in_the_catalogue", "2015", "2", old),
        ],
    )
    csv_file(
        folder / "indicators_derived.csv",
        [*LEP_COLUMNS, "derivation"],
        [
            [*lep_row(YORKSHIRE_LEP, "claimant_rate", "2020", "4.5", "Estimated from ONS Claimants"), AGGREGATE],
            [*lep_row(ENGLAND, "claimant_rate", "2020", "9.9", "ONS Claimants"), "as published"],
        ],
    )
    columns = [
        "la_code",
        "la_name",
        "geography",
        "indicator",
        "period",
        "value",
        "unit",
        "lci_95",
        "uci_95",
        "source",
        "licence",
    ]
    local = [
        [ENGLAND, "England", "country", "claimant_rate", "2020", "5.1", "%", "", "", "ONS Claimants", "OGL v3.0"],
        [
            LEEDS,
            "Leeds",
            "local authority",
            "claimant_rate",
            "2020",
            "4",
            "%",
            "3.5",
            "4.5",
            "ONS Claimants",
            "OGL v3.0",
        ],
    ]
    for code, name in ((LEEDS, "Leeds"), (SELBY, "Selby")):
        for column, value in ((TOTAL, 1000), ("population_0_14_census", 200), (OVER_65, 150)):
            local += [
                [code, name, "local authority", column, year, value, "persons", "", "", "ONS Census", "OGL v3.0"]
                for year in ("2011", "2021")
            ]
        row = [
            code,
            name,
            "local authority",
            "population_density_census",
            "2021",
            50,
            "",
            "",
            "",
            "ONS Census",
            "OGL v3.0",
        ]
        local.append(row)
    csv_file(folder / "la_indicators.csv", columns, local)
    used = sorted({row[3] for row in local})
    csv_file(folder / "la_indicator_catalogue.csv", ["indicator", "source_url"], [[name, URL] for name in used])
    csv_file(
        folder / "leps.csv",
        ["code", "name", "region", "regions_spanned", "n_local_authorities", "long", "lat", "area_km2"],
        [[YORKSHIRE_LEP, "Leeds City Region", "Yorkshire and The Humber", "x", 2, -1.7, 53.7, 40]],
    )
    csv_file(
        folder / "lep_la.csv",
        ["lep_code", "la_code", "la_name", "lep_name", "membership", "la_vintage", "origin"],
        [
            [YORKSHIRE_LEP, LEEDS, "Leeds", "x", "primary", "LAD22", "x"],
            [YORKSHIRE_LEP, SELBY, "Selby", "x", "overlap", "LAD22", "x"],
        ],
    )
    csv_file(
        folder / "lep_code_vintages.csv",
        ["vintage", "code", "name", "current_code_2021", "current_name_2021", "status"],
        [
            ["2017", "E37000020", "Leeds City Region", YORKSHIRE_LEP, "Leeds City Region", "code changed"],
            ["2017", "E37000018", "Humber", "", "", "no 2021 equivalent"],
            ["2021", YORKSHIRE_LEP, "Leeds City Region", YORKSHIRE_LEP, "Leeds City Region", "same code"],
        ],
    )
    return folder


AGGREGATE = "la_aggregate: population-weighted mean of LA values"
WANTED = {
    "pm10_mean",
    "h2020_funding",
    "claimant_rate",
    "population_census",
    "population_density",
    "population_under_15_share",
}


@pytest.fixture
def compiled(collected, tmp_path, monkeypatch):
    """The small folder compiled with a catalogue of the indicators that it feeds."""
    rows = [row for row in read_catalogue() if row.code in WANTED]
    rows = [
        CatalogueRow(**{**vars(row), "lep": "", "local": row.local}) if row.code == "population_census" else row
        for row in rows
    ]
    monkeypatch.setattr(compiler, "read_catalogue", lambda: rows)
    target = tmp_path / "compiled"
    compiler.compile_reference(collected, target, name="Small")
    return target


def figures_of(reference, indicator):
    return {(f.place, f.period): f for f in reference.figures if f.indicator == indicator}


def test_the_round_trip_keeps_every_figure_with_its_source_and_boundaries(compiled):
    reference = read(compiled)
    assert reference.name == "Small"
    pm10 = figures_of(reference, "pm10_mean")
    assert pm10[YORKSHIRE_LEP, "2016"].value == 10.5
    assert [pm10[YORKSHIRE_LEP, year].boundaries for year in ("2016", "2017")] == ["LEP 2014", "LEP 2017"]
    claimants = figures_of(reference, "claimant_rate")
    leeds = claimants[LEEDS, "2020"]
    assert (leeds.value, leeds.lower, leeds.upper, leeds.order) == (4, 3.5, 4.5, 202012)
    sources = {source.code: source for source in reference.sources}
    assert sources[claimants[YORKSHIRE_LEP, "2020"].source].derived
    assert not sources[leeds.source].derived


def test_england_is_the_published_figure_where_both_files_have_one(compiled):
    assert figures_of(read(compiled), "claimant_rate")[ENGLAND, "2020"].value == 5.1


def test_part_years_are_left_out(compiled):
    assert {when for _, when in figures_of(read(compiled), "h2020_funding")} == {"2015"}


def test_what_is_computed_here_says_so(compiled):
    reference = read(compiled)
    sources = {source.code: source for source in reference.sources}
    density = figures_of(reference, "population_density")[YORKSHIRE_LEP, "2021"]
    assert density.value == pytest.approx(50)
    assert density.boundaries == "LEP 2021"
    assert sources[density.source].derived
    share = figures_of(reference, "population_under_15_share")[YORKSHIRE_LEP, "2021"]
    assert share.value == 20
    assert "sums of local authorities" in sources[share.source].derivation


def test_places_carry_regions_and_the_dates_that_are_known(compiled):
    reference = read(compiled)
    places = {place.code: place for place in reference.places}
    assert (places[YORKSHIRE_LEP].kind, places[YORKSHIRE_LEP].area_km2) == ("lep", 40.0)
    assert places[LEEDS].region == "Yorkshire and The Humber"
    assert (places[LEEDS].valid_from, places[LEEDS].valid_to) == (None, None)
    assert places[SELBY].valid_to == "2023-03-31"
    overlaps = {(row.child, row.kind) for row in reference.memberships}
    assert overlaps == {(LEEDS, "primary"), (SELBY, "overlap")}


def test_the_same_input_gives_the_same_bytes(compiled, collected, tmp_path):
    again = tmp_path / "again"
    compiler.compile_reference(collected, again, name="Small")
    for file in compiled.iterdir():
        assert file.read_bytes() == (again / file.name).read_bytes(), file.name


def test_a_missing_input_is_named(collected, tmp_path):
    (collected / "leps.csv").unlink()
    with pytest.raises(FileNotFoundError, match=r"leps\.csv"):
        compiler.compile_reference(collected, tmp_path / "out", name="x")
    assert not (tmp_path / "out").exists()


def test_a_catalogue_that_names_an_unknown_column_stops_the_compiler(collected, tmp_path, monkeypatch):
    rows = [row for row in read_catalogue() if row.code in {"pm10_mean", "ghg_per_capita"}]
    monkeypatch.setattr(compiler, "read_catalogue", lambda: rows)
    with pytest.raises(ValueError, match="no column ghg_per_capita"):
        compiler.compile_reference(collected, tmp_path / "out", name="x")


def rewrite(folder, file, content):
    """Replace a file of a compiled folder and list its new checksum."""
    (folder / file).write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"][file] = hashlib.sha256(content).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("places.json", b"not json", "is not JSON"),
        ("places.json", b"{}", "is not a list"),
        ("sources.json", b'[{"code": "a"}]', "Row 1 of sources.json does not have the fields"),
        (SERIES, b"plain text", "cannot be unpacked"),
        (SERIES, gzip.compress(b"nonsense\n", mtime=0), "Line 1 of series.jsonl.gz is not JSON"),
        (SERIES, gzip.compress(b'{"indicator": "a"}\n', mtime=0), "Line 1 of series.jsonl.gz lacks"),
    ],
)
def test_a_damaged_folder_is_refused_as_a_whole(compiled, file, content, message):
    rewrite(compiled, file, content)
    with pytest.raises(BadReference, match=message):
        read(compiled)


def test_runs_of_unequal_length_are_refused(compiled):
    lines = gzip.decompress((compiled / SERIES).read_bytes()).decode().splitlines()
    run = json.loads(lines[0])
    run["values"].append(1)
    rewrite(compiled, SERIES, gzip.compress(json.dumps(run).encode()))
    with pytest.raises(BadReference, match="different lengths"):
        read(compiled)


def test_a_changed_or_missing_file_is_noticed(compiled):
    (compiled / "places.json").write_bytes(b"[]")
    with pytest.raises(BadReference, match="checksum differs"):
        read(compiled)
    (compiled / "places.json").unlink()
    with pytest.raises(BadReference, match="cannot be read"):
        read(compiled)


def test_another_format_is_refused(compiled):
    (compiled / "manifest.json").write_text('{"format": 99}')
    with pytest.raises(BadReference, match="not of format 1"):
        read(compiled)


def test_the_command_compiles_and_prints_the_sizes(collected, tmp_path, monkeypatch):
    rows = [row for row in read_catalogue() if row.code == "pm10_mean"]
    monkeypatch.setattr(compiler, "read_catalogue", lambda: rows)
    out = StringIO()
    call_command("compile_reference", source=collected, target=tmp_path / "out", name="By hand", stdout=out)
    assert "series.jsonl.gz: " in out.getvalue()
    assert read(tmp_path / "out").name == "By hand"


def test_the_command_says_what_is_missing(tmp_path):
    with pytest.raises(CommandError, match=r"lacks indicators\.csv"):
        call_command("compile_reference", source=tmp_path, target=tmp_path / "out")
