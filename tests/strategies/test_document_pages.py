"""Asking for a document, the work behind it, and who may download what."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from lisapp.audit.models import LogEntry
from lisapp.documents.pdf import MISSING, PdfUnavailable
from lisapp.errors import NotAllowed
from lisapp.jobs import services as jobs
from lisapp.jobs.enums import JobState
from lisapp.jobs.models import Job
from lisapp.places.enums import Role
from strategies import tasks
from strategies.enums import StrategyStatus
from strategies.models import Document, Release
from strategies.services.documents import complete_document, request_document
from tests.factories.kernel import MembershipFactory, UserFactory
from tests.factories.strategies import (
    CitationFactory,
    DiagnosisFactory,
    InterventionFactory,
    ObjectiveFactory,
    ReleaseFactory,
    ReviewFactory,
    StrategyFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def strategy():
    strategy = StrategyFactory(slug="testshire-plan", vision="A place that makes things.")
    citation = CitationFactory(strategy=strategy, is_figure=True)
    diagnosis = DiagnosisFactory(strategy=strategy, citations=[citation])
    objective = ObjectiveFactory(strategy=strategy, diagnosis=diagnosis)
    InterventionFactory(strategy=strategy, objectives=[objective], citations=[citation])
    return strategy


def ask(strategy, **more) -> Document:
    values = {"strategy": strategy, "by": strategy.created_by, "submission_key": uuid.uuid4(), **more}
    return request_document(**values)


def stored_files() -> list[str]:
    """Every file under documents/ in storage."""
    found, waiting = [], ["documents"]
    while waiting:
        folder = waiting.pop()
        if default_storage.exists(folder):
            folders, files = default_storage.listdir(folder)
            waiting += [f"{folder}/{name}" for name in folders]
            found += [f"{folder}/{name}" for name in files]
    return found


def finished(strategy) -> Document:
    """A document with two small files."""
    document = ask(strategy)
    return complete_document(document=document, files={"docx": b"PK word", "pdf": b"%PDF-1.7"}, problems={})


def address(document, file_format="docx"):
    return reverse("strategies:document_file", args=[document.strategy.slug, document.pk, file_format])


# Asking


def test_asking_freezes_the_strategy_and_queues_the_work(strategy):
    document = ask(strategy)
    assert document.release.number == 1
    assert document.job.state == JobState.QUEUED
    assert document.job.params == {"document_id": str(document.pk)}
    assert document.job.lep == strategy.lep
    assert LogEntry.objects.filter(event="strategies.document.requested", target_id=str(document.pk)).count() == 1


def test_asking_twice_with_one_key_gives_one_document(strategy):
    key = uuid.uuid4()
    assert ask(strategy, submission_key=key) == ask(strategy, submission_key=key)
    assert Document.objects.count() == Job.objects.count() == Release.objects.count() == 1


def test_a_document_can_be_asked_of_an_older_version(strategy):
    first = ReleaseFactory(strategy=strategy, number=1)
    strategy.vision = "Another"
    strategy.save()
    assert ask(strategy, release=first).release == first
    assert Release.objects.count() == 1


def test_an_agreed_strategy_gives_documents_of_its_versions_but_no_new_version(strategy):
    release = ReleaseFactory(strategy=strategy, number=1)
    strategy.status = StrategyStatus.AGREED
    strategy.save()
    assert ask(strategy, release=release).release == release
    with pytest.raises(NotAllowed, match="agreed"):
        ask(strategy)


@pytest.mark.parametrize("role", [Role.VIEWER, None])
def test_only_drafters_ask_for_documents(strategy, role):
    user = MembershipFactory(lep=strategy.lep, role=role).user if role else UserFactory()
    with pytest.raises(NotAllowed):
        ask(strategy, by=user)
    assert not Document.objects.exists()


# The work


def test_the_work_makes_both_files_and_links_to_them(strategy):
    document = ask(strategy)
    jobs.run(document.job_id)
    document.refresh_from_db()
    job = Job.objects.get(pk=document.job_id)
    assert job.state == JobState.SUCCEEDED, job.message
    assert job.result["url"] == document.get_absolute_url()
    assert document.problems == {}
    assert document.docx.read().startswith(b"PK")
    assert document.pdf.read().startswith(b"%PDF-1.7")
    assert document.finished_at is not None


def test_doing_the_work_twice_leaves_one_file_of_each_format(strategy):
    document = ask(strategy)
    jobs.run(document.job_id)
    before = Document.objects.get(pk=document.pk)
    Job.objects.filter(pk=document.job_id).update(state=JobState.QUEUED)
    jobs.run(document.job_id)
    after = Document.objects.get(pk=document.pk)
    mine = sorted(name for name in stored_files() if str(document.pk) in name)
    assert mine == sorted([after.docx.name, after.pdf.name])
    assert (before.finished_at, before.docx.name) == (after.finished_at, after.docx.name)
    assert LogEntry.objects.filter(event="strategies.document.completed", target_id=str(document.pk)).count() == 1


def test_a_file_left_by_a_worker_that_died_is_replaced(strategy):
    document = ask(strategy)
    left = complete_document(document=document, files={"docx": b"half"}, problems={}).docx.name
    Document.objects.filter(pk=document.pk).update(finished_at=None, docx="")
    done = complete_document(document=document, files={"docx": b"whole"}, problems={})
    assert done.docx.name == left
    assert done.docx.read() == b"whole"
    assert [name for name in stored_files() if str(document.pk) in name] == [left]


def test_without_the_libraries_the_word_file_is_made_and_the_reason_is_kept(strategy, monkeypatch):
    def refuse(_):
        raise PdfUnavailable(MISSING)

    monkeypatch.setattr(tasks, "render_pdf", refuse)
    document = ask(strategy)
    jobs.run(document.job_id)
    document.refresh_from_db()
    assert document.docx.size > 1000
    assert not document.pdf
    assert "libpango-1.0-0" in document.problems["pdf"]
    assert Job.objects.get(pk=document.job_id).state == JobState.SUCCEEDED


def test_a_release_of_a_newer_shape_is_refused_in_words(strategy):
    document = ask(strategy)
    Release.objects.filter(pk=document.release_id).update(content={"schema": 99})
    jobs.run(document.job_id)
    job = Job.objects.get(pk=document.job_id)
    assert job.state == JobState.FAILED
    assert "shape 99" in job.message


def test_the_work_on_a_removed_document_ends_in_words(strategy):
    document = ask(strategy)
    job_id = document.job_id
    document.delete()
    jobs.run(job_id)
    assert "removed" in Job.objects.get(pk=job_id).message


# Pages


def test_an_officer_asks_for_a_document_and_is_taken_to_it(strategy, sign_in):
    client = sign_in(strategy.created_by)
    page = reverse("strategies:document_new", args=[strategy.slug])
    form = client.get(page).context["form"]
    data = {"version": "now", "submission_key": form["submission_key"].value()}
    first, second = client.post(page, data), client.post(page, data)
    document = Document.objects.get()
    assert first.url == second.url == document.get_absolute_url()
    shown = client.get(first.url)
    assert document.job.get_absolute_url() in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]


def test_the_form_offers_the_versions_and_refuses_others(strategy, sign_in):
    release = ReleaseFactory(strategy=strategy, number=4, note="For the board")
    client = sign_in(strategy.created_by)
    page = reverse("strategies:document_new", args=[strategy.slug])
    assert "For the board" in client.get(page).content.decode()
    assert "error-summary" in client.post(page, {"version": "77"}).content.decode()
    client.post(page, {"version": "4", "submission_key": str(uuid.uuid4())})
    assert Document.objects.get().release == release


def test_the_page_of_a_finished_document_links_to_both_files_with_their_sizes(strategy, sign_in):
    document = finished(strategy)
    html = sign_in(strategy.created_by).get(document.get_absolute_url()).content.decode()
    assert address(document) in html
    assert address(document, "pdf") in html
    assert "8\xa0bytes" in html


def test_the_page_says_why_a_format_is_missing(strategy, sign_in):
    document = complete_document(document=ask(strategy), files={"docx": b"PK"}, problems={"pdf": MISSING})
    client = sign_in(strategy.created_by)
    html = client.get(document.get_absolute_url()).content.decode()
    assert "libharfbuzz-subset0" in html
    assert "Partly made" in html
    response = client.get(address(document, "pdf"))
    assert response.status_code == 404
    assert "libharfbuzz-subset0" in response.content.decode()


def test_the_page_of_failed_work_says_so_and_links_to_it(strategy, sign_in):
    document = ask(strategy)
    Job.objects.filter(pk=document.job_id).update(state=JobState.FAILED, message="It did not work.")
    html = sign_in(strategy.created_by).get(document.get_absolute_url()).content.decode()
    assert "It did not work." in html
    assert reverse("jobs:detail", args=[document.job_id]) in html


def test_the_list_shows_each_document_with_its_state_in_few_queries(strategy, sign_in, django_assert_max_num_queries):
    finished(strategy)
    for _ in range(5):
        ask(strategy)
    client = sign_in(strategy.created_by)
    page = reverse("strategies:document_list", args=[strategy.slug])
    client.get(page)
    with django_assert_max_num_queries(30):
        html = client.get(page).content.decode()
    assert html.count("In progress") == 5
    assert html.count(">Ready<") == 1


# Files


def test_a_file_is_sent_to_be_saved_and_not_cached(strategy, sign_in):
    document = finished(strategy)
    response = sign_in(strategy.created_by).get(address(document))
    assert b"".join(response.streaming_content) == b"PK word"
    assert response["Content-Disposition"] == 'attachment; filename="testshire-plan-version-1.docx"'
    assert response["Content-Type"].endswith("wordprocessingml.document")
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_pdf_is_sent_as_a_pdf(strategy, sign_in):
    response = sign_in(strategy.created_by).get(address(finished(strategy), "pdf"))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment;")


def test_a_viewer_may_download(strategy, sign_in):
    viewer = MembershipFactory(lep=strategy.lep, role=Role.VIEWER).user
    assert sign_in(viewer).get(address(finished(strategy))).status_code == 200


def test_the_public_is_asked_to_sign_in(strategy, client):
    response = client.get(address(finished(strategy)))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["document", "document_file"])
def test_another_lep_finds_nothing(strategy, sign_in, name):
    document = finished(strategy)
    args = [strategy.slug, document.pk, *(["docx"] if name == "document_file" else [])]
    other = MembershipFactory().user
    assert sign_in(other).get(reverse(f"strategies:{name}", args=args)).status_code == 404


def test_a_document_is_not_reached_through_another_strategy(strategy, sign_in):
    document = finished(strategy)
    other = StrategyFactory(lep=strategy.lep, created_by=strategy.created_by)
    url = reverse("strategies:document_file", args=[other.slug, document.pk, "docx"])
    assert sign_in(strategy.created_by).get(url).status_code == 404


def test_a_reviewer_reads_only_what_was_sent_for_review(strategy, sign_in):
    document = finished(strategy)
    client = sign_in(UserFactory(reviewer=True))
    assert client.get(address(document)).status_code == 404
    ReviewFactory(strategy=strategy, release=document.release)
    assert client.get(address(document)).status_code == 200
    page = client.get(document.get_absolute_url())
    assert page.status_code == 200
    for name in ("document_new", "release"):
        args = [strategy.slug, *([document.release.number] if name == "release" else [])]
        assert reverse(f"strategies:{name}", args=args) not in page.content.decode(), "a link that would be refused"


def test_a_file_that_storage_lost_is_explained(strategy, sign_in):
    document = finished(strategy)
    default_storage.delete(document.docx.name)
    client = sign_in(strategy.created_by)
    response = client.get(address(document))
    assert response.status_code == 404
    assert "no longer in storage" in response.content.decode()
    assert client.get(document.get_absolute_url()).status_code == 200


def test_a_format_that_does_not_exist_is_not_found(strategy, sign_in):
    assert sign_in(strategy.created_by).get(address(finished(strategy), "exe")).status_code == 404


def test_a_viewer_is_told_why_there_is_no_button(strategy, sign_in):
    viewer = MembershipFactory(lep=strategy.lep, role=Role.VIEWER).user
    client = sign_in(viewer)
    html = client.get(reverse("strategies:document_list", args=[strategy.slug])).content.decode()
    assert "Ask its lead for the officer role" in html
    assert client.get(reverse("strategies:document_new", args=[strategy.slug])).status_code == 403


def test_an_unfinished_document_has_no_file_yet(strategy, sign_in):
    document = ask(strategy)
    response = sign_in(strategy.created_by).get(address(document))
    assert response.status_code == 404
    assert "not finished yet" in response.content.decode()
    assert timezone.now() > document.created_at
