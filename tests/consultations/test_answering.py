"""The public answers page by page: nothing typed is lost, nothing wrong is stored."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consultations.models import Consultation, Response, ResponseDraft
from tests.consultations.conftest import ANSWERS, Respondent, open_now, prepare

pytestmark = pytest.mark.django_db


def text_of(response):
    return response.content.decode()


def test_anybody_finds_the_open_the_coming_and_the_closed_consultations(client, consultation):
    now = consultation.opens_at
    open_now(consultation.strategy, title="Coming", opens_at=now + timedelta(days=5))
    closed = open_now(consultation.strategy, title="Over")
    Consultation.objects.filter(pk=closed.pk).update(closes_at=now + timedelta(hours=1))
    prepare(consultation.strategy, title="Not published")
    lists = client.get(reverse("consultations:public_list")).context["lists"]
    assert [each.title for each in lists.open] == ["Have your say"]
    assert [each.title for each in lists.upcoming] == ["Coming"]
    assert [each.title for each in lists.closed] == ["Over"]


def test_the_list_takes_one_query_however_long_it_is(client, consultation, django_assert_num_queries):
    for number in range(5):
        open_now(consultation.strategy, title=f"Another {number}")
    with django_assert_num_queries(1):
        client.get(reverse("consultations:public_list"))


def test_the_first_page_says_what_who_until_when_and_what_for(client, consultation):
    page = text_of(client.get(consultation.get_absolute_url()))
    for expected in (
        "What should come first?",
        "Start now",
        "Who can answer",
        f"{consultation.closes_at:%B %Y}",
        "We keep your answers for two years.",
        "consult@example.org",
        reverse("consultations:draft", args=[consultation.slug]),
    ):
        assert expected in page


@pytest.mark.parametrize("name", ["public", "draft", "check", "save"])
def test_the_public_sees_nothing_before_it_is_published(client, name):
    made = prepare()
    assert client.get(reverse(f"consultations:{name}", args=[made.slug])).status_code == 404


def test_one_question_a_page_with_the_question_as_the_heading(respondent):
    page = text_of(respondent.get("answer", "q1"))
    assert "Question 1 of 3" in page
    assert page.count("<h1") == 1
    heading = page[page.index("<h1") : page.index("</h1>")]
    assert "Do you agree?" in heading


def test_answers_lead_from_question_to_question_to_the_page_to_check(respondent):
    steps = [("q1", "q2"), ("q2", "q3"), ("q3", "about-you")]
    for step, following in steps:
        response = respondent.post(step, ANSWERS[step])
        assert response.status_code == 302
        assert response.url == respondent.url("answer", following)
    assert respondent.post("about-you", respondent_type="resident").url == respondent.url("check")


def test_the_draft_is_kept_under_a_signed_cookie_for_these_pages_only(respondent):
    cookie = respondent.post("q1", "Agree").cookies["draft"]
    assert cookie["path"] == respondent.consultation.get_absolute_url()
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    token = ResponseDraft.objects.get().token
    assert cookie.value.startswith(token)
    stranger = Respondent(respondent.consultation)
    stranger.client.cookies["draft"] = f"{token}:made-up"
    assert stranger.get("check").context.get("draft") is None


@pytest.mark.parametrize(
    ("step", "typed", "message"),
    [
        ("q1", "", "Select an answer"),
        ("q1", "Perhaps", "Choose from the answers on this page"),
        ("q2", ["Buses", "Balloons"], "Choose from the answers on this page"),
        ("q3", "", "Enter your answer"),
        ("q3", "far too many words for this question", "Your answer must be 5 words or fewer (it has 7)"),
    ],
)
def test_a_bad_answer_comes_back_with_a_message_beside_the_field_and_what_was_typed(respondent, step, typed, message):
    response = respondent.post(step, typed)
    page = text_of(response)
    assert response.status_code == 200
    assert page.count(message) == 2  # in the summary and beside the field
    assert 'href="#id_answer"' in page
    assert 'id="id_answer-error"' in page
    assert "<title>Error: " in page
    if step == "q3":
        assert typed in page
    if isinstance(typed, list):
        assert 'value="Buses" checked' in page
    assert ResponseDraft.objects.count() == Response.objects.count() == 0


def test_an_optional_question_can_be_left_empty(respondent):
    respondent.post("q1", "Agree")
    assert respondent.post("q2").url == respondent.url("answer", "q3")


def test_who_answers_for_an_organisation_names_it(respondent):
    response = respondent.post("about-you", respondent_type="business", name="Ada", email="not an address")
    page = text_of(response)
    assert page.count("Enter the name of your organisation") == 2
    assert "Enter an email address in the correct format" in page
    assert 'value="Ada"' in page
    assert 'value="not an address"' in page
    assert ResponseDraft.objects.count() == 0


def test_an_answer_is_shown_again_on_the_way_back(respondent):
    respondent.answer_all()
    assert 'value="Agree" checked' in text_of(respondent.get("answer", "q1"))
    assert "Buses in the evening" in text_of(respondent.get("answer", "q3"))


def test_the_page_to_check_shows_every_answer_with_a_link_to_change_it(respondent):
    respondent.answer_all(about={"respondent_type": "business", "organisation": "Acme", "may_publish_name": "on"})
    page = text_of(respondent.get("check"))
    for step in ("q1", "q2", "q3", "about-you"):
        assert f"{respondent.url('answer', step)}?return=check" in page
    for expected in ("Agree", "Buses", "Land", "Buses in the evening", "A business", "Acme"):
        assert expected in page


def test_after_a_change_the_page_to_check_is_next(respondent):
    respondent.answer_all()
    form = respondent.get("answer", "q1", **{"return": "check"})
    assert 'name="to_check" value="True"' in text_of(form)
    assert f'href="{respondent.url("check")}"' in text_of(form)
    response = respondent.post("q1", "Disagree", to_check="True")
    assert response.url == respondent.url("check")
    assert "Disagree" in text_of(respondent.get("check"))


def test_two_windows_of_one_person_each_keep_their_answer(respondent):
    respondent.post("q1", "Agree")
    respondent.post("q3", "Buses")
    respondent.post("q2", ["Land"])
    assert ResponseDraft.objects.get().answers == {"q1": "Agree", "q3": "Buses", "q2": ["Land"]}


def test_a_page_sent_without_a_cookie_is_kept_all_the_same(respondent):
    respondent.post("q1", "Agree")
    respondent.client.cookies.clear()
    assert respondent.post("q3", "Buses").status_code == 302
    assert ResponseDraft.objects.filter(answers={"q3": "Buses"}).count() == 1


def test_the_page_to_check_without_a_draft_explains_and_offers_to_start(respondent):
    page = text_of(respondent.get("check"))
    assert "No answers are kept in this browser" in page
    assert respondent.url("answer", "q1") in page


def test_a_question_that_is_not_there_is_not_found(respondent):
    assert respondent.get("answer", "q9").status_code == 404


def test_a_link_brings_the_answers_back_on_another_device(respondent):
    respondent.post("q1", "Agree")
    assert respondent.post("q2", ["Land"], action="later").url == respondent.url("save")
    link = respondent.get("save").context["link"]
    other = Respondent(respondent.consultation)
    page = other.client.get(link)
    assert "You have answered 2 of 3 questions" in text_of(page)
    assert "draft" not in other.client.cookies  # following the link alone changes nothing
    assert other.client.post(link).url == respondent.url("answer", "q3")
    assert 'value="Land" checked' in text_of(other.get("answer", "q2"))


def test_coming_back_later_needs_no_answer_yet(respondent):
    assert respondent.post("q1", action="later").url == respondent.url("save")
    assert ResponseDraft.objects.get().answers == {}


def test_a_wrong_answer_is_not_lost_by_coming_back_later(respondent):
    response = respondent.post("q3", "one two three four five six", action="later")
    assert response.status_code == 200
    assert "one two three four five six" in text_of(response)


def test_a_link_that_nobody_has_leads_to_the_start(respondent):
    assert "No answers are kept" in text_of(respondent.get("resume", "made-up"))


def test_before_it_opens_the_pages_say_when(consultation):
    early = Respondent(consultation)
    with time_machine.travel(consultation.opens_at - timedelta(hours=2)):
        page = text_of(early.get("answer", "q1"))
        assert "not open yet" in page
        assert "Start now" not in text_of(early.get("public"))
        response = early.post("q1", "Agree")
    assert response.status_code == 409
    assert ResponseDraft.objects.count() == 0


def test_when_it_closes_while_someone_types_the_answers_are_shown_to_copy(respondent):
    respondent.post("q1", "Agree")
    with time_machine.travel(respondent.consultation.closes_at + timedelta(seconds=1)):
        response = respondent.post("q3", "What I have just typed, even if it is too long")
    page = text_of(response)
    assert response.status_code == 409
    assert "your answers have not been sent" in page
    assert "What I have just typed, even if it is too long" in page
    assert "Agree" in page
    assert "consult@example.org" in page
    assert ResponseDraft.objects.get().answers == {"q1": "Agree"}


def test_answers_go_into_no_cache(respondent):
    assert "no-store" in respondent.get("answer", "q1")["Cache-Control"]


@pytest.mark.parametrize("name", ["answer", "check"])
def test_the_pages_take_as_many_queries_for_30_questions_as_for_3(name):
    counts = []
    for number in (3, 30):
        made = open_now(questions=[{"type": "short_text", "text": f"Question {n}"} for n in range(number)])
        person = Respondent(made)
        person.post("q1", "Something")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert person.get(name, *(["q1"] if name == "answer" else [])).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 2


def test_a_form_without_its_security_token_is_refused(consultation):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(reverse("consultations:answer", args=[consultation.slug, "q1"]), {"answer": "Agree"})
    assert response.status_code == 403
    assert ResponseDraft.objects.count() == 0
