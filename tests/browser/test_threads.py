"""The three threads in a real browser, on the real figures: officer, public, reviewer.

Every page visited is checked by axe, for sideways scrolling and for script errors (see conftest.Visitor).
"""

from __future__ import annotations

import io
import re
import subprocess
from datetime import timedelta

import pytest
from django.utils import timezone
from docx import Document as WordDocument
from playwright.sync_api import expect

from consultations.models import Response
from consultations.services.consultations import create_consultation, publish
from consultations.services.questions import add_question
from lisapp.places.enums import Role
from lisapp.places.models import LEP, Place
from lisapp.places.services import create_lep, set_role
from strategies.models import Framework, Strategy
from strategies.services.reviews import request_review
from strategies.services.strategies import create_strategy
from strategies.services.thread import create_diagnosis
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories.kernel import PASSWORD, UserFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
    pytest.mark.usefixtures("reference_data"),
]
BOTH_SCREENS = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])

PROBLEM = "Fewer residents hold a higher qualification"
OBJECTIVE = "More residents qualified for jobs that are hard to fill"
INTERVENTION = "A shared apprenticeship pool for small firms"


@pytest.fixture
def lep(reference_data) -> LEP:
    place = Place.objects.get(code="E37000034")
    return create_lep(name="Tees Valley drafting team", slug="tees-valley-drafting", places=[place])


@pytest.fixture
def lead(lep):
    user = UserFactory(email="lead@example.org", full_name="Amina Rahman")
    set_role(user=user, lep=lep, role=Role.LEAD)
    return user


@pytest.fixture
def strategy(lep, lead) -> Strategy:
    strategy = create_strategy(
        lep=lep,
        framework=Framework.objects.get(code="local-industrial-strategy", is_current=True),
        place=lep.places.get(),
        title="Tees Valley strategy",
        horizon_year=2037,
        by=lead,
    )
    create_diagnosis(
        strategy=strategy,
        by=lead,
        pillar=strategy.framework.pillars.get(code="people"),
        problem=PROBLEM,
        side="supply",
        failure="externality",
    )
    return strategy


def wait_for_job(visitor, button):
    """Wait on the progress page until the work has ended, then follow its result."""
    expect(visitor.page.get_by_role("button", name=button)).to_be_visible(timeout=60_000)
    visitor.check()
    visitor.page.get_by_role("button", name=button).click()
    visitor.check()


@BOTH_SCREENS
def test_an_officer_goes_from_nothing_to_a_document_with_the_thread_in_it(visitor, worker, lead, lep, viewport):
    officer = visitor(viewport=viewport)
    officer.sign_in(lead.email, PASSWORD)
    officer.follow(lep.name)

    officer.press_link("Start a strategy")
    officer.choose("Local Industrial Strategy (2018)")
    officer.fill("Title", "Our strategy")
    officer.press("Start the strategy")
    officer.sees("Ask for a comparator report")

    officer.press_link("Go there")
    officer.page.get_by_label("Which place is the report about?").select_option(label="Tees Valley")
    officer.press("Continue")
    officer.press("Make the report")
    wait_for_job(officer, "Read the report")
    officer.sees("Tees Valley")
    officer.sees("England")
    officer.sees("Open Government Licence")
    assert officer.page.locator("svg").count() > 3
    assert officer.page.locator("table").count() > 3

    strategy = Strategy.objects.get(title="Our strategy")
    base = f"/strategies/{strategy.slug}"
    officer.open(f"{base}/evidence/new/figure/")
    figure = officer.page.locator("input[name=figure][value=nvq4plus_rate_16_64]")
    officer.page.locator("details", has=figure).locator("summary").click()
    figure.check()
    officer.press("Add to the evidence")
    officer.open(f"{base}/evidence/new/what_works/")
    officer.page.get_by_label("Apprenticeships").check()
    officer.press("Add to the evidence")
    officer.sees("7 of 9 studies")

    officer.open(f"{base}/diagnoses/new/?pillar=people")
    officer.fill("The problem", PROBLEM)
    officer.choose("Supply side")
    officer.choose("Spillovers")
    officer.page.get_by_label(re.compile("Qualified to level 4")).first.check()
    officer.press("Save diagnosis")
    officer.sees(PROBLEM)

    officer.press_link("Add an objective")
    officer.page.get_by_label(PROBLEM).check()
    officer.fill("The objective", OBJECTIVE)
    officer.fill("Why it raises productivity", "Skilled workers produce more in an hour.")
    officer.press("Save objective")

    officer.press_link("Add an intervention")
    officer.fill("The intervention", INTERVENTION)
    officer.page.get_by_label(re.compile("Apprenticeships: 7 of 9")).check()
    officer.press("Save intervention")
    officer.sees("No evaluation planned")

    officer.open(f"{base}/sections/people/")
    officer.fill("Text", "Employers who train lose some of what they spend.")
    officer.press("Save section")
    officer.sees("The section has been saved")

    officer.open(f"{base}/chain/")
    officer.sees(OBJECTIVE)
    officer.sees("No outcome named")

    officer.open(f"{base}/documents/new/")
    officer.press("Make the document")
    officer.open(strategy.documents.get().job.get_absolute_url())
    wait_for_job(officer, "Download the document")
    document = strategy.documents.get()
    assert document.finished_at, "the document's job has not ended"
    context = officer.page.context
    word = context.request.get(f"{officer.base}{base}/documents/{document.pk}/docx/").body()
    text = "\n".join(_words(WordDocument(io.BytesIO(word))))
    pdf = context.request.get(f"{officer.base}{base}/documents/{document.pk}/pdf/").body()
    paper = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    for made in (text, re.sub(r"\s+", " ", paper)):
        assert OBJECTIVE in made
        assert INTERVENTION in made
        assert "33.4" in made
        assert "Open Government Licence" in made or "OGL" in made


