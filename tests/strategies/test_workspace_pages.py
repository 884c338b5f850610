"""What stands around the officers' work: where they are, what helps to write, what is missing, and what is removed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from lisapp.audit.models import LogEntry
from strategies.models import Citation
from strategies.services import thread
from strategies.services.sections import save_section
from tests.factories.evidence import ComparatorReportFactory, IndicatorFactory
from tests.factories.kernel import MembershipFactory
from tests.factories.strategies import (
    CitationFactory,
    DiagnosisFactory,
    InterventionFactory,
    ObjectiveFactory,
    StrategyFactory,
)

pytestmark = pytest.mark.django_db


def url(name, strategy, *more):
    return reverse(f"strategies:{name}", args=[strategy.slug, *more])


@pytest.fixture
def strategy():
    strategy = StrategyFactory()
    strategy.framework.pillars.filter(code="people").update(what_works="Apprenticeships: **7 of 9** studies.")
    return strategy


def test_the_four_questions_of_the_pillar_stand_beside_each_form(sign_in, strategy):
    people = strategy.framework.pillars.get(code="people")
    objective = ObjectiveFactory(strategy=strategy, pillar=people)
    intervention = InterventionFactory(strategy=strategy, objectives=[objective])
    client = sign_in(strategy.created_by)
    for address in (
        f"{url('diagnosis_new', strategy)}?pillar=people",
        f"{url('intervention_new', strategy)}?objectives={objective.pk}",
        url("objective_edit", strategy, objective.pk),
        url("intervention_edit", strategy, intervention.pk),
        url("section_edit", strategy, "people"),
    ):
        page = client.get(address).content.decode()
        assert "What is known to work" in page
        assert "<strong>7 of 9</strong> studies" in page
        assert 'aria-current="page"' in page


def test_beside_a_pillars_section_stands_the_evidence_of_that_pillar_with_its_value(sign_in, strategy):
    people = strategy.framework.pillars.get(code="people")
    mine = CitationFactory(strategy=strategy, is_figure=True, title="Value added for each hour worked")
    CitationFactory(strategy=strategy, title="A study of something else")
    DiagnosisFactory(strategy=strategy, pillar=people, citations=[mine])
    client = sign_in(strategy.created_by)
    page = client.get(url("section_edit", strategy, "people")).content.decode()
    assert "Value added for each hour worked" in page
    assert "Testshire, 2023: £31.2. Middle of the peers: £34.5. England: £38.0." in page
    assert page.index("A study of something else") > page.index("Other evidence of this strategy")
    assert "A study of something else" in client.get(url("section_edit", strategy, "summary")).content.decode()


def test_figures_of_a_report_are_offered_by_pillar_beside_peers_and_england(sign_in, strategy):
    rows = []
    for pillar in ("people", "ideas"):
        indicator = IndicatorFactory(pillar=pillar)
        rows.append(
            {
                "indicator": indicator.code,
                "label": indicator.label,
                "value": 30.0,
                "unit": "%",
                "decimals": 1,
                "period": "2023",
                "peers_median": 33.0,
                "england": None,
            }
        )
    ComparatorReportFactory(lep=strategy.lep, place=strategy.place, ready=True, result={"figures": rows})
    client = sign_in(strategy.created_by)
    page = client.get(url("citation_new", strategy, "figure")).content.decode()
    assert page.index("Ideas (1 figure)") < page.index("People (1 figure)")
    assert f"{strategy.place}, 2023: 30.0%. Middle of the peers: 33.0%." in page
    assert page.count('name="figure"') == 2
    wrong = client.post(url("citation_new", strategy, "figure"), {}).content.decode()
    assert '<a href="#id_figure">Select a figure</a>' in wrong
    assert wrong.index('<details class="lis-choices" open>') < wrong.index('id="id_figure"')


def test_a_viewer_reads_what_is_written_without_a_way_to_change_it(sign_in, strategy):
    section = strategy.sections.get(template__key="people")
    save_section(section=section, body="Firms **train** too little.", by=strategy.created_by, expected_version=1)
    client = sign_in(MembershipFactory(lep=strategy.lep, viewer=True).user)
    listed = client.get(url("section_list", strategy)).content.decode()
    assert url("section_history", strategy, "people") in listed
    assert f'href="{url("section_edit", strategy, "people")}"' not in listed
    page = client.get(url("section_history", strategy, "people")).content.decode()
    assert "Firms <strong>train</strong> too little." in page
    assert "Write this section" not in page
    assert "Next step" not in page


def test_any_two_revisions_can_be_compared(sign_in, strategy):
    section = strategy.sections.get(template__key="people")
    for version, body in enumerate(["One apple.", "Two apples.", "Two apples and a pear."], start=1):
        save_section(section=section, body=body, by=strategy.created_by, expected_version=version)
    client = sign_in(strategy.created_by)
    address = url("section_history", strategy, "people")
    page = client.get(address, {"from": 2, "to": 4}).content.decode()
    assert "From revision 2 to revision 4" in page
    assert "One apple</del>" in page
    assert "Revision 2, from nothing" in client.get(address, {"from": 1, "to": 2}).content.decode()
    assert "From revision 3 to revision 4" in client.get(address, {"from": "x", "to": 99}).content.decode()


def test_the_next_step_after_a_whole_thread_is_the_first_empty_section(sign_in, strategy):
    ComparatorReportFactory(lep=strategy.lep, place=strategy.place, ready=True)
    citation = CitationFactory(strategy=strategy)
    diagnosis = DiagnosisFactory(strategy=strategy, citations=[citation])
    objective = ObjectiveFactory(strategy=strategy, pillar=diagnosis.pillar, diagnosis=diagnosis)
    InterventionFactory(
        strategy=strategy,
        objectives=[objective],
        citations=[citation],
        outcomes="More qualified people",
        evaluation_question="Did it work?",
        evaluation_design="Compared with those on the waiting list",
    )
    page = sign_in(strategy.created_by).get(url("strategy", strategy)).content.decode()
    assert "No gap in the thread so far" in page
    assert f'href="{url("section_edit", strategy, "summary")}"' in page


def test_each_gap_says_what_to_do_about_it(sign_in, strategy):
    DiagnosisFactory(strategy=strategy, bare=True)
    client = sign_in(strategy.created_by)
    page = client.get(url("chain", strategy)).content.decode()
    for words in ("Cite evidence for this diagnosis", "Say on which side the cause lies", "Set an objective for this"):
        assert words in page
    viewer = MembershipFactory(lep=strategy.lep, viewer=True).user
    assert "Set an objective for this" not in sign_in(viewer).get(url("strategy", strategy)).content.decode()


def test_evidence_is_taken_out_after_a_question_and_the_history_keeps_it(sign_in, strategy):
    citation = CitationFactory(strategy=strategy, title="A survey", note="It shows this.")
    diagnosis = DiagnosisFactory(strategy=strategy, citations=[citation])
    client = sign_in(strategy.created_by)
    address = url("citation_delete", strategy, citation.pk)
    assert "Delete this evidence?" in client.get(address).content.decode()
    assert Citation.objects.exists()
    page = client.post(address, follow=True).content.decode()
    assert "The evidence has been removed" in page
    assert not Citation.objects.exists()
    assert not diagnosis.citations.exists()
    kept = LogEntry.objects.get(event="strategies.citation.removed").data
    assert (kept["title"], kept["note"], kept["rested_on_it"]) == ("A survey", "It shows this.", [str(diagnosis)])


def test_the_history_names_what_was_written_and_what_was_deleted(sign_in, strategy):
    section = strategy.sections.get(template__key="people")
    save_section(section=section, body="Text", by=strategy.created_by, expected_version=1)
    thread.delete_item(item=ObjectiveFactory(strategy=strategy, title="Train more"), by=strategy.created_by)
    page = sign_in(strategy.created_by).get(url("strategy", strategy)).content.decode()
    assert "Section “People” saved" in page
    assert "Objective deleted: “Train more”" in page


def test_the_dashboard_takes_as_many_queries_for_many_strategies_as_for_one(
    sign_in, strategy, django_assert_max_num_queries
):
    client = sign_in(strategy.created_by)
    address = reverse("strategies:lep_dashboard", args=[strategy.lep.slug])
    counts = []
    for more in (0, 9):
        for _ in range(more):
            other = StrategyFactory(lep=strategy.lep, framework=strategy.framework, created_by=strategy.created_by)
            ObjectiveFactory(strategy=other)
            ComparatorReportFactory(lep=strategy.lep, place=strategy.place, ready=True)
        client.get(address)
        with django_assert_max_num_queries(20) as taken:
            page = client.get(address).content.decode()
        counts.append(len(taken))
    assert counts[0] == counts[1]
    assert "1 diagnosis, 1 objective, 0 interventions; 0 of 3 sections written" in page


@pytest.mark.parametrize("name", ["strategy", "chain", "citation_list", "section_list", "diagnosis_new"])
def test_another_leps_strategy_is_not_there(sign_in, strategy, name):
    outsider = MembershipFactory().user
    assert sign_in(outsider).get(url(name, strategy)).status_code == 404
