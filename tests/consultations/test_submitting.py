"""Sending: stored whole and once, or not acknowledged."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from consultations.domain.receipt import content_hash
from consultations.models import Answer, Consultation, Response, ResponseDraft
from consultations.services import responses as service
from consultations.services.receipts import SENT, send_receipt_once
from lisapp.audit.models import LogEntry
from lisapp.jobs.enums import JobState
from lisapp.jobs.models import Job
from lisapp.jobs.services import run
from tests.consultations.conftest import ANSWERS, Respondent, open_now

pytestmark = pytest.mark.django_db
WITH_EMAIL = {"respondent_type": "business", "organisation": "Acme", "name": "Ada", "email": "ada@example.org"}


def text_of(response):
    return response.content.decode()


def test_the_receipt_shows_the_reference_the_time_the_hash_and_a_copy(respondent):
    respondent.answer_all()
    sent = respondent.send()
    stored = Response.objects.get()
    assert sent.url == reverse("consultations:receipt", args=[stored.receipt_token])
    for _reload in range(2):
        page = text_of(respondent.client.get(sent.url))
        for expected in (stored.reference, stored.content_hash, "Agree", "Land", "Buses in the evening"):
            assert expected in page
    assert stored.content_hash == content_hash(ANSWERS)
    assert {each.question_key: each.value for each in stored.answers.all()} == ANSWERS
    assert stored.definition == respondent.consultation.definition
    assert ResponseDraft.objects.count() == 0


def test_the_receipt_cannot_be_guessed(respondent, client):
    respondent.answer_all()
    respondent.send()
    stored = Response.objects.get()
    assert len(stored.receipt_token) >= 43
    assert client.get(reverse("consultations:receipt", args=[stored.reference])).status_code == 404


def test_sending_twice_gives_one_response_and_the_same_receipt(respondent):
    respondent.answer_all()
    key = respondent.key()
    first, second = respondent.send(key), respondent.send(key)
    assert first.url == second.url
    assert Response.objects.count() == 1
    assert Answer.objects.count() == 3


def test_after_sending_the_back_button_leads_to_the_receipt(respondent):
    respondent.answer_all()
    sent = respondent.send()
    assert respondent.get("check").url == sent.url


def test_a_second_response_from_the_same_browser_is_another_one(respondent):
    respondent.answer_all()
    old_key = respondent.key()
    first = respondent.send(old_key)
    respondent.answer_all()
    assert respondent.send(old_key).url == first.url  # a page left open from before
    assert respondent.send().url != first.url
    assert Response.objects.count() == 2


def test_a_key_that_nobody_was_given_acknowledges_nothing(respondent):
    respondent.answer_all()
    for key in (str(uuid.uuid4()), "rubbish", ""):
        response = respondent.client.post(respondent.url("check"), {"submission_key": key})
        assert response.status_code == 200
        assert "Check your answers" in text_of(response)
    assert Response.objects.count() == 0


def test_the_key_of_another_consultation_gives_nothing_here(respondent):
    respondent.answer_all()
    key = respondent.key()
    respondent.send(key)
    other = Respondent(open_now(respondent.consultation.strategy, title="Another"))
    assert other.send(key).status_code == 200


def test_missing_answers_are_named_with_a_way_to_each_and_nothing_is_stored(respondent):
    respondent.post("q2", ["Land"])
    response = respondent.send()
    page = text_of(response)
    for expected in ("Question 1: select an answer", "Question 3: enter your answer", "About you: tell us who"):
        assert expected in page
    for step in ("q1", "q3", "about-you"):
        assert f'<a href="{respondent.url("answer", step)}?return=check">' in page
    assert "<title>Error: " in page
    assert Response.objects.count() == Answer.objects.count() == 0
    assert ResponseDraft.objects.get().answers == {"q2": ["Land"]}


def test_empty_answers_are_not_stored(respondent):
    respondent.answer_all({**ANSWERS, "q2": []})
    respondent.send()
    assert set(Answer.objects.values_list("question_key", flat=True)) == {"q1", "q3"}


def test_an_answer_to_a_question_that_was_not_asked_cannot_be_sent(respondent):
    respondent.answer_all()
    draft = ResponseDraft.objects.get()
    draft.answers["q9"] = "smuggled"
    draft.save()
    with pytest.raises(service.Incomplete):
        service.submit(
            slug=respondent.consultation.slug,
            token=draft.token,
            submission_key=draft.submission_key,
            receipt_url=str,
        )
    assert Response.objects.count() == 0


def test_closing_is_checked_when_the_answers_arrive(respondent):
    respondent.answer_all()
    key = respondent.key()
    closes_at = respondent.consultation.closes_at
    with time_machine.travel(closes_at - timedelta(seconds=1), tick=False):
        in_time = respondent.send(key)
    assert in_time.status_code == 302
    late = Respondent(respondent.consultation)
    late.answer_all()
    late_key = late.key()
    with time_machine.travel(closes_at, tick=False):
        refused = late.send(late_key)
        again = respondent.send(key)
    assert refused.status_code == 409
    assert "have not been sent" in text_of(refused)
    assert "Buses in the evening" in text_of(refused)
    assert again.url == in_time.url  # what was stored in time stays acknowledged
    assert Response.objects.count() == 1
    assert ResponseDraft.objects.count() == 1


def test_a_closing_time_that_moves_between_page_and_sending_is_the_one_that_counts(respondent):
    respondent.answer_all()
    key = respondent.key()
    consultation = respondent.consultation
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=consultation.opens_at + timedelta(minutes=1))
    assert respondent.send(key).status_code == 409


def statements(number, about):
    """How many statements it takes to send answers to `number` questions."""
    asked = [{"type": "short_text", "text": f"Question {n}", "required": True} for n in range(number)]
    person = Respondent(open_now(questions=asked))
    person.answer_all({f"q{n}": f"Answer {n}" for n in range(1, number + 1)}, about)
    key = person.key()
    with CaptureQueriesContext(connection) as queries:
        assert person.send(key).status_code == 302
    return len(queries)


@pytest.mark.parametrize("about", [{"respondent_type": "resident"}, WITH_EMAIL])
def test_sending_takes_as_many_queries_for_30_questions_as_for_3(about):
    statements(1, about)  # the first request of a process learns the content types
    assert statements(3, about) == statements(30, about)


@pytest.mark.parametrize("about", [{"respondent_type": "resident"}, WITH_EMAIL])
def test_sending_takes_at_most_12_queries(about):
    statements(1, about)
    assert statements(12, about) <= 12


def test_a_reference_that_is_taken_is_drawn_again(respondent, monkeypatch):
    respondent.answer_all()
    respondent.send()
    taken = Response.objects.get().reference
    drawn = iter([taken, taken, "7777-7777"])
    monkeypatch.setattr(service, "new_reference", lambda: next(drawn))
    second = Respondent(respondent.consultation)
    second.answer_all()
    assert second.send().status_code == 302
    assert set(Response.objects.values_list("reference", flat=True)) == {taken, "7777-7777"}


def test_nothing_is_acknowledged_when_the_answers_cannot_be_stored(respondent, monkeypatch):
    respondent.answer_all()
    key = respondent.key()

    def fail(*args, **kwargs):
        raise RuntimeError("The disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(Answer.objects, "bulk_create", fail)
        with pytest.raises(RuntimeError):
            respondent.send(key)
    assert Response.objects.count() == 0
    assert ResponseDraft.objects.count() == 1
    assert respondent.send(key).status_code == 302
    assert Response.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_clicks_at_the_same_moment_give_one_response():
    person = Respondent(open_now())
    person.answer_all()
    key, cookies = person.key(), person.client.cookies
    addresses, failures = [], []
    barrier = threading.Barrier(4)

    def click():
        try:
            clone = Respondent(person.consultation)
            clone.client.cookies = cookies
            barrier.wait()
            addresses.append(clone.send(key).url)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(set(addresses)) == 1
    assert Response.objects.count() == 1


def test_what_a_machine_filled_in_is_stored_and_marked_not_dropped(respondent):
    with time_machine.travel(respondent.consultation.opens_at + timedelta(days=1)) as clock:
        respondent.answer_all()
        clock.shift(timedelta(minutes=5))
        respondent.send(website="https://spam.example")
    entry = LogEntry.objects.about(Response.objects.get()).get()
    assert entry.data["signs"] == ["A box that people do not see was filled in"]


def test_someone_who_takes_their_time_leaves_no_sign(respondent):
    with time_machine.travel(respondent.consultation.opens_at + timedelta(days=1)) as clock:
        respondent.answer_all()
        clock.shift(timedelta(minutes=5))
        respondent.send()
    entry = LogEntry.objects.about(Response.objects.get()).get()
    assert entry.data["signs"] == []
    assert entry.lep == respondent.consultation.strategy.lep
    assert entry.by is None


def test_the_log_holds_nothing_personal(respondent):
    respondent.answer_all(about=WITH_EMAIL)
    respondent.send()
    entry = LogEntry.objects.about(Response.objects.get()).get()
    assert not any(text in f"{entry.data}{entry.target_label}" for text in ("Ada", "Acme", "ada@example.org", "Buses"))


def test_a_receipt_is_mailed_once_however_often_the_work_runs(respondent):
    respondent.answer_all(about=WITH_EMAIL)
    respondent.send()
    job, stored = Job.objects.get(), Response.objects.get()
    run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.SUCCEEDED, job.message
    address = job.params["receipt_url"]
    assert send_receipt_once(response_id=stored.pk, receipt_url=address) is False
    (message,) = mail.outbox
    assert message.to == ["ada@example.org"]
    assert message.reply_to == ["consult@example.org"]
    assert stored.reference in message.subject
    assert stored.reference in message.body
    assert address in message.body
    assert address.endswith(f"/consultations/receipt/{stored.receipt_token}/")
    assert LogEntry.objects.about(stored).filter(event=SENT).count() == 1


def test_without_an_address_nothing_is_mailed(respondent):
    respondent.answer_all()
    respondent.send()
    assert Job.objects.count() == 0


def test_the_response_stands_when_the_mail_server_is_away_and_the_mail_can_be_sent_later(respondent, monkeypatch):
    respondent.answer_all(about=WITH_EMAIL)
    assert respondent.send().status_code == 302
    job = Job.objects.get()
    with monkeypatch.context() as away:

        def refuse(*args, **kwargs):
            raise ConnectionRefusedError("mail server is away")

        away.setattr("consultations.notifications.EmailMessage.send", refuse)
        run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "mail server" in job.message
    assert Response.objects.count() == 1
    send_receipt_once(**job.params)
    assert len(mail.outbox) == 1


def test_two_clicks_ask_for_one_mail(respondent):
    respondent.answer_all(about=WITH_EMAIL)
    key = respondent.key()
    respondent.send(key)
    respondent.send(key)
    assert Job.objects.count() == 1


XSS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "{{ 7|add:7 }}",
    "</textarea><svg onload=1>",
]


@pytest.mark.parametrize("typed", XSS)
def test_markup_in_an_answer_stays_text_on_every_public_page(respondent, typed):
    respondent.answer_all(
        {**ANSWERS, "q3": typed}, {"respondent_type": "business", "organisation": typed, "name": typed}
    )
    pages = [respondent.get("answer", "q3"), respondent.get("answer", "about-you"), respondent.get("check")]
    pages.append(respondent.client.get(respondent.send().url))
    for page in pages:
        html = text_of(page)
        assert "<script>alert(1)" not in html
        assert "<img src=x" not in html
        assert "<svg onload" not in html
        assert escape(typed) in html
