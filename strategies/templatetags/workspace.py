"""`{% workspace_of strategy as workspace %}`: what the frame around a strategy's pages shows.

`{% figure_values citation.figure as values %}`: whose value it is, and the value. `{% figure_source figure %}`: where
it comes from, in sentences.
"""

from __future__ import annotations

from django import template
from django.template import Context

from strategies import permissions
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
