"""Loads the demonstration through the same services that people use."""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from consultations.models import Consultation
from consultations.services.consultations import create_consultation, publish
from consultations.services.drafts import save_draft_about, save_draft_answer
from consultations.services.questions import add_question
from consultations.services.responses import submit
from evidence.models import ComparatorReport, EvidenceItem, Indicator
from evidence.services.evidence_items import add_item, share_item
from evidence.services.reports import request_report
from lisapp.accounts.models import User
from lisapp.accounts.services import create_user, set_password
from lisapp.demonstration import content
from lisapp.jobs.enums import JobState
from lisapp.jobs.services import run
from lisapp.places.enums import Role
from lisapp.places.models import LEP, Place
from lisapp.places.services import create_lep, set_role
from strategies.models import Citation, Framework, Strategy
from strategies.services.citations import cite_figure, cite_local_source, cite_what_works
from strategies.services.reviews import request_review, save_claim
from strategies.services.sections import save_section
from strategies.services.strategies import create_strategy, edit_strategy
from strategies.services.thread import create_diagnosis, create_intervention, create_objective


class NotLoaded(Exception):
    """The demonstration needs something that is not there yet. The message says what."""


def is_loaded() -> bool:
    """Whether this database holds the demonstration."""
    return LEP.objects.filter(slug=content.LEP_SLUG).exists()


@transaction.atomic
def load_demonstration() -> dict[str, str]:
    """Load the demonstration and return the sign-ins, address by role and one password for all.

    All of it or nothing. Raises NotLoaded where reference data or frameworks are missing.
    """
    place = Place.objects.filter(code=content.PLACE_CODE).first()
    framework = Framework.objects.filter(code=content.FRAMEWORK, is_current=True).first()
    if place is None or framework is None:
        raise NotLoaded("Load the reference data and the frameworks first (load_reference, load_frameworks).")
    password = new_password()
    lep = create_lep(name=content.LEP_NAME, slug=content.LEP_SLUG, places=[place], is_demonstration=True)
    people = _people(lep, password)
    lead = people["lead"]
    report = _report(lep, place, lead)
    strategy = create_strategy(
        lep=lep,
        framework=framework,
        place=place,
        title=content.STRATEGY_TITLE,
        horizon_year=timezone.localdate().year + 10,
        by=lead,
    )
    edit_strategy(
        strategy=strategy,
        title=strategy.title,
        horizon_year=strategy.horizon_year,
        vision=content.VISION,
        by=lead,
        expected_version=1,
    )
    _local_evidence(lep, people["officer"])
    _thread(strategy, report, people["officer"])
    _writing(strategy, people["officer"])
    _consultation(strategy, lead)
    request_review(
        strategy=strategy,
        by=lead,
        note="A demonstration. Two principles have gaps on purpose.",
        due=timezone.localdate() + timedelta(days=21),
    )
    return sign_ins(password)


def new_password() -> str:
    """Return a password that nobody could guess, for the demonstration accounts of this machine."""
    return f"demo-{secrets.token_urlsafe(9)}"


def sign_ins(password: str) -> dict[str, str]:
    """Return role → "address, password" of the demonstration accounts."""
    return {role: f"{email}  password: {password}" for role, _, email in content.PEOPLE}


@transaction.atomic
def renew_passwords() -> dict[str, str]:
    """Give the demonstration accounts a new password, and return the sign-ins."""
    password = new_password()
    for _, _, email in content.PEOPLE:
        set_password(user=User.objects.get(email=email), password=password)
    return sign_ins(password)


def _people(lep: LEP, password: str) -> dict[str, User]:
    people = {}
    for role, name, email in content.PEOPLE:
        people[role] = create_user(
            email=email,
            full_name=name,
            password=password,
            is_reviewer=role == "reviewer",
            is_superuser=role == "administrator",
        )
        if role in Role.values:
            set_role(user=people[role], lep=lep, role=Role(role))
    return people


def _report(lep: LEP, place: Place, by: User) -> ComparatorReport:
    """Ask for a comparator report, and do its job here rather than wait for a worker."""
    report = request_report(lep=lep, place=place, by=by)
    job: Any = report.job
    run(job.pk)
    job.refresh_from_db()
    if job.state != JobState.SUCCEEDED:
        raise NotLoaded(f"The demonstration's comparator report was not made: {job.message}")
    report.refresh_from_db()
    return report


