"""Template tags for GOV.UK components, charts, Markdown, dates and numbers: `{% load gds %}`."""

import datetime
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.http import QueryDict
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from lisapp.design import charts, fields
from lisapp.design import markdown as restricted_markdown
from lisapp.design.dates import shown
from lisapp.design.numbers import write_number

register = template.Library()

TAG_COLOURS = {"grey", "green", "teal", "blue", "purple", "magenta", "red", "orange", "yellow"}
BUTTON_VARIANTS = {"", "secondary", "warning", "start"}


# Forms


@register.simple_tag
def describe_field(bound: forms.BoundField, wrapper_class: str = "") -> fields.FieldView:
    """Describe a bound field to templates/gds/field.html."""
    return fields.describe(bound, wrapper_class or "")


def summary_errors(form: forms.BaseForm) -> list[dict[str, str]]:
    """List the errors of a form, each with the link to what must be mended; those of the whole form first."""
    found = [{"text": str(error), "href": ""} for error in form.non_field_errors()]
    for bound in form:
        anchor = fields.anchor_of(bound)
        found += [{"text": str(error), "href": f"#{anchor}" if anchor else ""} for error in bound.errors]
    return found


@register.simple_tag
def error_summary(form: forms.BaseForm) -> str:
    """Show the errors of a form once: above the heading if the page asks for it there, else on top of the form."""
    if not form.errors or getattr(form, "error_summary_shown", False):
        return ""
    form.error_summary_shown = True  # type: ignore[attr-defined]
    return render_to_string("gds/error_summary.html", {"errors": summary_errors(form)})


@register.simple_tag
def error_prefix(form: forms.BaseForm | None) -> str:
    """Write "Error: " at the start of a page title when the form has errors."""
    return "Error: " if getattr(form, "errors", None) else ""


# Components


@register.simple_tag
def gds_tag(text: str, colour: str = "grey") -> SafeString:
    """Show a status tag."""
    if colour not in TAG_COLOURS:
        raise ValueError(f"{colour!r} is no tag colour; choose one of {', '.join(sorted(TAG_COLOURS))}")
    modifier = "" if colour == "blue" else f" govuk-tag--{colour}"  # blue is the tag's own colour
    return format_html('<strong class="govuk-tag{}">{}</strong>', modifier, text)


@register.simple_tag
def gds_warning(text: str) -> SafeString:
    """Show a warning with an exclamation mark."""
    return format_html(
        '<div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">!</span>'
        '<strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">Warning</span> {}</strong></div>',
        text,
    )


@register.simple_tag
def gds_notification(title: str, text: str, kind: str = "important", number: int = 1) -> str:
    """Show a notification banner; `kind` is success, error or anything else for a neutral one.

    `number` keeps the ids of several banners on one page apart.
    """
    return render_to_string("gds/notification.html", {"title": title, "text": text, "kind": kind, "number": number})


@register.simple_tag
def gds_button(text: str, href: str = "", variant: str = "", **attrs: str) -> SafeString:
    """Show a button, or with `href` a link that looks like one. Underscores in attribute names become hyphens."""
    if variant not in BUTTON_VARIANTS:
        raise ValueError(f"{variant!r} is no button variant; choose one of {', '.join(sorted(BUTTON_VARIANTS))}")
    return SafeString(
        render_to_string(
            "gds/button.html",
            {
                "text": text,
                "href": href,
                "variant": variant,
                "attrs": forms.utils.flatatt({name.replace("_", "-"): value for name, value in attrs.items()}),
            },
        )
    )


@register.simple_tag
def gds_breadcrumbs(*pairs: str) -> str:
    """Show breadcrumbs from pairs of text and address; an empty address is the page itself."""
    if len(pairs) % 2:
        raise ValueError("Breadcrumbs come in pairs of text and address")
    items = [{"text": text, "href": href} for text, href in zip(pairs[::2], pairs[1::2], strict=True)]
    return render_to_string("gds/breadcrumbs.html", {"items": items})


