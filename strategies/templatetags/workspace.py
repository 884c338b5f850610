"""`{% workspace_of strategy as workspace %}`: what the frame around a strategy's pages shows.

`{% figure_values citation.figure as values %}`: whose value it is, and the value. `{% figure_source figure %}`: where
it comes from, in sentences, and `{% finding figure %}`: what a report finds of it beside the peers.

`{% prose text facts 3 %}`: restricted Markdown whose marks such as [S3] lead to notes on the page, and
`{% notes_of text facts as notes %}`: those notes, as pairs of a citation and what it says.

`{% flags_beside facts claim as flags %}`: what is weak about a claim's evidence.
"""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

from evidence.selectors.citations import finding_sentence
from lisapp.design import markdown
from strategies import permissions
from strategies.domain.facts import StrategyFacts
from strategies.models import Strategy
from strategies.selectors import citations
from strategies.selectors import workspace as selector

register = template.Library()


@register.simple_tag
def workspace_of(strategy: Strategy) -> selector.Workspace:
    """Return the strategy's workspace; read once a page."""
    return selector.workspace(strategy)


@register.simple_tag(takes_context=True)
def may_draft_in(context: Context, strategy: Strategy) -> bool:
    """Whether the person who looks at the page drafts this strategy, so that a next step is theirs to take."""
    return permissions.can_draft(context["request"].user, strategy).allowed


@register.simple_tag
def where_in(workspace: selector.Workspace, current: str) -> str:
    """Name the part of the strategy that the page belongs to."""
    items = (item for _, group in workspace.groups for item in group)
    return next((item.label for item in items if item.key == current), "Parts of the strategy")


register.simple_tag(citations.figure_values)
register.simple_tag(citations.figure_source)
register.simple_tag(citations.notes_of)
register.simple_tag(citations.newer_values)
register.simple_tag(citations.flags_beside)
register.simple_tag(finding_sentence, name="finding")


@register.simple_tag
def prose(text: str, facts: StrategyFacts, top: int = 2, prefix: str = "#source-") -> SafeString:
    """Render a section's text; `top` is the level of its highest heading, `prefix` begins a note's address."""
    return mark_safe(markdown.render(text or "", top, citations.mark_links(facts, prefix)))  # noqa: S308 sanitised
