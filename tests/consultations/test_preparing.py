"""Officers prepare a consultation; the lead opens it; then nothing that people answer to can change."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from consultations.domain.definition import Definition
from consultations.enums import ConsultationStatus
from consultations.errors import NotReady
from consultations.models import Consultation, Question
from consultations.selectors.preparation import question_definition
from consultations.services import consultations as service
from consultations.services import questions
from lisapp.audit.models import LogEntry
from lisapp.errors import NotAllowed, StaleEdit
from lisapp.places.enums import Role
from strategies.models import Release
from tests.consultations.conftest import open_now, prepare
from tests.factories.kernel import MembershipFactory
from tests.factories.strategies import ObjectiveFactory, StrategyFactory

pytestmark = pytest.mark.django_db


def url(name, made, *more):
    return reverse(f"consultations:{name}", args=[made.slug, *more])


def person(made, role):
    return MembershipFactory(lep=made.strategy.lep, role=role).user


def text_of(response):
    return response.content.decode()


def details(**changes):
    closes = timezone.localdate() + timedelta(days=60)
    values = {
        "title": "What comes first?",
        "summary": "We ask about the draft.",
        "opens_on-day": "1",
        "opens_on-month": "12",
        "opens_on-year": "2026",
        "closes_on-day": str(closes.day),
        "closes_on-month": str(closes.month),
        "closes_on-year": str(closes.year),
        "contact_email": "consult@example.org",
        "privacy_notice": "We keep your answers for two years.",
        "submission_key": str(uuid.uuid4()),
    }
    return {**values, **changes}


def test_an_officer_starts_one_and_the_strategy_is_frozen_for_it(sign_in):
    strategy = StrategyFactory()
    officer = MembershipFactory(lep=strategy.lep).user
    client = sign_in(officer)
    address = reverse("consultations:new", args=[strategy.slug])
    response = client.post(address, details())
    made = Consultation.objects.get()
    assert response.url == url("manage", made)
    assert made.release == Release.objects.get()
    assert made.status == ConsultationStatus.DRAFT
    assert timezone.localtime(made.closes_at).strftime("%H:%M") == "23:59"
    assert LogEntry.objects.about(made).filter(event="consultations.consultation.created", by=officer).count() == 1


def test_the_form_sent_twice_starts_one(sign_in):
    strategy = StrategyFactory()
    client = sign_in(strategy.created_by)
    data = details()
    for _click in range(2):
        assert client.post(reverse("consultations:new", args=[strategy.slug]), data).status_code == 302
    assert Consultation.objects.count() == 1


def test_dates_out_of_order_come_back_with_what_was_typed(sign_in):
    strategy = StrategyFactory()
    data = details(**{"closes_on-year": "2020"})
    page = text_of(sign_in(strategy.created_by).post(reverse("consultations:new", args=[strategy.slug]), data))
    assert page.count("It must close on or after the day on which it opens") == 2
    assert 'value="2020"' in page
    assert Consultation.objects.count() == 0


def test_the_privacy_notice_starts_with_the_name_and_blanks_to_fill_in(sign_in):
    strategy = StrategyFactory()
    page = text_of(sign_in(strategy.created_by).get(reverse("consultations:new", args=[strategy.slug])))
    assert f"{strategy.lep.name} is the controller" in page
    assert "[name and email address]" in page


def test_two_with_one_title_have_addresses_of_their_own():
    strategy = StrategyFactory()
    assert [prepare(strategy, title="Receipt").slug for _ in range(3)] == ["receipt-2", "receipt-3", "receipt-4"]


def test_a_title_without_letters_has_an_address():
    assert prepare(title="???").slug == "consultation"


def test_what_changes_meanwhile_is_shown_and_nothing_typed_is_lost(sign_in):
    made = prepare()
    client = sign_in(made.created_by)
    address = url("edit", made)
    opened = client.get(address).context["form"].initial["version"]
    service.edit_consultation(consultation=made, by=made.created_by, expected_version=opened, title="Theirs")
    response = client.post(address, details(title="Mine", version=opened))
    page = text_of(response)
    assert response.status_code == 409
    assert 'value="Mine"' in page
    assert "Theirs" in page
    made.refresh_from_db()
    assert made.title == "Theirs"
    client.post(address, details(title="Mine", version=response.context["form"]["version"].value()))
    made.refresh_from_db()
    assert made.title == "Mine"


def test_only_what_people_edit_can_be_edited():
    made = prepare()
    with pytest.raises(TypeError, match="status"):
        service.edit_consultation(consultation=made, by=made.created_by, expected_version=made.version, status="x")


def question_form(**changes):
    return {"type": "long_text", "text": "What else?", "key": "q4", "max_words": "200", **changes}


def test_an_officer_adds_a_question_and_a_second_click_adds_no_other(sign_in):
    made = prepare()
    client = sign_in(made.created_by)
    page = client.get(url("question_new", made))
    assert page.context["form"]["key"].value() == "q4"
    for _click in range(2):
        assert client.post(url("question_new", made), question_form()).status_code == 302
    assert made.questions.count() == 4
    assert made.questions.last().max_words == 200


def test_two_people_who_add_a_question_at_once_both_keep_theirs():
    made = prepare(questions=[])
    for text in ("Mine?", "Theirs?"):
        questions.add_question(consultation=made, by=made.created_by, key="q1", type="short_text", text=text)
    assert list(made.questions.values_list("key", "text")) == [("q1", "Mine?"), ("q2", "Theirs?")]


@pytest.mark.parametrize("kind", ["single", "multiple"])
def test_a_question_with_choices_needs_two(sign_in, kind):
    made = prepare(questions=[])
    data = question_form(type=kind, options="Buses\n\n Buses ")
    page = text_of(sign_in(made.created_by).post(url("question_new", made), data))
    assert page.count("Enter at least two choices, one on each line") == 2
    assert made.questions.count() == 0


def test_choices_are_read_one_a_line_without_repetition(sign_in):
    made = prepare(questions=[])
    data = question_form(type="single", options=" Buses \r\nTrains\r\nBuses")
    sign_in(made.created_by).post(url("question_new", made), data)
    question = made.questions.get()
    assert question.options == ["Buses", "Trains"]
    assert question.max_words is None


def test_a_question_is_edited_and_what_no_longer_applies_goes(sign_in):
    made = prepare()
    question = made.questions.get(key="q2")
    seen = question_definition(question)
    client = sign_in(made.created_by)
    data = question_form(type="short_text", text="Where?", key="", seen=json.dumps(seen.to_dict()), options="A\nB")
    assert client.post(url("question_edit", made, question.pk), data).status_code == 302
    question.refresh_from_db()
    assert (question.key, question.type, question.text, question.options) == ("q2", "short_text", "Where?", [])


def test_a_question_that_a_colleague_changed_meanwhile_is_not_overwritten_unseen(sign_in):
    made = prepare()
    question = made.questions.get(key="q1")
    client = sign_in(made.created_by)
    seen = client.get(url("question_edit", made, question.pk)).context["form"]["seen"].value()
    questions.edit_question(
        question=question, by=made.created_by, seen=question_definition(question), text="Their wording?"
    )
    data = question_form(type="scale", text="My wording?", seen=seen, max_words="")
    response = client.post(url("question_edit", made, question.pk), data)
    page = text_of(response)
    assert response.status_code == 409
    assert "Their wording?" in page
    assert "My wording?" in page
    question.refresh_from_db()
    assert question.text == "Their wording?"
    again = {**data, "seen": response.context["form"]["seen"].value()}
    assert client.post(url("question_edit", made, question.pk), again).status_code == 302
    question.refresh_from_db()
    assert question.text == "My wording?"


def test_a_form_that_does_not_say_what_the_person_saw_overwrites_nothing(sign_in):
    made = prepare()
    question = made.questions.get(key="q1")
    for seen in ("", '"text"', "{}", "rubbish"):
        data = question_form(type="scale", text="My wording?", seen=seen, max_words="")
        assert sign_in(made.created_by).post(url("question_edit", made, question.pk), data).status_code == 200
    question.refresh_from_db()
    assert question.text == "Do you agree?"


def test_questions_move_and_stay_in_order(sign_in):
    made = prepare()
    client = sign_in(made.created_by)

    def move(key, direction):
        pk = made.questions.get(key=key).pk
        client.post(url("question_move", made, pk), {"direction": direction})
        return list(made.questions.values_list("key", flat=True))

    assert move("q3", "up") == ["q1", "q3", "q2"]
    assert move("q1", "down") == ["q3", "q1", "q2"]
    assert move("q3", "up") == ["q3", "q1", "q2"]
    assert move("q2", "down") == ["q3", "q1", "q2"]


def test_a_question_is_deleted_and_the_log_keeps_its_text(sign_in):
    made = prepare()
    question = made.questions.get(key="q1")
    client = sign_in(made.created_by)
    client.post(url("question_delete", made, question.pk))
    assert not Question.objects.filter(pk=question.pk).exists()
    page = text_of(client.get(url("manage", made)))
    assert "Question deleted: Do you agree?" in page
    questions.delete_question(question=question, by=made.created_by)  # a second click


def test_a_key_is_never_used_for_another_question_while_it_is_taken():
    made = prepare()
    questions.delete_question(question=made.questions.get(key="q1"), by=made.created_by)
    assert questions.next_key(list(made.questions.all())) == "q4"


def test_publishing_freezes_the_questions():
    made = open_now()
    frozen = Definition.from_dict(made.definition)
    assert [question.key for question in frozen] == ["q1", "q2", "q3"]
    assert made.published_at
    question = made.questions.first()
    with pytest.raises(NotAllowed, match="published"):
        questions.edit_question(question=question, by=made.created_by, seen=question_definition(question), text="No?")
    with pytest.raises(NotAllowed, match="published"):
        service.edit_consultation(consultation=made, by=made.created_by, expected_version=made.version, title="No")
    with pytest.raises(NotAllowed, match="published"):
        service.use_latest_draft(consultation=made, by=made.created_by)
    with pytest.raises(NotAllowed, match="already"):
        service.publish(consultation=made, by=made.created_by)


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"questions": []}, "at least one question"),
        ({"privacy_notice": "Kept for [how long]."}, "[how long]"),
    ],
)
def test_what_is_missing_is_listed_and_it_does_not_open(sign_in, changes, missing):
    made = prepare(**changes)
    client = sign_in(made.created_by)
    assert missing in text_of(client.get(url("manage", made)))
    page = text_of(client.post(url("publish", made), follow=True))
    assert "It cannot be published yet" in page
    with pytest.raises(NotReady):
        service.publish(consultation=made, by=made.created_by)
    made.refresh_from_db()
    assert made.status == ConsultationStatus.DRAFT


def test_the_lead_publishes_and_the_public_finds_it(sign_in, client):
    made = prepare()
    assert "It is published" in text_of(sign_in(made.created_by).post(url("publish", made), follow=True))
    client.logout()
    assert client.get(made.get_absolute_url()).status_code == 200


def test_a_strategy_that_changed_is_offered_again_and_frozen_anew(sign_in):
    made = prepare()
    ObjectiveFactory(strategy=made.strategy, title="A new objective")
    client = sign_in(made.created_by)
    assert "The strategy has changed since" in text_of(client.get(url("manage", made)))
    assert "A new objective" not in text_of(client.get(url("draft", made)))
    page = text_of(client.post(url("renew_draft", made), follow=True))
    assert "The strategy has changed since" not in page
    assert "A new objective" in text_of(client.get(url("draft", made)))
    made.refresh_from_db()
    assert made.release.number == 2


def test_the_public_draft_does_not_change_with_the_strategy(client):
    made = open_now()
    ObjectiveFactory(strategy=made.strategy, title="Afterthought")
    assert "Afterthought" not in text_of(client.get(url("draft", made)))


def test_the_preview_shows_every_question_and_takes_no_answer(sign_in):
    made = prepare()
    client = sign_in(made.created_by)
    response = client.get(url("preview", made))
    for question in made.questions.all():
        assert question.text in text_of(response)
    assert "Who are you answering as?" in text_of(response)
    assert client.post(url("preview", made)).status_code == 405


OFFICERS = ["manage", "edit", "question_new", "preview", "responses", "responses_csv"]


@pytest.mark.parametrize("name", OFFICERS)
def test_another_lep_gets_404(sign_in, name):
    made = prepare()
    client = sign_in(MembershipFactory(role=Role.LEAD).user)
    assert client.get(url(name, made)).status_code == 404


def test_another_lep_can_change_nothing(sign_in):
    made = prepare()
    question = made.questions.first()
    client = sign_in(MembershipFactory(role=Role.LEAD).user)
    for name, more in [
        ("edit", ()),
        ("publish", ()),
        ("renew_draft", ()),
        ("question_edit", (question.pk,)),
        ("question_move", (question.pk,)),
        ("question_delete", (question.pk,)),
    ]:
        assert client.post(url(name, made, *more)).status_code == 404
    assert made.questions.count() == 3


def test_a_question_of_another_consultation_is_not_found_under_this_one(sign_in):
    made = prepare()
    other = prepare(made.strategy, title="Other").questions.first()
    client = sign_in(made.created_by)
    for name in ("question_edit", "question_move", "question_delete"):
        assert client.post(url(name, made, other.pk)).status_code == 404


def test_a_viewer_reads_and_is_told_why_they_cannot_write(sign_in):
    made = prepare()
    question = made.questions.first()
    client = sign_in(person(made, Role.VIEWER))
    for name in ("manage", "preview", "responses", "draft"):
        assert client.get(url(name, made)).status_code == 200
    for name, more in [("edit", ()), ("question_new", ()), ("question_edit", (question.pk,))]:
        response = client.get(url(name, made, *more))
        assert response.status_code == 403
        assert "Only people drafting for this LEP" in text_of(response)
    for name, more in [("question_move", (question.pk,)), ("question_delete", (question.pk,)), ("renew_draft", ())]:
        assert client.post(url(name, made, *more)).status_code == 403
    assert made.questions.count() == 3


def test_an_officer_prepares_but_only_the_lead_publishes(sign_in):
    made = prepare()
    client = sign_in(person(made, Role.OFFICER))
    assert "Only the lead for this LEP can do this" in text_of(client.get(url("manage", made)))
    assert client.post(url("publish", made)).status_code == 403
    made.refresh_from_db()
    assert made.status == ConsultationStatus.DRAFT


def test_services_refuse_what_pages_do_not_offer():
    made = prepare()
    viewer = person(made, Role.VIEWER)
    question = made.questions.first()
    seen = question_definition(question)
    for refused in (
        lambda: service.edit_consultation(consultation=made, by=viewer, expected_version=1, title="x"),
        lambda: service.use_latest_draft(consultation=made, by=viewer),
        lambda: service.publish(consultation=made, by=viewer),
        lambda: questions.add_question(consultation=made, by=viewer, key="q9", type="short_text", text="x"),
        lambda: questions.edit_question(question=question, by=viewer, seen=seen, text="x"),
        lambda: questions.move_question(question=question, by=viewer, direction="up"),
        lambda: questions.delete_question(question=question, by=viewer),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_a_stale_version_is_refused_with_what_stands_there_now():
    made = prepare()
    service.edit_consultation(consultation=made, by=made.created_by, expected_version=1, title="First")
    with pytest.raises(StaleEdit) as stale:
        service.edit_consultation(consultation=made, by=made.created_by, expected_version=1, title="Second")
    assert stale.value.theirs == {"title": "First"}
    assert stale.value.version == 2


def test_the_database_and_the_service_refuse_dates_out_of_order():
    now = timezone.now()
    with pytest.raises(ValidationError):
        prepare(opens_at=now, closes_at=now - timedelta(days=1))


def test_the_pages_take_as_many_queries_for_30_questions_as_for_3(sign_in, django_assert_max_num_queries):
    counts = []
    for number in (3, 30):
        made = prepare(questions=[{"type": "short_text", "text": f"Question {n}"} for n in range(number)])
        client = sign_in(made.created_by)
        with django_assert_max_num_queries(60) as queries:
            client.get(url("manage", made))
        counts.append(len(queries))
    assert counts[0] == counts[1]
