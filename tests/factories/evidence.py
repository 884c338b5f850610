"""Figures, reports and reviews of evaluations for tests."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from evidence.models import ComparatorReport, DataRelease, Dataset, EvidenceItem, Indicator, Observation, Source
from tests.factories.kernel import LEPFactory, PlaceFactory, UserFactory


class DataReleaseFactory(DjangoModelFactory):
    """A load of reference data."""

    class Meta:
        model = DataRelease

    name = factory.Sequence(lambda n: f"Test release {n}")
    checksum = factory.Sequence(lambda n: f"{n:064d}")


class IndicatorFactory(DjangoModelFactory):
    """A structural indicator of the pillar Places. Traits: outcome, driver."""

    class Meta:
        model = Indicator

    code = factory.Sequence(lambda n: f"indicator-{n}")
    label = factory.Sequence(lambda n: f"Indicator {n}")
    pillar = "places"
    unit = "%"
    definition = "What is measured."
    role = "structural"
    higher_is = "neutral"

    class Params:
        outcome = factory.Trait(role="outcome", higher_is="better", pillar="business-environment")
        driver = factory.Trait(role="driver", higher_is="better", pillar="people")


class SourceFactory(DjangoModelFactory):
    """A published source. Trait: derived."""

    class Meta:
        model = Source

    code = factory.Sequence(lambda n: f"source-{n}")
    citation = "Office for National Statistics, example table"
    url = "https://www.ons.gov.uk/"
    licence = "Open Government Licence v3.0"
    vintage = "Published May 2025"

    class Params:
        derived = factory.Trait(derivation="Sum of authorities")


class ObservationFactory(DjangoModelFactory):
    """A value for 2023. Trait: with_interval."""

    class Meta:
        model = Observation

    indicator = factory.SubFactory(IndicatorFactory)
    place = factory.SubFactory(PlaceFactory)
    period = "2023"
    period_order = 202312
    value = 50.0
    source = factory.SubFactory(SourceFactory)

    class Params:
        with_interval = factory.Trait(
            lower=factory.LazyAttribute(lambda o: o.value - 2),
            upper=factory.LazyAttribute(lambda o: o.value + 2),
        )


class ComparatorReportFactory(DjangoModelFactory):
    """A report that has not run yet. Trait: ready (with an empty list of figures)."""

    class Meta:
        model = ComparatorReport

    lep = factory.SubFactory(LEPFactory)
    place = factory.LazyAttribute(lambda o: o.lep.places.first())
    title = "How the area compares"
    data_release = factory.SubFactory(DataReleaseFactory)
    created_by = factory.SubFactory(UserFactory)

    class Params:
        ready = factory.Trait(
            finished_at=factory.LazyFunction(timezone.now), result={"peers": [], "figures": [], "schema": 1}
        )


class EvidenceItemFactory(DjangoModelFactory):
    """A review: 7 of 9 studies on employment positive. Traits: local (a LEP's survey), unstated (no counts)."""

    class Meta:
        model = EvidenceItem

    slug = factory.Sequence(lambda n: f"review-{n}")
    kind = "review"
    title = "Apprenticeships"
    policy_area = "apprenticeships"
    pillar = "people"
    intervention_type = "training"
    outcome = "Employment"
    studies_screened = 1250
    studies_counted = 27
    studies_on_outcome = 9
    studies_positive = 7
    finding = "Can raise the employment of young people."
    counted_from_level = 3
    source_name = "What Works Centre for Local Economic Growth"
    source_url = "https://whatworksgrowth.org/"
    source_date = "October 2016"

    class Params:
        unstated = factory.Trait(
            studies_screened=None,
            studies_counted=None,
            studies_on_outcome=None,
            studies_positive=None,
            counted_from_level=None,
        )
        local = factory.Trait(
            unstated=True,
            kind="survey",
            lep=factory.SubFactory(LEPFactory),
            title="Survey of employers",
            policy_area="other",
            intervention_type="",
            outcome="",
            source_url="",
            created_by=factory.SubFactory(UserFactory),
        )


class DatasetFactory(DjangoModelFactory):
    """A dataset that was refused, with its file and the list of refused rows. Trait: imported (without figures)."""

    class Meta:
        model = Dataset

    title = factory.Sequence(lambda n: f"Dataset {n}")
    source = factory.SubFactory(SourceFactory)
    file = factory.django.FileField(data=b"Area,2020\nNowhere,1\n", filename="figures.csv")
    file_name = "figures.csv"
    refusals = factory.django.FileField(data=b"Row,Reason\n2,Nowhere is not known\n", filename="refused.csv")
    sha256 = "0" * 64
    bytes = 20
    state = "refused"
    uploaded_by = factory.SubFactory(UserFactory)

    class Params:
        imported = factory.Trait(state="imported", imported_at=factory.LazyFunction(timezone.now))