def _words(document):
    for paragraph in document.paragraphs:
        yield paragraph.text
    for table in document.tables:
        for row in table.rows:
            for cell in row.cells:
                yield cell.text


@pytest.fixture
def consultation(strategy, lead):
    now = timezone.now()
    consultation = create_consultation(
        strategy=strategy,
        by=lead,
        title="What should come first?",
        summary="We ask what you think of the draft.",
        opens_at=now - timedelta(minutes=1),
        closes_at=now + timedelta(days=40),
        contact_email="consult@example.org",
        privacy_notice="We keep your answers for two years.",
        submission_key="7d9f4c1e-8a52-4a35-9d0b-0f3f0c1a2b3c",
    )
    add_question(consultation=consultation, by=lead, key="q1", type="scale", text="Do you agree?", required=True)
    add_question(consultation=consultation, by=lead, key="q2", type="long_text", text="What is missing?", max_words=50)
    return publish(consultation=consultation, by=lead)


@pytest.mark.parametrize(
    ("viewport", "javascript"),
    [(DESKTOP, True), (PHONE, True), (PHONE, False)],
    ids=["desktop", "phone", "phone-without-javascript"],
)
def test_anybody_answers_a_consultation_without_an_account(visitor, consultation, lead, viewport, javascript):
    resident = visitor(viewport=viewport, javascript=javascript)
    resident.open("/consultations/")
    resident.follow("What should come first?")
    resident.follow("Read the draft strategy")
    resident.sees(PROBLEM)
    resident.follow("Back to the consultation")
    resident.press_link("Start now")

    resident.press("Continue")
    resident.sees("There is a problem")
    resident.sees("Select an answer")
    resident.choose("Disagree")
    resident.press("Continue")
    resident.fill("What is missing?", "Buses " * 60)
    resident.press("Continue")
    resident.sees("50 words or fewer")
    resident.fill("What is missing?", "Evening buses")
    resident.press("Continue")
    resident.choose("A resident")
    resident.press("Continue")

    resident.sees("Check your answers")
    resident.sees("Evening buses")
    resident.press("Send my answers")
    resident.sees("We have your answers")
    response = Response.objects.get()
    resident.sees(response.reference)

    officer = visitor(viewport=viewport)
    officer.sign_in(lead.email, PASSWORD)
    officer.open(f"/consultations/{consultation.slug}/responses/")
    officer.follow(response.reference)
    officer.sees("Evening buses")


@BOTH_SCREENS
def test_a_reviewer_judges_a_principle_and_the_officer_sees_it_beside_the_work(visitor, strategy, lead, viewport):
    request_review(strategy=strategy, by=lead, note="Please look at the diagnoses.")
    reviewer = UserFactory(email="reviewer@example.org", full_name="Helen Marsh", reviewer=True)
    judge = visitor(viewport=viewport)
    judge.sign_in(reviewer.email, PASSWORD)
    judge.open("/admin/strategies/review/")
    judge.follow(strategy.title)
    judge.sees("What is the state of the local economy?")
    judge.press_first("Take this review")
    first = judge.page.locator("form", has=judge.page.locator("textarea")).first
    with judge.page.expect_navigation():
        first.get_by_role("button").first.click()
    judge.check()
    judge.sees("reason")
    first = judge.page.locator("form", has=judge.page.locator("textarea")).first
    first.get_by_label("Partly met").check()
    first.locator("textarea").fill("No comparator report is attached yet.")
    with judge.page.expect_navigation():
        first.get_by_role("button").first.click()
    judge.check()

    officer = visitor(viewport=viewport)
    officer.sign_in(lead.email, PASSWORD)
    officer.open(f"/strategies/{strategy.slug}/principles/")
    officer.sees("Partly met")
    officer.sees("No comparator report is attached yet.")


def test_the_officers_pages_work_without_javascript(visitor, strategy, lead):
    officer = visitor(javascript=False)
    officer.sign_in(lead.email, PASSWORD)
    officer.open(strategy.get_absolute_url())
    officer.follow("People")
    officer.press_link("Add an objective")
    officer.page.get_by_label(PROBLEM).check()
    officer.fill("The objective", OBJECTIVE)
    officer.press("Save objective")
    officer.sees(OBJECTIVE)
    officer.open(f"/strategies/{strategy.slug}/sections/people/")
    officer.fill("Text", "Some **bold** words")
    officer.press("Preview")
    officer.sees("Some bold words")
    officer.press("Save section")
    officer.sees("The section has been saved")
