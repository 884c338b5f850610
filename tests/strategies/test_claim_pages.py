"""Writing a claim, also when two people write at once or a session ends."""

from __future__ import annotations

import pytest
from django.urls import reverse

from strategies.models import Claim
from tests.factories.kernel import MembershipFactory, UserFactory
from tests.factories.strategies import ClaimFactory, StrategyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def strategy():
    return StrategyFactory()


@pytest.fixture
def page(strategy):
    return reverse("strategies:claim_edit", args=[strategy.slug, 1])


@pytest.fixture
def officer(strategy):
    return MembershipFactory(lep=strategy.lep).user


def test_an_officer_writes_a_claim_and_returns_to_the_principle(sign_in, strategy, page, officer):
    client = sign_in(officer)
    assert "Criterion of 1" in client.get(page).content.decode()
    response = client.post(page, {"text": "See section 2.", "version": "0"})
    assert response.url == f"{reverse('strategies:principles', args=[strategy.slug])}?saved=1#principle-1"
    assert Claim.objects.get().text == "See section 2."
    shown = client.get(response.url).content.decode()
    assert f'data-draft-saved="claim-{strategy.pk}-1"' in shown
    assert "Your claim on principle 1 has been saved." in shown


def test_a_colleagues_text_is_shown_beside_mine_and_saving_again_is_a_choice(sign_in, strategy, page, officer):
    ClaimFactory(strategy=strategy, text="Theirs.", version=3)
    client = sign_in(officer)
    response = client.post(page, {"text": "Mine.", "version": "2"})
    text = response.content.decode()
    assert response.status_code == 409
    assert "Theirs." in text
    assert "Mine." in text
    assert f"{strategy.created_by} saved this claim while you were editing it" in text
    assert Claim.objects.get().text == "Theirs."
    client.post(page, {"text": "Both.", "version": str(response.context["form"]["version"].value())})
    assert Claim.objects.get().text == "Both."


def test_what_was_typed_before_the_session_ended_is_back_after_sign_in(client, sign_in, strategy, page, officer):
    client.post(page, {"text": "Typed for an hour.", "version": "0", "csrfmiddlewaretoken": "x"})
    assert not Claim.objects.exists()
    session = client.session
    kept = dict(session.items())
    sign_in(officer)
    session = client.session
    session.update(kept)
    session.save()
    assert "Typed for an hour." in client.get(page).content.decode()
    assert not Claim.objects.exists()


def test_too_long_a_claim_is_refused_with_its_text(sign_in, page, officer):
    response = sign_in(officer).post(page, {"text": "x" * 5001, "version": "0"})
    assert "5000 characters or fewer" in response.content.decode()
    assert "x" * 5001 in response.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_viewers_are_refused_with_the_reason_and_outsiders_find_nothing(sign_in, strategy, page, method):
    viewer = MembershipFactory(lep=strategy.lep, viewer=True).user
    response = getattr(sign_in(viewer), method)(page)
    assert response.status_code == 403
    assert "Only people drafting for this LEP" in response.content.decode()
    assert getattr(sign_in(UserFactory()), method)(page).status_code == 404


def test_a_principle_that_the_framework_lacks_is_not_found(sign_in, strategy, officer):
    assert sign_in(officer).get(reverse("strategies:claim_edit", args=[strategy.slug, 11])).status_code == 404
