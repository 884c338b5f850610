"""What a file is by its bytes, and what its cells say. No database."""

import datetime
import io
import zipfile

import pytest

from evidence.imports.cells import Uncomputed, Unreadable, number, period_of
from evidence.imports.mapping import BadMapping, Mapping
from evidence.imports.reading import Reading
from evidence.imports.uploads import BadUpload, Limits, open_upload
from tests.evidence.dataset_files import with_part, workbook

NOMIS = [
    ["annual population survey"],
    ["ONS Crown Copyright Reserved [from Nomis on 27 January 2023]"],
    [],
    ["variable", "Employment rate"],
    ["local enterprise partnerships (as of April 2021)", "Jan 2020-Dec 2020", None, "Jan 2021-Dec 2021", None],
    [None, "%", "conf", "%", "conf"],
    ["lep:Coast to Capital", 70.1, 2.1, "71.2", 2.2],
    ["lep:Hull and East Riding", "!", "!", 74.1, "*"],
    ["Column Total", 5, 1, 5, 1],
    [],
    ["variable", "Unemployment rate"],
    ["Area", "Jan 2020-Dec 2020", None],
    [None, "%", "conf"],
    ["lep:Coast to Capital", 4.1, 1],
    [],
    ["!", "Estimate and confidence interval are not available"],
]


@pytest.fixture
def at(tmp_path):
    """A function that stores bytes under a name and opens them as an upload."""

    def _at(name, content, **limits):
        path = tmp_path / "stored"
        path.write_bytes(content)
        return open_upload(path, name, Limits(**limits))

    return _at


def read(upload, **choices):
    reading = Reading(upload, Mapping(**choices))
    return reading, list(reading.figures())


def test_a_tidy_table_is_recognised_however_its_headings_are_spelt(at):
    text = "LAD code;Geography name;measure;Time period;Obs_value;LCI;UCI\nE1;Hull;rate;2024;70.5;69;72\n;;;;;;\n"
    reading, figures = read(at("a.csv", text.encode()))
    assert (reading.shape, reading.upload.delimiter) == ("tidy", "semicolon")
    found = figures[0]
    assert (found.row, found.code, found.measure, found.period, found.value) == (2, "E1", "rate", "2024", 70.5)
    assert (found.lower, found.upper) == (69, 72)
    assert len(figures) == 1, "a blank row is passed over"


def test_headings_that_are_not_recognised_can_be_chosen(at):
    upload = at("a.csv", b"where,when,how much\nHull,2024,70\n")
    reading, figures = read(upload)
    assert (reading.shape, reading.headings, figures) == ("tidy", ["where", "when", "how much"], [])
    _, figures = read(upload, columns={"name": "where", "period": "when", "value": "how much"})
    assert [(figure.name, figure.value, figure.column) for figure in figures] == [("Hull", 70, "how much")]


def test_nomis_blocks_keep_their_own_titles_dates_and_confidence(at):
    reading, figures = read(at("a.xlsx", workbook(NOMIS).read()))
    assert (reading.shape, reading.blocks, reading.totals) == ("nomis", 2, 1)
    found = [(figure.name, figure.measure, figure.period, figure.value) for figure in figures]
    assert found == [
        ("lep:Coast to Capital", "Employment rate – %", "Jan 2020-Dec 2020", 70.1),
        ("lep:Coast to Capital", "Employment rate – %", "Jan 2021-Dec 2021", 71.2),
        ("lep:Hull and East Riding", "Employment rate – %", "Jan 2020-Dec 2020", None),
        ("lep:Hull and East Riding", "Employment rate – %", "Jan 2021-Dec 2021", 74.1),
        ("lep:Coast to Capital", "Unemployment rate – %", "Jan 2020-Dec 2020", 4.1),
    ]
    assert (figures[0].lower, figures[0].upper) == (68.0, 72.2)
    assert (figures[3].lower, figures[3].upper) == (None, None), "the interval is suppressed, the figure is not"
    assert not any(figure.problem for figure in figures)


