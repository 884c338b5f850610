"""Frameworks are data: loaded from the project's own file, again and again without harm."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

from strategies.domain.principles import all_checks
from strategies.models import CheckDefinition, Criterion, Framework, Principle, SectionTemplate, Stage
from strategies.services.frameworks import REFERENCE, load_frameworks
from tests.factories.kernel import UserFactory

pytestmark = pytest.mark.django_db

FOUNDATIONS = ["Ideas", "People", "Infrastructure", "Business environment", "Places"]


def copy_of_the_file(tmp_path, change):
    content = json.loads(REFERENCE.read_text(encoding="utf-8"))
    change(content)
    path = tmp_path / "frameworks.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_both_frameworks_come_with_five_pillars_ten_principles_and_their_sections():
    load_frameworks()
    for code, stages in [("local-industrial-strategy", 9), ("local-growth-plan", 8)]:
        framework = Framework.objects.get(code=code, is_current=True)
        assert [pillar.title for pillar in framework.pillars.all()] == FOUNDATIONS
        assert [principle.number for principle in framework.principles.all()] == list(range(1, 11))
        assert framework.stages.count() == stages
        sections = [section.title for section in framework.section_templates.all()]
        first = sections.index("Ideas")
        assert sections[first : first + 5] == FOUNDATIONS
        assert framework.horizon_years == 10
        assert all(section.guidance for section in framework.section_templates.all())


def test_every_pillar_has_a_prompt_for_each_of_its_four_questions():
    load_frameworks()
    for pillar in Framework.objects.get(code="local-industrial-strategy").pillars.all():
        prompts = [pillar.why_it_matters, pillar.what_works, pillar.bear_in_mind, pillar.implementing]
        assert all(prompts)
        assert pillar.evidence_strength


def test_only_the_first_two_principles_claim_to_be_worded_as_published():
    load_frameworks()
    exact = Principle.objects.filter(wording_status="exact").values_list("number", flat=True)
    assert set(exact) == {1, 2}
    assert all(principle.criteria.count() >= 3 for principle in Principle.objects.all())


def test_every_check_that_the_software_makes_is_defined_under_the_same_title():
    load_frameworks()
    principles = Framework.objects.get(code="local-industrial-strategy").principles.all()
    titles = dict(CheckDefinition.objects.filter(principle__in=principles).values_list("code", "title"))
    assert {check.code: check.title for check in all_checks()}.items() <= titles.items()
    assert {int(code[1:].split(".")[0]) for code in titles} == set(range(1, 11))
    assert "P1.1" in titles
    assert "P10.6" in titles


def test_loading_again_changes_nothing():
    first = load_frameworks()
    second = load_frameworks()
    assert first.created > 150
    assert first.updated == first.removed == 0
    assert (second.changed, second.unchanged) == (0, first.created)


def test_a_changed_file_changes_only_what_differs(tmp_path):
    load_frameworks()

    def change(content):
        content["principles"][2]["title"] = "Supply or demand?"
        content["principles"][2]["criteria"].pop()
        content["frameworks"][0]["stages"].append("Review after five years")
        del content["principles"][3]["checks"]["P4.5"]

    report = load_frameworks(path=copy_of_the_file(tmp_path, change))
    # The principles belong to both frameworks: one title, one criterion and one check fewer in each.
    assert (report.created, report.updated, report.removed) == (1, 2, 4)
    assert Principle.objects.filter(title="Supply or demand?").count() == 2
    assert Stage.objects.filter(name="Review after five years").exists()
    assert not CheckDefinition.objects.filter(code="P4.5").exists()


def test_what_an_administrator_changed_is_kept_and_said(client, tmp_path):
    load_frameworks()
    principle = Principle.objects.filter(framework__code="local-industrial-strategy", number=5).get()
    client.force_login(UserFactory(administrator=True), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("admin:strategies_principle_change", args=[principle.pk]))
    data = {**page.context["adminform"].form.initial, "title": "Goals in common", "wording_status": "exact"}
    for formset in page.context["inline_admin_formsets"]:
        data |= {f"{formset.formset.prefix}-{k}": v for k, v in formset.formset.management_form.initial.items()}
        for form in formset.formset.forms:
            data |= {f"{form.prefix}-{k}": form.initial.get(k, "") for k in form.fields if form.initial.get(k)}
            data |= {f"{form.prefix}-id": form.instance.pk, f"{form.prefix}-principle": principle.pk}
    assert client.post(reverse("admin:strategies_principle_change", args=[principle.pk]), data).status_code == 302
    report = load_frameworks()
    principle.refresh_from_db()
    assert principle.title == "Goals in common"
    assert report.changed == 0
    assert len(report.kept) == 1
    assert "title, wording_status" in report.kept[0]


def test_a_new_version_is_offered_in_place_of_the_old_one(tmp_path):
    load_frameworks()

    def change(content):
        content["frameworks"][0]["version"] = 2

    load_frameworks(path=copy_of_the_file(tmp_path, change))
    versions = dict(Framework.objects.filter(code="local-industrial-strategy").values_list("version", "is_current"))
    assert versions == {1: False, 2: True}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda content: content.pop("pillars"), "'pillars' is a required property"),
        (lambda content: content.update(frameworks=[]), "frameworks: "),
        (lambda content: content.update(frameworks={}), "is not of type 'array'"),
        (lambda content: content["pillars"].append(content["pillars"][0]), "'ideas' stands twice"),
        (lambda content: content["principles"][0].update(criteria="One text"), "is not of type 'array'"),
        (lambda content: content["pillars"][0].update(colour="red"), "'colour' was unexpected"),
        (lambda content: content["frameworks"][1].pop("stages"), "'stages' is a required property"),
        (lambda content: content["frameworks"][1].update(year="soon"), "year"),
    ],
)
def test_a_file_that_cannot_be_right_changes_nothing(tmp_path, change, message):
    path = copy_of_the_file(tmp_path, change)
    with pytest.raises(CommandError, match=message):
        call_command("load_frameworks", path=path)
    assert not Framework.objects.exists()
    assert not Criterion.objects.exists()
    assert not SectionTemplate.objects.exists()


def test_every_fault_of_a_file_is_named_at_once(tmp_path):
    def spoil(content):
        content["frameworks"][0].update(year="soon", name="")
        content["principles"][2].pop("title")

    with pytest.raises(CommandError) as refused:
        call_command("load_frameworks", path=copy_of_the_file(tmp_path, spoil))
    for place in ("frameworks → 0 → year", "frameworks → 0 → name", "principles → 2: 'title'"):
        assert place in str(refused.value)


@pytest.mark.parametrize("text", ["null", "7", "[]", "{"])
def test_a_file_that_holds_something_else_is_refused(tmp_path, text):
    path = tmp_path / "frameworks.json"
    path.write_text(text)
    with pytest.raises(CommandError, match="Nothing was loaded"):
        call_command("load_frameworks", path=path)
    assert not Framework.objects.exists()


def test_the_command_says_what_changed():
    out = StringIO()
    call_command("load_frameworks", stdout=out)
    call_command("load_frameworks", stdout=out)
    first, second = out.getvalue().splitlines()
    assert first.startswith("Frameworks: 240 rows created, 0 updated, 0 removed")
    assert second.startswith("Frameworks: 0 rows created, 0 updated, 0 removed")
