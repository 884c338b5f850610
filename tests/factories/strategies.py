"""Strategies and their parts for tests."""

import factory
from factory.django import DjangoModelFactory

from lisapp.places.enums import Role
from lisapp.places.models import Membership
from strategies.enums import WordingStatus
from strategies.models import (
    Citation,
    Claim,
    Criterion,
    Diagnosis,
    Framework,
    Intervention,
    Objective,
    Pillar,
    Principle,
    Review,
    Section,
    SectionTemplate,
    Strategy,
)
from strategies.services.citations import take_number
from tests.factories.evidence import IndicatorFactory
from tests.factories.kernel import LEPFactory, UserFactory


class FrameworkFactory(DjangoModelFactory):
    """A small framework with two pillars, two principles and two sections."""

    class Meta:
        model = Framework
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"framework-{n}")
    name = "Local Industrial Strategy"
    year = 2018
    summary = "A long-term strategy."
    owner = "A LEP"
    agreement = "Agreed with government"

    @factory.post_generation
    def contents(self, create, extracted, **kwargs):
        if not create:
            return
        for order, (code, title) in enumerate([("ideas", "Ideas"), ("people", "People")], start=1):
            pillar = Pillar.objects.create(framework=self, code=code, title=title, order=order)
            SectionTemplate.objects.create(
                framework=self, key=code, title=title, order=order + 1, pillar=pillar, guidance="What to say."
            )
        SectionTemplate.objects.create(framework=self, key="summary", title="Executive summary", order=1)
        for number, status in [(1, WordingStatus.EXACT), (2, WordingStatus.WORKING_TITLE)]:
            principle = Principle.objects.create(
                framework=self,
                number=number,
                title=f"Principle {number}",
                wording_status=status,
                summary="What a reviewer judges.",
            )
            Criterion.objects.create(principle=principle, order=1, text=f"Criterion of {number}")


class StrategyFactory(DjangoModelFactory):
    """A strategy being drafted, with its sections, and `officer` in its LEP."""

    class Meta:
        model = Strategy
        skip_postgeneration_save = True

    lep = factory.SubFactory(LEPFactory)
    framework = factory.SubFactory(FrameworkFactory)
    place = factory.LazyAttribute(lambda o: o.lep.places.first())
    title = factory.Sequence(lambda n: f"Testshire strategy {n}")
    slug = factory.Sequence(lambda n: f"testshire-strategy-{n}")
    horizon_year = 2036
    created_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def people_and_sections(self, create, extracted, **kwargs):
        if not create:
            return
        Membership.objects.get_or_create(user=self.created_by, lep=self.lep, defaults={"role": Role.LEAD})
        for template in self.framework.section_templates.all():
            Section.objects.create(strategy=self, template=template)


class ThreadItemFactory(DjangoModelFactory):
    """What thread items share."""

    class Meta:
        abstract = True
        skip_postgeneration_save = True

    strategy = factory.SubFactory(StrategyFactory)
    created_by = factory.LazyAttribute(lambda o: o.strategy.created_by)
    updated_by = factory.LazyAttribute(lambda o: o.strategy.created_by)


class CitationFactory(DjangoModelFactory):
    """A local source. Trait: figure (a published one)."""

    class Meta:
        model = Citation

    strategy = factory.SubFactory(StrategyFactory)
    number = factory.LazyAttribute(lambda o: take_number(o.strategy))
    kind = "local"
    title = "Skills survey of local firms"
    source_name = "Testshire Chamber of Commerce"
    source_date = "March 2026"
    created_by = factory.LazyAttribute(lambda o: o.strategy.created_by)

    class Params:
        is_figure = factory.Trait(
            kind="figure",
            indicator=factory.SubFactory(IndicatorFactory),
            title="GVA per hour worked",
            figure={
                "label": "GVA per hour worked",
                "place": "Testshire",
                "value": 31.2,
                "unit": "£",
                "decimals": 1,
                "period": "2023",
                "source": "Office for National Statistics",
                "url": "https://www.ons.gov.uk/",
                "licence": "Open Government Licence v3.0",
                "vintage": "Published May 2025",
                "peers_median": 34.5,
                "england": 38.0,
            },
        )


class DiagnosisFactory(ThreadItemFactory):
    """A supply-side problem with a market failure. Trait: bare (only the problem)."""

    class Meta:
        model = Diagnosis

    pillar = factory.LazyAttribute(lambda o: o.strategy.framework.pillars.first())
    problem = "Firms train too little"
    affected = "Young people in the east of the area"
    side = "supply"
    failure = "externality"
    explanation = "Firms lose trained workers to others."

    class Params:
        bare = factory.Trait(affected="", side="", failure="", explanation="")

    @factory.post_generation
    def citations(self, create, extracted, **kwargs):
        if create and extracted:
            self.citations.set(extracted)


class ObjectiveFactory(ThreadItemFactory):
    """An objective that answers a diagnosis."""

    class Meta:
        model = Objective

    pillar = factory.LazyAttribute(lambda o: o.strategy.framework.pillars.first())
    diagnosis = factory.SubFactory(
        DiagnosisFactory,
        strategy=factory.SelfAttribute("..strategy"),
        pillar=factory.SelfAttribute("..pillar"),
    )
    title = "Raise skills where firms lack them"
    rationale = "Skilled workers produce more an hour."
    outcome = "More people qualified to level 3"
    owner = "Head of skills"
    national_counterpart = "Department for Education"


class InterventionFactory(ThreadItemFactory):
    """An intervention for one objective."""

    class Meta:
        model = Intervention

    title = "Shared apprenticeship pool"
    description = "A pool of apprentices shared between small firms."
    reach = "horizontal"

    @factory.post_generation
    def objectives(self, create, extracted, **kwargs):
        if create and extracted:
            self.objectives.set(extracted)

    @factory.post_generation
    def citations(self, create, extracted, **kwargs):
        if create and extracted:
            self.citations.set(extracted)


class ClaimFactory(DjangoModelFactory):
    """What officers say on the first principle."""

    class Meta:
        model = Claim

    strategy = factory.SubFactory(StrategyFactory)
    principle = factory.LazyAttribute(lambda o: o.strategy.framework.principles.first())
    text = "The evidence section compares the area with its peers."
    updated_by = factory.LazyAttribute(lambda o: o.strategy.created_by)


class ReleaseFactory(DjangoModelFactory):
    """A frozen version of a strategy."""

    class Meta:
        model = "strategies.Release"

    strategy = factory.SubFactory(StrategyFactory)
    number = factory.Sequence(lambda n: n + 1)
    created_by = factory.LazyAttribute(lambda o: o.strategy.created_by)

    @factory.lazy_attribute
    def content(self):
        from strategies.selectors.facts import strategy_facts

        return strategy_facts(self.strategy).to_dict()

    @factory.lazy_attribute
    def content_hash(self):
        from strategies.services.releases import canonical_hash

        return canonical_hash(self.content)


class ReviewFactory(DjangoModelFactory):
    """A review that waits for a reviewer."""

    class Meta:
        model = Review

    strategy = factory.SubFactory(StrategyFactory)
    release = factory.SubFactory(ReleaseFactory, strategy=factory.SelfAttribute("..strategy"))
    requested_by = factory.LazyAttribute(lambda o: o.strategy.created_by)
