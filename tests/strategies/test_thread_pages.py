"""Officers write the thread in the browser: what they type is kept, checked and never lost."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from lisapp.accounts.typed import SESSION_KEY
from lisapp.audit.models import LogEntry
from strategies.models import Citation, Diagnosis, Intervention, Objective, Strategy
from strategies.services import thread
from strategies.services.citations import cite_figure, cite_what_works
from tests.factories.evidence import (
    ComparatorReportFactory,
    EvidenceItemFactory,
    IndicatorFactory,
    ObservationFactory,
)
from tests.factories.kernel import MembershipFactory, PlaceFactory
from tests.factories.strategies import (
    CitationFactory,
    DiagnosisFactory,
    FrameworkFactory,
    InterventionFactory,
    ObjectiveFactory,
    StrategyFactory,
)

pytestmark = pytest.mark.django_db


def url(name, strategy, *more):
    return reverse(f"strategies:{name}", args=[strategy.slug, *more])


def form_data(response, **changes):
    """The page's form as a browser would send it, with changes."""
    form = response.context["form"]
    data = {}
    for bound in form:
        value = bound.value()
        if value not in (None, "", []):
            data[bound.html_name] = [str(getattr(v, "pk", v)) for v in value] if isinstance(value, list) else str(value)
    return {**data, **changes}


def test_an_officer_starts_a_strategy_with_the_sections_of_its_framework(sign_in):
    officer, framework = MembershipFactory(), FrameworkFactory()
    place = officer.lep.places.get()
    client = sign_in(officer.user)
    address = reverse("strategies:strategy_new", args=[officer.lep.slug])
    data = {"framework": framework.pk, "place": place.pk, "title": "Our strategy", "horizon_year": "2040"}
    response = client.post(address, data, follow=True)
    strategy = Strategy.objects.get()
    assert response.redirect_chain[0][0] == strategy.get_absolute_url()
    assert strategy.sections.count() == framework.section_templates.count() == 3
    assert LogEntry.objects.about(strategy).filter(event="strategies.strategy.created").count() == 1


def test_two_strategies_of_one_title_get_addresses_of_their_own():
    first = StrategyFactory()
    from strategies.services.strategies import create_strategy

    common = {"lep": first.lep, "framework": first.framework, "place": first.place, "horizon_year": 2040}
    made = [create_strategy(title="Ours", by=first.created_by, **common) for _ in range(3)]
    assert [s.slug for s in made] == ["ours", "ours-2", "ours-3"]


def test_a_place_that_the_lep_does_not_cover_is_refused():
    first = StrategyFactory()
    from strategies.services.strategies import create_strategy

    with pytest.raises(ValidationError, match="not one of the areas"):
        create_strategy(
            lep=first.lep,
            framework=first.framework,
            place=PlaceFactory(),
            title="X",
            horizon_year=2040,
            by=first.created_by,
        )


def test_a_diagnosis_is_recorded_with_its_side_failure_and_evidence(sign_in):
    strategy = StrategyFactory()
    citation = CitationFactory(strategy=strategy)
    pillar = strategy.framework.pillars.get(code="people")
    client = sign_in(strategy.created_by)
    page = client.get(url("diagnosis_new", strategy), {"pillar": "people"})
    data = form_data(page, problem="Too little training", side="supply", failure="externality", citations=[citation.pk])
    assert str(pillar.pk) == data["pillar"]
    response = client.post(url("diagnosis_new", strategy), data, follow=True)
    diagnosis = Diagnosis.objects.get()
    assert (diagnosis.side, diagnosis.failure, list(diagnosis.citations.all())) == ("supply", "externality", [citation])
    assert "The diagnosis has been saved" in response.content.decode()


def test_a_mistake_comes_back_beside_its_field_with_everything_typed(sign_in):
    strategy = StrategyFactory()
    client = sign_in(strategy.created_by)
    data = {"problem": "", "affected": "Young people", "side": "supply", "explanation": "A long explanation"}
    page = client.post(url("diagnosis_new", strategy), data)
    content = page.content.decode()
    assert page.status_code == 200
    assert "Enter the problem" in content
    assert "Select pillar" in content
    assert "A long explanation" in content
    assert "<title>Error: " in content
    assert not Diagnosis.objects.exists()


