"""Places, LEPs and who sees them."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from lisapp.places import permissions
from lisapp.places.enums import Role
from lisapp.places.models import LEP, PlaceMembership
from tests.factories.kernel import LEPFactory, MembershipFactory, PlaceFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_person_sees_only_the_leps_they_belong_to():
    membership = MembershipFactory()
    other = LEPFactory()
    assert list(LEP.objects.visible_to(membership.user)) == [membership.lep]
    assert set(LEP.objects.visible_to(UserFactory(administrator=True))) == {membership.lep, other}
    assert not LEP.objects.visible_to(AnonymousUser()).exists()


@pytest.mark.parametrize(
    ("role", "views", "drafts", "leads"),
    [(Role.VIEWER, True, False, False), (Role.OFFICER, True, True, False), (Role.LEAD, True, True, True)],
)
def test_each_role_may_do_just_what_it_is_for(role, views, drafts, leads):
    membership = MembershipFactory(role=role)
    user, lep = membership.user, membership.lep
    assert permissions.can_view(user, lep).allowed is views
    assert permissions.can_draft(user, lep).allowed is drafts
    assert permissions.can_lead(user, lep).allowed is leads


def test_a_refusal_says_why():
    viewer = MembershipFactory(viewer=True)
    assert "Ask its lead" in permissions.can_draft(viewer.user, viewer.lep).reason
    assert "Only people in this LEP" in permissions.can_view(UserFactory(), viewer.lep).reason


def test_who_may_view_and_which_rows_are_visible_agree_for_everybody():
    leps = [LEPFactory() for _ in range(3)]
    people = [UserFactory(), UserFactory(administrator=True), UserFactory(reviewer=True)]
    people += [MembershipFactory(lep=lep, role=role).user for lep in leps for role in Role]
    for person in people:
        visible = set(LEP.objects.visible_to(person))
        assert visible == {lep for lep in leps if permissions.can_view(person, lep)}


def test_an_authority_can_belong_to_two_leps_but_not_to_itself():
    district = PlaceFactory(local_authority=True)
    for kind in ("primary", "overlap"):
        PlaceMembership.objects.create(parent=PlaceFactory(), child=district, kind=kind, vintage="LAD22")
    assert district.wholes.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        PlaceMembership.objects.create(parent=district, child=district, vintage="LAD22")
