"""Numbers the paragraphs of a rendered section, so that people can say which one they mean."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

_VOID = {"br", "hr"}


class _Numbering(HTMLParser):
    """Copies sanitised HTML, and gives every paragraph at its top level an id and a number that links to it."""

    def __init__(self, section: int) -> None:
        super().__init__(convert_charrefs=False)
        self.section = section
        self.count = 0
        self.depth = 0
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        source = self.get_starttag_text() or ""
        if tag == "p" and self.depth == 0:
            self.count += 1
            number, anchor = f"{self.section}.{self.count}", f"paragraph-{self.section}-{self.count}"
            classes = escape(dict(attrs).get("class") or "", quote=True)
            self.parts.append(
                f'<p class="{classes} lis-paragraph" id="{anchor}">'
                f'<a class="govuk-link lis-paragraph__number govuk-!-margin-right-2" href="#{anchor}">'
                f'<span class="govuk-visually-hidden">Paragraph </span>{number}</a> '
            )
        else:
            self.parts.append(source)
        if tag not in _VOID:
            self.depth += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1
        self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_entityref(self, name: str) -> None:
        self.parts.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.parts.append(f"&#{name};")


def number_paragraphs(html: str, section: int) -> str:
    """Return sanitised, well-formed `html` with its top-level paragraphs numbered 3.1, 3.2… for `section` 3.

    Paragraphs inside lists, tables and quotations are left as they are: they belong to the one before.
    """
    numbering = _Numbering(section)
    numbering.feed(html)
    numbering.close()
    return "".join(numbering.parts)