def test_a_block_of_years_with_a_column_of_codes(at):
    text = 'Household income\n\nArea code,Area name,2019,2020\nE1,Hull,"16,000",[c]\nE2,York,20000,x1\n'
    _, figures = read(at("a.csv", text.encode()))
    assert [(f.code, f.period, f.value, f.column) for f in figures][:2] == [
        ("E1", "2019", 16000, "C"),
        ("E1", "2020", None, "D"),
    ]
    assert {figure.measure for figure in figures} == {"Household income"}
    assert (figures[3].row, figures[3].column, figures[3].problem) == (5, "D", "“x1” is not a number")


def test_figures_that_stand_under_no_heading_are_a_problem_and_not_lost(at):
    _, figures = read(at("a.xlsx", workbook([["Hull", 70.1], [], ["Area", "2020"], [None, 7]]).read()))
    assert [(figure.row, figure.problem) for figure in figures] == [
        (1, "there are figures, and no row of headings above them"),
        (4, "there are figures, and no area in the row"),
    ]


def test_a_formula_without_a_value_is_a_problem_and_a_percentage_reads_as_shown(at):
    book = workbook([["Area code", "Year", "Value"], ["E1", 2024, "=1+1"], ["E2", 2024, 0.753]])
    from openpyxl import load_workbook

    opened = load_workbook(book)
    opened.active["C3"].number_format = "0.0%"
    content = io.BytesIO()
    opened.save(content)
    _, figures = read(at("a.xlsx", content.getvalue()))
    assert figures[0].problem.startswith("holds a formula without a value")
    assert (figures[1].value, figures[1].problem) == (75.3, "")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1,234.5", 1234.5), ("£20", 20), ("75.3%", 75.3), ("\u22121.5", -1.5), ("75.3 [r]", 75.3), ("71 p", 71),
        ("1e3", 1000), (7, 7), ("..", None), ("!", None), ("[c]", None), ("", None), (None, None), ("X", None),
    ],
)  # fmt: skip
def test_numbers_and_marks(cell, value):
    assert number(cell) == value


@pytest.mark.parametrize(
    "cell", ["12,5", "1.234,5", "abc", True, datetime.date(2024, 1, 1), "nan", "1e400", Uncomputed()]
)
def test_what_is_not_a_number_is_refused(cell):
    with pytest.raises(Unreadable):
        number(cell)


@pytest.mark.parametrize(
    ("cell", "period"),
    [
        ("2019", ("2019", 201903)), (2019.0, ("2019", 201903)), ("2019/20", ("2019/20", 202003)),
        ("2019/2020", ("2019/20", 202003)), ("2022-23", ("2022/23", 202303)), ("2018-2020", ("2018 to 2020", 202003)),
        ("April 2025", ("April 2025", 202504)), ("Apr-2025", ("April 2025", 202504)),
        ("2025-04", ("April 2025", 202504)), (datetime.datetime(2025, 4, 1), ("April 2025", 202504)),
        ("2024 Q2", ("Q2 2024", 202406)), ("Jan 2019-Dec 2019", ("2019", 201912)),
        ("Apr 2019-Mar 2020", ("Apr 2019 to Mar 2020", 202003)), ("Jan 2019 to Dec 2021", ("2019 to 2021", 202112)),
    ],
)  # fmt: skip
def test_periods_however_they_are_written(cell, period):
    assert period_of(cell, 3) == period


@pytest.mark.parametrize("cell", ["soon", "2019/21", "2011-12", "1850", "2020-2018", ""])
def test_what_is_not_one_period_is_refused(cell):
    with pytest.raises(Unreadable):
        period_of(cell)


def test_text_that_is_not_utf_8_is_read_as_windows_text_and_says_so(at):
    upload = at("a.csv", "name,year,value\nCôte,2024,1\n".encode("cp1252"))
    assert upload.encoding == "Windows (cp1252), because it is not UTF-8"
    _, figures = read(upload)
    assert figures[0].name == "Côte"


