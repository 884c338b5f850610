"""Signing in, and what happens when it goes wrong."""

from __future__ import annotations

import pytest
from django.core import mail
from django.urls import reverse

from lisapp.accounts.models import User
from tests.factories.kernel import PASSWORD, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def post_sign_in(client, email, password):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_a_person_signs_in_with_their_email_address_in_any_case(client):
    UserFactory(email="amina@example.org")
    response = post_sign_in(client, "Amina@Example.org", PASSWORD)
    assert response.status_code == 302
    assert response.url == reverse("home")


def test_a_wrong_password_is_told_beside_the_field_and_the_address_stays(client):
    UserFactory(email="amina@example.org")
    page = post_sign_in(client, "amina@example.org", "wrong").content.decode()
    assert "The email address or password is not right" in page
    assert 'value="amina@example.org"' in page
    assert 'href="#id_password"' in page


def test_an_unknown_address_gets_the_same_message_as_a_wrong_password(client):
    assert (
        "The email address or password is not right" in post_sign_in(client, "nobody@example.org", "x").content.decode()
    )


def test_ten_wrong_tries_pause_sign_in_and_say_what_to_do(client):
    UserFactory(email="amina@example.org")
    for _ in range(10):
        response = post_sign_in(client, "amina@example.org", "wrong")
    assert response.status_code == 429
    assert "Wait 15 minutes" in response.content.decode()
    assert post_sign_in(client, "amina@example.org", PASSWORD).status_code == 429


def test_nobody_can_sign_up_by_themselves(client):
    page = client.get(reverse("account_signup")).content.decode()
    assert "Ask your administrator" in page
    client.post(reverse("account_signup"), {"email": "x@example.org", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.filter(email="x@example.org").exists()


def test_someone_whose_access_has_ended_cannot_sign_in(client):
    UserFactory(email="amina@example.org", is_active=False)
    post_sign_in(client, "amina@example.org", PASSWORD)
    assert "_auth_user_id" not in client.session


def test_a_forgotten_password_is_reset_by_email(client):
    UserFactory(email="amina@example.org")
    client.post(reverse("account_reset_password"), {"email": "amina@example.org"})
    assert len(mail.outbox) == 1
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    page = client.get(link.split("testserver", 1)[1], follow=True)
    new = "a much longer new password"
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    assert post_sign_in(client, "amina@example.org", new).status_code == 302


def test_two_step_sign_in_can_be_switched_on_and_is_then_asked_for(client):
    from allauth.mfa.totp.internal.auth import generate_totp_secret, hotp_value, yield_hotp_counters_from_time

    user = UserFactory(email="amina@example.org")
    post_sign_in(client, user.email, PASSWORD)
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked.url.startswith(reverse("account_reauthenticate"))
    client.post(asked.url, {"password": PASSWORD})
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    secret = client.session["mfa.totp.secret"]
    code = f"{hotp_value(secret, next(iter(yield_hotp_counters_from_time()))):06d}"
    assert client.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302
    client.post(reverse("account_logout"))
    assert post_sign_in(client, user.email, PASSWORD).url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    assert generate_totp_secret() != secret


@pytest.mark.parametrize("name", ["mfa_index", "account_change_password", "jobs:list"])
def test_pages_about_oneself_ask_for_sign_in(client, name):
    assert client.get(reverse(name)).status_code == 302


def test_the_start_page_lists_the_leps_of_whoever_signs_in(sign_in):
    membership = MembershipFactory()
    MembershipFactory()
    page = sign_in(membership.user).get(reverse("home"))
    assert [lep.pk for lep in page.context["leps"]] == [membership.lep_id]


def test_an_address_is_unique_whatever_its_case():
    UserFactory(email="amina@example.org")
    with pytest.raises(Exception, match=r"(?i)unique"):
        UserFactory(email="AMINA@example.org")


def test_a_user_without_an_address_is_refused():
    with pytest.raises(ValueError, match="e-mail"):
        User.objects.create_user("", "x")


def test_an_administrator_opens_the_admin_and_an_officer_is_told_why_not(sign_in, client):
    assert sign_in(UserFactory(administrator=True)).get(reverse("admin:index")).status_code == 200
    client.logout()
    page = sign_in(MembershipFactory().user).get(reverse("admin:index"), follow=True)
    assert page.status_code == 403
    assert "Only reviewers and administrators" in page.content.decode()
