"""Markdown, numbers, dates and the small tags."""

import datetime
from decimal import Decimal

import nh3
import pytest
from bs4 import BeautifulSoup
from django.core.paginator import Paginator
from django.template import TemplateSyntaxError, engines
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from lisapp.design import markdown
from lisapp.design.numbers import write_number
from lisapp.design.templatetags.gds import gbdate


def use(source: str, path: str = "/", **context) -> BeautifulSoup:
    template = engines["django"].from_string("{% load gds %}" + source)
    return BeautifulSoup(template.render(context, RequestFactory().get(path)), "html5lib")


def parsed(text: str, top: int = 2) -> BeautifulSoup:
    return BeautifulSoup(markdown.render(text, top), "html5lib")


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](  JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](https://example.org/pixel.png)",
    "<a href='x' onclick='y'>z</a>",
    "<style>*{}</style>",
    '[x](https://example.org "\\" onmouseover=alert(1) ")',
    "&#x3C;script&#x3E;alert(1)&#x3C;/script&#x3E;",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_markdown_lets_no_script_image_or_handler_through(attack):
    document = parsed(attack)
    assert not document.body.find_all(["script", "img", "style", "iframe", "object"])
    for tag in document.body.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on") or name == "style"]
        assert not str(tag.get("href", "")).lower().strip().startswith(("javascript", "data", "vbscript"))


@given(st.text(alphabet=st.sampled_from("<>[]()!#*_`~-\"'= \n:/abcjs&;"), max_size=80))
def test_whatever_is_typed_the_html_is_what_the_sanitiser_would_keep(text):
    html = markdown.render(text)
    again = nh3.clean(
        html,
        tags=markdown.TAGS,
        attributes={tag: {"class", *markdown.EXTRA_ATTRIBUTES.get(tag, ())} for tag in markdown.TAGS},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    assert html == again
    assert html == markdown.render(text)


@pytest.mark.parametrize(
    ("text", "top", "levels"),
    [
        ("# A\n\n## B\n\n# C", 2, ["h2", "h3", "h2"]),
        ("# A\n\n## B", 3, ["h3", "h4"]),
        ("### A\n\n# B", 2, ["h2", "h2"]),
        ("# A\n\n##### B\n\n###### C", 2, ["h2", "h3", "h4"]),
        ("# A\n## B\n### C\n#### D\n##### E", 4, ["h4", "h5", "h6", "h6", "h6"]),
    ],
)
def test_headings_stay_below_the_pages_own_and_skip_no_level(text, top, levels):
    assert [tag.name for tag in parsed(text, top).body.find_all(["h1", "h2", "h3", "h4", "h5", "h6"])] == levels


def test_markdown_makes_what_writers_need_in_govuk_style():
    document = parsed("A **b** [c](https://example.org)\n\n3. x\n4. y\n\n> q\n\n| h |\n| :-: |\n| d |\n\n~~gone~~")
    assert document.p["class"] == ["govuk-body"]
    assert document.strong.text == "b"
    assert document.a["rel"] == ["noopener", "noreferrer", "nofollow"]
    assert document.ol["start"] == "3"
    assert "govuk-inset-text" in document.blockquote["class"]
    assert document.th["scope"] == "col"
    assert document.s.text == "gone"
    assert "style=" not in str(document)


def test_markdown_of_nothing_is_nothing():
    assert use("{{ text|markdown }}", text=None).body.text == ""


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (1234567, None, "1,234,567"),
        (1234.56, None, "1,235"),
        (12.345, None, "12.3"),
        (0.12345, None, "0.12"),
        (0.00123, None, "0.0012"),
        (-4.25, 1, "−4.2"),
        (-0.04, 1, "0.0"),
        (0, None, "0"),
        (Decimal("12.50"), 2, "12.50"),
        (float("nan"), None, ""),
        (5.0, None, "5"),
    ],
)
def test_numbers_are_written_for_people(value, places, text):
    assert write_number(value, places) == text


def test_number_filter_leaves_texts_and_nothing_alone():
    assert (
        use('{{ a|number }}|{{ b|number }}|{{ c|number:"1" }}', a=None, b="about <5", c=2).body.text == "|about <5|2.0"
    )


def test_dates_are_written_as_people_read_them():
    assert gbdate(datetime.date(2026, 11, 24)) == "24 November 2026"
    assert gbdate(None) == ""
    late = datetime.datetime(2026, 6, 30, 23, 30, tzinfo=datetime.UTC)  # already 1 July in London
    assert gbdate(late) == "1 July 2026"


def test_pagination_keeps_the_other_parameters_and_marks_the_page():
    page = Paginator(range(95), 10).page(5)
    nav = use("{% gds_pagination page %}", "/?q=skills&page=5", page=page).nav
    assert nav["aria-label"] == "Pagination"
    assert nav.find(attrs={"aria-current": "page"}).text == "5"
    assert nav.find(rel="next")["href"] == "?q=skills&page=6"
    assert nav.find(rel="prev")["href"] == "?q=skills&page=4"
    assert "⋯" in nav.text


def test_a_single_page_needs_no_pagination():
    assert use("{% gds_pagination page %}", page=Paginator(range(3), 10).page(1)).nav is None


def test_breadcrumbs_come_in_pairs():
    with pytest.raises(ValueError, match="pairs"):
        use('{% gds_breadcrumbs "Home" %}')


def test_an_unknown_colour_or_variant_is_refused():
    with pytest.raises(ValueError, match="mauve"):
        use('{% gds_tag "x" "mauve" %}')
    with pytest.raises(ValueError, match="shiny"):
        use('{% gds_button "x" variant="shiny" %}')
    with pytest.raises(TemplateSyntaxError, match="summary"):
        use("{% gds_details %}x{% end_gds_details %}")


def test_tags_escape_what_they_are_given():
    document = use(
        "{% gds_tag x %}{% gds_warning x %}{% gds_button x href=x %}{% gds_notification x x %}"
        "{% gds_details x %}{{ x }}{% end_gds_details %}{% gds_breadcrumbs x x x '' %}",
        x='"><script>1</script>',
    )
    assert not document.select("script")
    assert document.text.count("<script>") == 9


def test_details_can_be_open():
    assert use('{% gds_details "More" True %}x{% end_gds_details %}').details.has_attr("open")


def test_the_navigation_marks_the_section_one_is_in():
    item = '{% navigation_item "/evidence/" "Evidence" %}'
    assert use(item, "/evidence/").a["aria-current"] == "page"
    assert use(item, "/evidence/12/").a["aria-current"] == "true"
    assert not use(item, "/evidence-of-something/").a.has_attr("aria-current")
    assert not use('{% navigation_item "/" "Home" True %}', "/evidence/").a.has_attr("aria-current")
    assert use('{% navigation_item "" "Not there" %}').a is None
