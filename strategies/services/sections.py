"""Writing sections: every save is kept as a revision."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from evidence.selectors.wording import listed
from lisapp.audit.formatters import formatter
from lisapp.audit.models import LogEntry
from lisapp.audit.services import log
from lisapp.design.markdown import marked
from lisapp.design.marks import source_mark
from strategies import permissions
from strategies.models import Citation, Section, SectionRevision, Strategy
from strategies.services.versions import save_version


@transaction.atomic
def save_section(
    *, section: Section, body: str, by: Any, expected_version: int, note: str = ""
) -> SectionRevision | None:
    """Save a section's text and keep it as a revision. An unchanged text saves nothing and returns None.

    The evidence that the text marks, as in [S3], is cited by the section. Raises NotAllowed, ValidationError for a
    mark that leads nowhere, or StaleEdit carrying the stored text.
    """
    permissions.can_draft(by, section.strategy).or_raise()
    body = body.replace("\r\n", "\n")
    if section.body == body:  # also where a second click sends again what the first has saved
        return None
    cited = cited_in(section.strategy, body, lock=True)
    save_version(
        section,
        expected_version=expected_version,
        changes={"body": body, "updated_by": by, "updated_at": timezone.now()},
    )
    revision = SectionRevision(section=section, number=section.version, body=body, note=note.strip(), by=by)
    revision.full_clean()
    revision.save()
    section.citations.set(cited)
    log(
        "strategies.section.saved",
        target=section.strategy,
        by=by,
        lep=section.strategy.lep,
        data={"section": section.template.title, "revision": revision.number},
    )
    return revision


def cited_in(strategy: Strategy, body: str, *, lock: bool = False) -> list[Citation]:
    """Return the citations that a text marks, locked on request, so that none goes while the text is being saved.

    Raises ValidationError for a mark without a citation and for one in a heading, where no note can stand.
    """
    found = marked(body)
    cited = strategy.citations.filter(number__in=found.numbers)
    by_number = {citation.number: citation for citation in (cited.select_for_update() if lock else cited)}
    unknown = [source_mark(number) for number in found.numbers if number not in by_number]
    problems = []
    if unknown:
        problems.append(
            f"{listed(unknown)} {'is' if len(unknown) == 1 else 'are'} not among this strategy’s evidence. Use a mark "
            "from the list beside the text, or put a backslash before the bracket to keep it as text."
        )
    if found.in_headings:
        misplaced = listed([source_mark(number) for number in found.in_headings])
        problems.append(f"Put {misplaced} into a sentence: a heading cannot carry a note.")
    if problems:
        raise ValidationError({"body": problems})
    return list(by_number.values())


@transaction.atomic
def restore_revision(*, revision: SectionRevision, by: Any, expected_version: int) -> SectionRevision | None:
    """Save an earlier text as a new revision.

    Raises NotAllowed, StaleEdit, or ValidationError where it marks evidence that has been deleted since.
    """
    return save_section(
        section=revision.section,
        body=revision.body,
        by=by,
        expected_version=expected_version,
        note=f"Restored from revision {revision.number}",
    )


@formatter("strategies.section.saved")
def _saved(entry: LogEntry) -> str:
    return f"Section “{entry.data['section']}” saved"