def test_a_double_clicked_form_makes_one_objective(sign_in):
    strategy = StrategyFactory()
    client = sign_in(strategy.created_by)
    page = client.get(url("objective_new", strategy), {"pillar": "people"})
    data = form_data(page, title="Train more")
    for _ in range(2):
        assert client.post(url("objective_new", strategy), data).status_code == 302
    assert Objective.objects.count() == 1


def test_an_intervention_is_linked_to_its_objective_and_its_evidence(sign_in):
    objective = ObjectiveFactory()
    citation = CitationFactory(strategy=objective.strategy)
    client = sign_in(objective.strategy.created_by)
    page = client.get(url("intervention_new", objective.strategy), {"objectives": objective.pk})
    data = form_data(page, title="A pool", citations=[citation.pk])
    assert data["objectives"] == [str(objective.pk)]
    client.post(url("intervention_new", objective.strategy), data)
    made = Intervention.objects.get()
    assert list(made.objectives.all()) == [objective]
    assert list(made.citations.all()) == [citation]


def test_what_was_typed_when_the_session_ran_out_is_back_after_sign_in(sign_in, client):
    strategy = StrategyFactory()
    address = url("diagnosis_new", strategy)
    pillar = strategy.framework.pillars.first()
    response = client.post(
        address, {"pillar": pillar.pk, "problem": "Typed for an hour", "csrfmiddlewaretoken": "x" * 32}
    )
    assert response.status_code == 302
    assert SESSION_KEY in client.session
    page = sign_in(strategy.created_by).get(address).content.decode()
    assert "You were signed out before this was saved" in page
    assert "Typed for an hour" in page
    assert not Diagnosis.objects.exists()
    assert "Typed for an hour" not in client.get(address).content.decode()


def test_of_two_people_who_save_the_second_sees_both_and_loses_nothing(sign_in):
    diagnosis = DiagnosisFactory(problem="As it was")
    strategy, colleague = diagnosis.strategy, MembershipFactory(lep=diagnosis.strategy.lep).user
    client = sign_in(strategy.created_by)
    data = form_data(client.get(url("diagnosis_edit", strategy, diagnosis.pk)), problem="As I would have it")
    thread.edit_diagnosis(
        diagnosis=diagnosis, by=colleague, expected_version=1, citations=[], problem="As a colleague has it"
    )
    page = client.post(url("diagnosis_edit", strategy, diagnosis.pk), data)
    content = page.content.decode()
    assert page.status_code == 409
    for text in ("As it was", "As I would have it", "As a colleague has it", str(colleague)):
        assert text in content
    assert Diagnosis.objects.get().problem == "As a colleague has it"
    again = form_data(page, problem="As I would have it")
    assert client.post(url("diagnosis_edit", strategy, diagnosis.pk), again).status_code == 302
    assert Diagnosis.objects.get().problem == "As I would have it"


def test_objectives_move_up_and_down_under_their_pillar(sign_in):
    strategy = StrategyFactory()
    first, second = (
        thread.create_objective(
            strategy=strategy, by=strategy.created_by, pillar=strategy.framework.pillars.first(), title=title
        )
        for title in ("First", "Second")
    )
    client = sign_in(strategy.created_by)
    client.post(url("objective_move", strategy, second.pk), {"direction": "up"})
    assert list(strategy.objectives.values_list("title", "rank")) == [("Second", 1), ("First", 2)]
    client.post(url("objective_move", strategy, first.pk), {"direction": "down"})
    assert list(strategy.objectives.values_list("title", flat=True)) == ["Second", "First"]


def test_deleting_asks_first_and_the_history_keeps_what_it_said(sign_in):
    intervention = InterventionFactory(title="A pool", description="Shared between firms")
    strategy = intervention.strategy
    client = sign_in(strategy.created_by)
    address = url("intervention_delete", strategy, intervention.pk)
    assert "Delete this intervention?" in client.get(address).content.decode()
    assert Intervention.objects.exists()
    client.post(address)
    assert not Intervention.objects.exists()
    entry = LogEntry.objects.get(event="strategies.intervention.deleted")
    assert entry.data["description"] == "Shared between firms"


