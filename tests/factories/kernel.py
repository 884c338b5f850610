"""People, places and jobs for tests."""

import factory
from factory.django import DjangoModelFactory

from lisapp.accounts.models import User
from lisapp.jobs.models import Job
from lisapp.places.enums import PlaceKind, Role
from lisapp.places.models import LEP, Membership, Place

PASSWORD = "correct horse battery staple"


class UserFactory(DjangoModelFactory):
    """Someone who can sign in with PASSWORD. Traits: reviewer, administrator."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    full_name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.django.Password(PASSWORD)

    class Params:
        reviewer = factory.Trait(is_reviewer=True)
        administrator = factory.Trait(is_superuser=True)


class PlaceFactory(DjangoModelFactory):
    """A LEP area. Traits: local_authority, country."""

    class Meta:
        model = Place
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"E37{n:06d}")
    name = factory.Sequence(lambda n: f"Area {n}")
    kind = PlaceKind.LEP
    region = "North West"
    longitude = factory.Sequence(lambda n: -2.0 - (n % 10) / 10)
    latitude = factory.Sequence(lambda n: 52.0 + (n % 10) / 10)

    class Params:
        local_authority = factory.Trait(kind=PlaceKind.LOCAL_AUTHORITY, code=factory.Sequence(lambda n: f"E08{n:06d}"))
        country = factory.Trait(kind=PlaceKind.COUNTRY, code="E92000001", name="England", region="")


class LEPFactory(DjangoModelFactory):
    """A LEP that covers one place (`place`)."""

    class Meta:
        model = LEP
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Testshire {n}")
    slug = factory.Sequence(lambda n: f"testshire-{n}")

    @factory.post_generation
    def place(self, create, extracted, **kwargs):
        if create:
            self.places.add(extracted or PlaceFactory(name=f"{self.name} area"))


class MembershipFactory(DjangoModelFactory):
    """An officer's membership. Traits: viewer, lead."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    lep = factory.SubFactory(LEPFactory)
    role = Role.OFFICER

    class Params:
        viewer = factory.Trait(role=Role.VIEWER)
        lead = factory.Trait(role=Role.LEAD)


class JobFactory(DjangoModelFactory):
    """A waiting job."""

    class Meta:
        model = Job

    name = "tests.work"
    title = "Some work"
    requested_by = factory.SubFactory(UserFactory)