@register.simple_tag(takes_context=True)
def gds_pagination(context: Context, page: Page, parameter: str = "page") -> str:
    """Show links to the pages of a list, keeping the other parameters of the address. Nothing for a single page."""
    paginator = page.paginator
    if paginator.num_pages < 2:
        return ""
    request = context.get("request")
    query: QueryDict = request.GET.copy() if request else QueryDict(mutable=True)

    def address(number: int) -> str:
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    elided = paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    items = [
        {"number": number, "href": address(number), "current": number == page.number}
        if isinstance(number, int)
        else {"ellipsis": True}
        for number in elided
    ]
    return render_to_string(
        "gds/pagination.html",
        {
            "items": items,
            "previous": address(page.previous_page_number()) if page.has_previous() else "",
            "next": address(page.next_page_number()) if page.has_next() else "",
        },
    )


class _Wrapper(template.Node):
    """A block tag whose content is wrapped by a component."""

    def __init__(self, nodelist: NodeList, arguments: list[FilterExpression], kind: str) -> None:
        self.nodelist, self.arguments, self.kind = nodelist, arguments, kind

    def render(self, context: Context) -> str:
        values = [argument.resolve(context) for argument in self.arguments]
        inner = mark_safe(self.nodelist.render(context))  # noqa: S308 the content is a rendered template
        if self.kind == "inset":
            return format_html('<div class="govuk-inset-text">{}</div>', inner)
        return format_html(
            '<details class="govuk-details"{}><summary class="govuk-details__summary">'
            '<span class="govuk-details__summary-text">{}</span></summary>'
            '<div class="govuk-details__text">{}</div></details>',
            " open" if len(values) > 1 and values[1] else "",
            values[0],
            inner,
        )


@register.tag
def gds_inset(parser: Parser, token: Token) -> _Wrapper:
    """`{% gds_inset %}…{% end_gds_inset %}`: text set apart by a line at its side."""
    nodelist = parser.parse(("end_gds_inset",))
    parser.delete_first_token()
    return _Wrapper(nodelist, [], "inset")


@register.tag
def gds_details(parser: Parser, token: Token) -> _Wrapper:
    """`{% gds_details "Summary" %}…{% end_gds_details %}`; a second, true argument opens it."""
    arguments = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    if not arguments:
        raise template.TemplateSyntaxError("gds_details needs the text of its summary")
    nodelist = parser.parse(("end_gds_details",))
    parser.delete_first_token()
    return _Wrapper(nodelist, arguments, "details")


# Charts


@register.simple_tag
def figure_chart(chart: charts.Chart, download: str = "", heading_level: int | None = None) -> str:
    """Show a chart as a figure: caption, what it says in words, drawing, source, and the table behind it.

    `download` is the address of the CSV file, where the page has one. With `heading_level` the caption is a heading.
    """
    context = {
        "chart": chart,
        "key": chart.key(),
        "svg": mark_safe(chart.svg()),  # noqa: S308 the chart module escapes every text
        "table": chart.table(),
        "download": download,
        "heading_level": heading_level,
    }
    return render_to_string("components/chart.html", context)


# Text, dates, numbers


@register.filter
def markdown(text: str | None, top: int = 2) -> SafeString:
    """Render restricted Markdown; `top` is the level of its highest heading: `{{ text|markdown:3 }}`."""
    return mark_safe(restricted_markdown.render(text or "", int(top)))  # noqa: S308 sanitised


@register.filter
def gbdate(value: datetime.date | datetime.datetime | None) -> str:
    """Write a date as 24 November 2026; empty for None."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime.datetime) and value.tzinfo is not None:
        value = timezone.localtime(value)
    return shown(value)


@register.filter
def number(value: Any, places: int | None = None) -> str:
    """Write a number: `{{ 1234567|number }}` is 1,234,567; `{{ 0.1234|number:1 }}` is 0.1; None is empty."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return conditional_escape(value)
    return write_number(value, None if places is None else int(places))


# Navigation


@register.simple_tag(takes_context=True)
def navigation_item(context: Context, href: str, text: str, exact: bool = False) -> str:
    """Show an item of the service navigation, marked when the page shown is it or lies below it.

    Nothing when `href` is empty, as `{% url … as … %}` leaves it for a page that is not mounted.
    """
    if not href:
        return ""
    request = context.get("request")
    path = request.path if request else ""
    current = "page" if path == href else ""
    if not current and not exact and path.startswith(href.rstrip("/") + "/"):
        current = "true"
    return render_to_string("gds/navigation_item.html", {"href": href, "text": text, "current": current})