def test_links_into_another_strategy_are_refused():
    mine, other = StrategyFactory(), ObjectiveFactory()
    with pytest.raises(ValidationError, match="another strategy"):
        thread.create_intervention(strategy=mine, by=mine.created_by, title="X", objectives=[other])
    with pytest.raises(ValidationError, match="another framework"):
        thread.create_objective(
            strategy=mine, by=mine.created_by, title="X", pillar=other.strategy.framework.pillars.first()
        )


def test_a_figure_is_cited_with_its_source_and_only_once(sign_in):
    strategy = StrategyFactory()
    figure = ObservationFactory(place=strategy.place, value=31.2)
    client = sign_in(strategy.created_by)
    address = url("citation_new", strategy, "figure")
    for _ in range(2):
        page = client.get(address)
        client.post(address, form_data(page, figure=figure.indicator.code))
    citation = Citation.objects.get()
    assert citation.figure["value"] == 31.2
    assert citation.figure["licence"] == figure.source.licence
    assert citation.figure["vintage"] == figure.source.vintage
    figure.value = 99.0
    figure.save()
    assert Citation.objects.get().figure["value"] == 31.2


def test_a_figure_of_a_report_brings_peers_and_england_with_it():
    strategy = StrategyFactory()
    indicator = IndicatorFactory()
    row = {
        "indicator": indicator.code,
        "label": indicator.label,
        "value": 30.0,
        "unit": "%",
        "decimals": 1,
        "period": "2023",
        "lower": None,
        "upper": None,
        "source": "ONS",
        "url": "https://www.ons.gov.uk/",
        "licence": "OGL",
        "vintage": "2025",
        "derivation": "",
        "peers_median": 33.0,
        "england": 40.0,
    }
    report = ComparatorReportFactory(lep=strategy.lep, place=strategy.place, ready=True)
    report.result = {"place": {"code": "E1", "name": "Testshire"}, "figures": [row]}
    report.save()
    citation = cite_figure(strategy=strategy, indicator=indicator, report=report, by=strategy.created_by)
    assert (citation.figure["peers_median"], citation.figure["england"]) == (33.0, 40.0)


def test_a_figure_that_nobody_published_cannot_be_cited():
    strategy = StrategyFactory()
    with pytest.raises(ValidationError, match="no figure"):
        cite_figure(strategy=strategy, indicator=IndicatorFactory(), by=strategy.created_by)


@pytest.mark.parametrize("kind", ["report", "what_works", "local"])
def test_other_evidence_is_cited_too(sign_in, kind):
    strategy = StrategyFactory()
    report = ComparatorReportFactory(lep=strategy.lep, place=strategy.place, ready=True)
    review = EvidenceItemFactory()
    more = {
        "report": {"report": report.pk},
        "what_works": {"review": review.pk},
        "local": {"title": "Survey", "source_name": "Chamber", "source_date": "March 2026"},
    }[kind]
    client = sign_in(strategy.created_by)
    response = client.post(url("citation_new", strategy, kind), {**more, "note": "It shows this."}, follow=True)
    citation = Citation.objects.get()
    assert citation.kind == kind
    assert citation.title in response.content.decode()
    if kind == "what_works":
        assert "7 of 9 studies" in citation.title


def test_a_review_that_states_no_counts_is_cited_by_its_title_and_says_so(sign_in):
    strategy = StrategyFactory()
    review = EvidenceItemFactory(unstated=True, title="Accelerators")
    client = sign_in(strategy.created_by)
    page = client.get(url("citation_new", strategy, "what_works")).content.decode()
    assert "How many studies looked at employment is not stated." in page
    client.post(url("citation_new", strategy, "what_works"), {"review": review.pk})
    assert Citation.objects.get().title == "Accelerators"


def test_private_evidence_of_another_lep_cannot_be_cited():
    strategy = StrategyFactory()
    private, shared = EvidenceItemFactory(local=True), EvidenceItemFactory(local=True, is_shared=True)
    own = EvidenceItemFactory(local=True, lep=strategy.lep)
    with pytest.raises(ValidationError, match="private to another LEP"):
        cite_what_works(strategy=strategy, review=private, by=strategy.created_by)
    for item in (shared, own):
        assert cite_what_works(strategy=strategy, review=item, by=strategy.created_by).review == item


