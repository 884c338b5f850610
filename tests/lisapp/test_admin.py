"""Administration: people, LEPs, reference data, jobs and the log."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse

from lisapp.accounts.models import User
from lisapp.audit.models import LogEntry
from lisapp.audit.services import log
from lisapp.jobs.enums import JobState
from lisapp.jobs.models import Job
from lisapp.places.models import Place, PlaceMembership
from tests.factories.kernel import PASSWORD, JobFactory, LEPFactory, MembershipFactory, PlaceFactory, UserFactory
from tests.factories.strategies import FrameworkFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return UserFactory(administrator=True)


@pytest.fixture
def client(sign_in, administrator):
    return sign_in(administrator)


def form_data(response):
    """Return what a browser would send from an admin form that nobody has changed."""
    context = response.context
    forms = [context["adminform"].form]
    data = {}
    for formset in (each.formset for each in context["inline_admin_formsets"]):
        forms += [formset.management_form, *formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is not None and value is not False:
                data[bound.html_name] = value
    return data


def our_models():
    ours = {"accounts", "places", "audit", "jobs", "strategies", "evidence", "consultations"}
    return [model for model in admin.site._registry if model._meta.app_label in ours]


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_every_list_opens_for_an_administrator(client, model):
    address = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    assert client.get(reverse(address)).status_code == 200


def test_groups_are_hidden():
    assert Group not in admin.site._registry


# People


def test_an_administrator_adds_a_reviewer_who_can_sign_in(client, administrator):
    client.post(
        "/admin/accounts/user/add/",
        {
            "email": "New.Person@Example.org",
            "full_name": "New Person",
            "is_reviewer": "on",
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )
    person = User.objects.get(email="new.person@example.org")
    assert person.is_reviewer
    assert person.check_password(PASSWORD)
    entry = LogEntry.objects.get(event="accounts.user.created")
    assert (entry.by, entry.target_label) == (administrator, "New Person")


def test_a_weak_password_and_a_taken_address_are_refused(client):
    UserFactory(email="taken@example.org")
    sent = {"email": "Taken@example.org", "full_name": "x", "usable_password": "true"}
    response = client.post("/admin/accounts/user/add/", sent | {"password1": "short", "password2": "short"})
    errors = response.context["adminform"].form.errors
    assert "email" in errors
    assert "password2" in errors
    assert User.objects.count() == 2


def test_ending_access_is_recorded_and_nobody_is_deleted(client, administrator):
    person = UserFactory()
    address = f"/admin/accounts/user/{person.pk}/change/"
    data = form_data(client.get(address))
    data.pop("is_active")
    assert client.post(address, data).status_code == 302
    person.refresh_from_db()
    assert not person.is_active
    entry = LogEntry.objects.about(person).get()
    assert (entry.event, entry.by) == ("accounts.user.changed", administrator)
    assert "Active" in str(entry.data["changes"])
    assert client.get(f"/admin/accounts/user/{person.pk}/delete/").status_code == 403


# LEPs and places


def test_an_administrator_gives_someone_a_role(client):
    lep, person = LEPFactory(), UserFactory()
    address = f"/admin/places/lep/{lep.pk}/change/"
    data = form_data(client.get(address))
    data |= {"memberships-TOTAL_FORMS": "1", "memberships-0-user": person.pk, "memberships-0-role": "officer"}
    data["memberships-0-lep"] = lep.pk
    assert client.post(address, data).status_code == 302
    assert User.objects.get(pk=person.pk).role_in(lep) == "officer"
    entry = LogEntry.objects.about(lep).get()
    assert "membership" in str(entry.data["changes"]).lower()


def test_places_are_shown_with_their_parts_and_cannot_be_changed(client):
    parent, child = PlaceFactory(), PlaceFactory(local_authority=True, name="A part of it")
    PlaceMembership.objects.create(parent=parent, child=child, vintage="LAD22")
    address = f"/admin/places/place/{parent.pk}/change/"
    assert "A part of it" in client.get(address).content.decode()
    assert client.post(address, {"name": "Renamed"}).status_code == 403
    assert client.get("/admin/places/place/add/").status_code == 403
    assert client.get(f"/admin/places/place/{parent.pk}/delete/").status_code == 403
    assert Place.objects.get(pk=parent.pk).name == parent.name


def test_the_list_of_leps_counts_people_without_a_query_for_each(
    client, django_assert_num_queries, django_assert_max_num_queries
):
    MembershipFactory()
    client.get("/admin/places/lep/")
    with django_assert_max_num_queries(6) as little:
        client.get("/admin/places/lep/")
    lep = LEPFactory()
    MembershipFactory.create_batch(3, lep=lep)
    with django_assert_num_queries(len(little.captured_queries)):
        text = client.get("/admin/places/lep/").content.decode()
    assert '<td class="field-people">3</td>' in text


# Jobs and the log


@pytest.mark.parametrize(
    ("state", "words"), [(JobState.QUEUED, "Cancel"), (JobState.FAILED, "Try again"), (JobState.SUCCEEDED, "Open")]
)
def test_jobs_lead_to_where_they_are_steered_and_cannot_be_edited(client, state, words):
    job = JobFactory(state=state)
    text = client.get("/admin/jobs/job/").content.decode()
    assert f'<a href="{job.get_absolute_url()}">{words}<' in text
    address = f"/admin/jobs/job/{job.pk}/change/"
    assert job.get_absolute_url() in client.get(address).content.decode()
    assert client.post(address, {"state": "succeeded"}).status_code == 403
    assert Job.objects.get().state == state


def test_the_log_is_read_in_words_and_only_read(client, administrator):
    lep = LEPFactory()
    entry = log("places.lep.renamed", target=lep, by=administrator, lep=lep)
    assert "Lep renamed" in client.get("/admin/audit/logentry/").content.decode()
    address = f"/admin/audit/logentry/{entry.pk}/change/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"event": "x"}).status_code == 403
    assert client.get("/admin/audit/logentry/add/").status_code == 403
    assert client.get(f"/admin/audit/logentry/{entry.pk}/delete/").status_code == 403
    assert LogEntry.objects.get(pk=entry.pk).event == "places.lep.renamed"


# Frameworks


def test_an_administrator_corrects_a_principles_title_wording_and_criteria(client, administrator):
    principle = FrameworkFactory().principles.get(number=2)
    address = f"/admin/strategies/principle/{principle.pk}/change/"
    data = form_data(client.get(address))
    data |= {"title": "As published", "wording_status": "exact", "criteria-0-text": "A better criterion"}
    assert client.post(address, data).status_code == 302
    principle.refresh_from_db()
    assert (principle.title, principle.wording_status) == ("As published", "exact")
    assert principle.criteria.get().text == "A better criterion"
    entry = LogEntry.objects.about(principle).get()
    assert (entry.event, entry.by) == ("strategies.principle.changed", administrator)
    assert "Title" in str(entry.data["changes"])


def test_an_administrator_improves_the_guidance_of_a_section(client):
    template = FrameworkFactory().section_templates.get(key="summary")
    address = f"/admin/strategies/sectiontemplate/{template.pk}/change/"
    data = form_data(client.get(address)) | {"guidance": "One page."}
    assert client.post(address, data).status_code == 302
    template.refresh_from_db()
    assert template.guidance == "One page."


def test_deletions_are_recorded(client):
    framework = FrameworkFactory()
    principle = framework.principles.get(number=2)
    client.post(f"/admin/strategies/principle/{principle.pk}/delete/", {"post": "yes"})
    assert not framework.principles.filter(number=2).exists()
    assert LogEntry.objects.get(event="strategies.principle.deleted").target_label == "2. Principle 2"