def zipped(**parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return content.getvalue()


BOOK = workbook([["Area", "2020"], ["Hull", 1]])


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", zipped(data="a,b"), "a zip archive, not an Excel workbook"),
        ("a.csv", BOOK.read(), "an Excel workbook by its content"),
        ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "an old Excel workbook"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "an old Excel workbook"),
        ("a.xlsx", b"area,value\nHull,1\n", "it is text|content is text"),
        ("a.csv", b"%PDF-1.7", "a PDF"),
        ("a.csv", "a,b\n1,2\n".encode("utf-16"), "UTF-16"),
        ("a.csv", b"\n<!DOCTYPE html><html>", "a web page"),
        ("a.csv", b"area,value\nHu\0ll,1", "zero bytes"),
        ("a.csv", b"area,value\nHu\x81ll\xff,1", "neither UTF-8 nor Windows"),
        ("a.xlsx", b"PK\x03\x04 and nothing more", "damaged"),
        ("a.docx", b"area,value", "does not end in .csv or .xlsx"),
        ("a.xlsx", with_part(BOOK, "xl/vbaProject.bin", b"x").read(), "macros"),
        ("a.xlsx", with_part(BOOK, "xl/worksheets/sheet1.xml", b"0" * 9_000_000).read(), "times when it is unpacked"),
        ("a.xlsx", with_part(BOOK, "xl/styles.xml", b"<!DOCTYPE lolz [<!ENTITY a 'b'>]><x/>").read(), "entities"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_what_it_says_is_refused(at, name, content, reason):
    with pytest.raises(BadUpload, match=reason):
        at(name, content)


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"bytes": 10}, "is the most"),
        ({"unpacked": 1000}, "would unpack to"),
        ({"parts": 3}, "parts"),
        ({"other_part": 100}, "is larger than"),
    ],
)
def test_a_workbook_beyond_the_limits_is_refused_before_it_is_unpacked(at, limits, reason):
    with pytest.raises(BadUpload, match=reason):
        at("a.xlsx", workbook([["Area", "2020"], ["Hull", 1]]).read(), **limits)


@pytest.mark.parametrize(
    ("limits", "reason"), [({"sheets": 1}, "sheets"), ({"rows": 2}, "rows"), ({"columns": 2}, "columns")]
)
def test_a_workbook_that_turns_out_too_large_is_refused_while_it_is_read(at, limits, reason):
    rows = [["Area", "2020", "2021"], ["Hull", 1, 2], ["York", 1, 2]]
    with pytest.raises(BadUpload, match=reason):
        read(at("a.xlsx", workbook(rows, rows).read(), **limits))


def test_a_cell_that_would_fill_memory_is_refused_before_it_is_parsed(at):
    text = b"<worksheet><sheetData><row><c t='inlineStr'><is><t>" + bytes(range(97, 122)) * 120_000
    heavy = with_part(workbook([["Area", "2020"]]), "xl/worksheets/sheet1.xml", text + b"</t></is></c></row>")
    with pytest.raises(BadUpload, match="A cell of the workbook holds more than"):
        read(at("a.xlsx", heavy.read(), ratio=10_000))


def test_a_damaged_sheet_and_an_open_quotation_are_refused(at):
    broken = with_part(workbook([["Area", "2020"]]), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>")
    with pytest.raises(BadUpload, match="damaged"):
        read(at("a.xlsx", broken.read()))
    with pytest.raises(BadUpload, match="Row 2 cannot be read as CSV"):
        read(at("a.csv", b'area,year,value\n"Hull,2020,1\n'))


@pytest.mark.parametrize(
    "given",
    [[], {"shapes": "tidy"}, {"shape": "wide"}, {"columns": {"value": 1}}, {"columns": {"price": "x"}}, {"period": 3}],
)
def test_a_mapping_from_outside_must_make_sense(given):
    with pytest.raises(BadMapping):
        Mapping.of(given)