def test_the_kind_of_evidence_is_chosen_first(sign_in):
    strategy = StrategyFactory()
    client = sign_in(strategy.created_by)
    assert "What do you want to cite?" in client.get(url("citation_choose", strategy)).content.decode()
    response = client.get(url("citation_choose", strategy), {"kind": "local"})
    assert response.url == url("citation_new", strategy, "local")
    assert client.get(url("citation_new", strategy, "nonsense")).status_code == 404


def test_a_viewer_reads_and_is_told_why_there_is_nothing_to_edit(sign_in):
    diagnosis = DiagnosisFactory()
    viewer = MembershipFactory(lep=diagnosis.strategy.lep, viewer=True).user
    client = sign_in(viewer)
    page = client.get(url("pillar", diagnosis.strategy, diagnosis.pillar.code)).content.decode()
    assert diagnosis.problem in page
    assert "Ask its lead for the officer role" in page
    assert "Add an objective" not in page
    refused = client.get(url("diagnosis_edit", diagnosis.strategy, diagnosis.pk))
    assert refused.status_code == 403
    assert "Ask its lead for the officer role" in refused.content.decode()


def whole_strategy(size):
    strategy = StrategyFactory()
    for number in range(size):
        citation = CitationFactory(strategy=strategy, title=f"Source {number}")
        diagnosis = DiagnosisFactory(strategy=strategy, citations=[citation])
        objective = ObjectiveFactory(strategy=strategy, diagnosis=diagnosis)
        InterventionFactory(strategy=strategy, objectives=[objective], citations=[citation])
    return strategy


@pytest.mark.parametrize(
    ("name", "more"), [("strategy", ()), ("chain", ()), ("citation_list", ()), ("pillar", ("ideas",))]
)
def test_pages_take_as_many_queries_for_thirty_parts_as_for_three(
    sign_in, django_assert_max_num_queries, django_assert_num_queries, name, more
):
    counts = []
    for size in (3, 20):
        strategy = whole_strategy(size)
        client = sign_in(strategy.created_by)
        client.get(url(name, strategy, *more))
        with django_assert_max_num_queries(34) as taken:
            assert client.get(url(name, strategy, *more)).status_code == 200
        counts.append(len(taken))
    assert counts[0] == counts[1]


def test_the_overview_shows_the_next_step_the_chain_and_the_gaps(sign_in):
    strategy = StrategyFactory()
    client = sign_in(strategy.created_by)
    page = client.get(url("strategy", strategy)).content.decode()
    assert "Ask for a comparator report" in page
    DiagnosisFactory(strategy=strategy, problem="Firms train too little")
    page = client.get(url("strategy", strategy)).content.decode()
    assert "Firms train too little" in page
    assert "No objective answers this" in page
    assert "<svg" in page


def test_the_chain_is_taken_away_as_a_drawing_and_as_a_table(sign_in):
    strategy = whole_strategy(1)
    client = sign_in(strategy.created_by)
    drawing = client.get(url("chain_svg", strategy))
    assert drawing["Content-Type"] == "image/svg+xml"
    assert drawing.content.startswith(b"<svg")
    table = client.get(url("chain_csv", strategy)).content.decode()
    assert table.startswith("Item,Step,State,Rests on,Leads to")
    assert "Firms train too little" in table


def test_title_and_horizon_can_be_changed_and_two_people_do_not_overwrite_each_other(sign_in):
    strategy = StrategyFactory()
    client = sign_in(strategy.created_by)
    page = client.get(url("strategy_edit", strategy))
    data = form_data(page, title="A better title", vision="Better")
    assert client.post(url("strategy_edit", strategy), data).status_code == 302
    strategy.refresh_from_db()
    assert (strategy.title, strategy.version) == ("A better title", 2)
    assert client.post(url("strategy_edit", strategy), {**data, "title": "Worse"}).status_code == 409
    strategy.refresh_from_db()
    assert strategy.title == "A better title"