def _local_evidence(lep: LEP, by: User) -> None:
    """A note of a workshop with its file, private to the LEP, and a survey that everybody sees."""
    workshop, survey = content.LOCAL_EVIDENCE
    note = SimpleUploadedFile("round-table.txt", content.LOCAL_NOTE.encode(), "text/plain")
    add_item(lep=lep, by=by, file=note, **workshop)
    share_item(item=add_item(lep=lep, by=by, **survey), by=by)


def _thread(strategy: Strategy, report: ComparatorReport, by: User) -> None:
    figures = _figures(strategy, report, by)
    reviews = {
        review.slug: cite_what_works(strategy=strategy, review=review, by=by)
        for review in EvidenceItem.objects.filter(
            slug__in=[slug for item in content.INTERVENTIONS.values() for slug in item["reviews"]]
        )
    }
    local = cite_local_source(strategy=strategy, by=by, **content.LOCAL_SOURCE)
    pillars = {pillar.code: pillar for pillar in strategy.framework.pillars.all()}
    diagnoses = {}
    for key, item in content.DIAGNOSES.items():
        fields = {**item, "pillar": pillars[item["pillar"]]}
        cited = [figures[code] for code in fields.pop("figures")]
        diagnoses[key] = create_diagnosis(
            strategy=strategy, by=by, citations=[*cited, *([local] if key == "skills" else [])], **fields
        )
    objectives = {}
    for key, item in content.OBJECTIVES.items():
        fields = {**item, "pillar": pillars[item["pillar"]], "diagnosis": diagnoses[item["diagnosis"]]}
        fields["outcome_indicator"] = Indicator.objects.get(code=item["outcome_indicator"])
        objectives[key] = create_objective(strategy=strategy, by=by, **fields)
    for item in content.INTERVENTIONS.values():
        fields = dict(item)
        cited = [figures[code] for code in fields.pop("figures")] + [reviews[slug] for slug in fields.pop("reviews")]
        served = [objectives[key] for key in fields.pop("objectives")]
        create_intervention(strategy=strategy, by=by, objectives=served, citations=cited, **fields)


def _figures(strategy: Strategy, report: ComparatorReport, by: User) -> dict[str, Citation]:
    """Cite each figure from the report where it shows it, else as published."""
    shown = {row["indicator"] for row in report.result["figures"]}
    codes = {code for item in content.DIAGNOSES.values() for code in item["figures"]}
    return {
        code: cite_figure(
            strategy=strategy,
            indicator=Indicator.objects.get(code=code),
            report=report if code in shown else None,
            by=by,
        )
        for code in sorted(codes)
    }


def _writing(strategy: Strategy, by: User) -> None:
    for section in strategy.sections.select_related("template"):
        text = content.SECTIONS.get(section.template.key)
        if text:
            save_section(section=section, body=_unwrapped(text), note="", by=by, expected_version=section.version)
    principles = {principle.number: principle for principle in strategy.framework.principles.all()}
    for number, text in content.CLAIMS.items():
        save_claim(strategy=strategy, principle=principles[number], text=text, by=by, expected_version=0)


def _consultation(strategy: Strategy, by: User) -> None:
    now = timezone.now()
    consultation = create_consultation(
        strategy=strategy,
        by=by,
        opens_at=now - timedelta(minutes=1),
        closes_at=now + timedelta(days=42),
        privacy_notice="This is a demonstration. Do not give real personal data. Answers stay on this machine.",
        submission_key=uuid.uuid4(),
        **content.CONSULTATION,
    )
    for number, question in enumerate(content.QUESTIONS, start=1):
        add_question(consultation=consultation, by=by, key=f"q{number}", **question)
    publish(consultation=consultation, by=by)
    consultation.refresh_from_db()
    for response in content.RESPONSES:
        _respond(consultation, response)


def _respond(consultation: Consultation, response: dict[str, Any]) -> None:
    token = None
    for number, answer in enumerate(response["answers"], start=1):
        draft = save_draft_answer(consultation=consultation, token=token, key=f"q{number}", answer=answer)
        token = draft.token
    about = {"respondent_type": response["respondent_type"], "organisation": response.get("organisation", "")}
    draft = save_draft_about(consultation=consultation, token=token, about=about)
    submit(
        slug=consultation.slug,
        token=draft.token,
        submission_key=draft.submission_key,
        receipt_url=lambda receipt: f"/consultations/receipt/{receipt}/",
    )


def _unwrapped(text: str) -> str:
    """Return Markdown whose paragraphs stand on one line each, as people type them in a browser."""
    blocks = text.strip().split("\n\n")
    return "\n\n".join(block if block.startswith(("-", "#")) else block.replace("\n", " ") for block in blocks)
