"""Who gets what from every address: another LEP's things are 404, things within reach but not allowed 403."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.permissions import world
from tests.permissions.world import ROLES

pytestmark = pytest.mark.django_db


class Row(NamedTuple):
    """The answer to each role, and how to ask: which arguments, and by GET unless said."""

    public: int
    outsider: int
    viewer: int
    officer: int
    lead: int
    reviewer: int
    administrator: int
    arguments: str = ""
    post: bool = False


def anyone(arguments: str = "", code: int = 200) -> Row:
    return Row(code, code, code, code, code, code, code, arguments)


def signed_in(arguments: str = "", code: int = 200) -> Row:
    return Row(302, code, code, code, code, code, code, arguments)


def members(arguments: str) -> Row:
    """People of the LEP read; administrators too; a reviewer is a stranger here."""
    return Row(302, 404, 200, 200, 200, 404, 200, arguments)


def drafting(arguments: str) -> Row:
    """Officers and leads write; viewers and administrators are told why they do not."""
    return Row(302, 404, 403, 200, 200, 404, 403, arguments)


def leading(arguments: str) -> Row:
    """Only the lead takes this step."""
    return Row(302, 404, 403, 403, 200, 404, 403, arguments)


def loading(arguments: str = "", administrator: int = 200, *, post: bool = False) -> Row:
    """Analysts and administrators bring figures in; everybody else is told why they do not. Nobody here is an analyst:
    the tests of datasets ask as one."""
    return Row(302, 403, 403, 403, 403, 403, administrator, arguments, post)


# django-allauth's own pages about oneself: they show nothing of anybody else's.
ACCOUNT_URLS = {
    "account_change_password",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_set_password",
    "account_signup",
    "mfa_activate_totp",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
}

MATRIX: dict[str, Row] = {
    # Kernel
    "home": anyone(),
    "accessibility": anyone(),
    "privacy": anyone(),
    "health:live": anyone(),
    "health:ready": anyone(),
    "design:gallery": anyone(),
    "api:schema": anyone(),
    "api:docs": anyone(),
    "api:api-root": Row(403, 200, 200, 200, 200, 200, 200),
    "api:place-list": anyone(),
    "api:place-detail": anyone("api_place"),
    "api:indicator-list": anyone(),
    "api:indicator-detail": anyone("api_indicator"),
    "api:observation-list": anyone(),
    "api:observation-detail": anyone("api_observation"),
    "api:consultation-list": anyone(),
    "api:consultation-detail": anyone("consultation", 404),  # not published yet
    "api:what-works-list": anyone(),
    "api:what-works-detail": anyone("api_review"),
    "jobs:list": signed_in(),
    "jobs:detail": members("jobs"),
    "jobs:status": members("jobs"),
    "jobs:cancel": Row(302, 404, 403, 302, 302, 404, 302, "jobs", post=True),
    "jobs:retry": Row(302, 404, 403, 302, 302, 404, 302, "jobs", post=True),
    # Evidence
    "evidence:indicator_list": signed_in(),
    "evidence:indicator": signed_in("indicator"),
    "evidence:indicator_csv": signed_in("indicator"),
    "evidence:what_works": signed_in(),
    "evidence:place_list": anyone(),
    "evidence:place": anyone("api_place"),
    "evidence:place_csv": anyone("api_place"),
    "evidence:place_map_csv": anyone("api_place"),
    "evidence:what_works_csv": signed_in(),
    "evidence:gap_map": signed_in(),
    "evidence:gap_map_csv": signed_in(),
    "evidence:search": signed_in(),
    "evidence:item": members("local_item"),
    "evidence:item_csv": members("local_item"),
    "evidence:item_file": members("local_item"),
    "evidence:local_list": members("lep"),
    "evidence:local_new": drafting("lep"),
    "evidence:local_edit": drafting("local_item"),
    "evidence:local_share": Row(302, 404, 403, 302, 302, 404, 403, "local_item", post=True),
    "evidence:local_unshare": Row(302, 404, 403, 302, 302, 404, 403, "local_item", post=True),
    "evidence:local_delete": drafting("local_item"),
    "evidence:indicator_new": loading(),
    "evidence:dataset_list": loading(),
    "evidence:dataset_new": loading(),
    "evidence:dataset": loading("dataset"),
    "evidence:dataset_import": loading("dataset", 302, post=True),
    "evidence:dataset_roll_back": loading("imported_dataset"),
    "evidence:dataset_refusals": loading("dataset"),
    "evidence:dataset_file": loading("dataset"),
    "evidence:report_list": members("lep"),
    "evidence:report_new": drafting("lep"),
    "evidence:report": members("report"),
    "evidence:report_csv": members("report"),
    "evidence:report_file": members("report_file"),
    "evidence:report_chart_csv": Row(302, 404, 404, 404, 404, 404, 404, "report_chart"),  # it has no drawing
    "evidence:report_peers": drafting("report"),
    "evidence:report_files_again": Row(302, 404, 403, 302, 302, 404, 403, "report", post=True),
    "evidence:report_all": Row(302, 403, 403, 403, 403, 403, 200),
    "evidence:compare": anyone(code=404),  # without a place in the address
    # Strategies
    "strategies:lep_dashboard": members("lep"),
    "strategies:strategy_new": drafting("lep"),
    "strategies:strategy": members("strategy"),
    "strategies:strategy_edit": drafting("strategy"),
    "strategies:chain": members("strategy"),
    "strategies:chain_svg": members("strategy"),
    "strategies:chain_csv": members("strategy"),
    "strategies:pillar": members("pillar"),
    "strategies:citation_list": members("strategy"),
    "strategies:citation_new": drafting("citation_kind"),
    "strategies:diagnosis_new": drafting("strategy"),
    "strategies:diagnosis_edit": drafting("diagnosis"),
    "strategies:objective_new": drafting("strategy"),
    "strategies:objective_edit": drafting("objective"),
    "strategies:intervention_new": drafting("strategy"),
    "strategies:intervention_edit": drafting("intervention"),
    "strategies:section_list": members("strategy"),
    "strategies:section_edit": drafting("section"),
    "strategies:section_history": members("section"),
    "strategies:releases": members("strategy"),
    "strategies:release_new": drafting("strategy"),
    "strategies:release": members("release"),
    "strategies:document_list": members("strategy"),
    "strategies:document_new": drafting("strategy"),
    "strategies:document": Row(302, 404, 200, 200, 200, 200, 200, "document"),
    "strategies:document_file": Row(302, 404, 200, 200, 200, 200, 200, "document_file"),
    "strategies:principles": members("strategy"),
    "strategies:claim_edit": drafting("claim"),
    "strategies:review_request": leading("strategy"),
    "strategies:citation": members("citation"),
    "strategies:citation_choose": drafting("strategy"),
    "strategies:citation_delete": drafting("citation"),
    "strategies:citation_renew": drafting("citation"),
    "strategies:diagnosis_delete": drafting("diagnosis"),
    "strategies:objective_delete": drafting("objective"),
    "strategies:objective_move": Row(302, 404, 403, 302, 302, 404, 403, "objective", post=True),
    "strategies:intervention_delete": drafting("intervention"),
    # Consultations: this one is still being prepared, so the public sees nothing of it
    "consultations:public_list": anyone(),
    "consultations:public": anyone("consultation", 404),
    "consultations:draft": Row(404, 404, 200, 200, 200, 404, 200, "consultation"),
    "consultations:answer": anyone("consultation_step", 404),
    "consultations:check": anyone("consultation", 404),
    "consultations:save": anyone("consultation", 404),
    "consultations:resume": anyone("consultation_token", 404),
    "consultations:receipt": anyone("receipt", 404),
    "consultations:list": members("consultations"),
    "consultations:new": drafting("consultations"),
    "consultations:manage": members("consultation"),
    "consultations:edit": drafting("consultation"),
    "consultations:question_new": drafting("consultation"),
    "consultations:question_edit": drafting("question"),
    "consultations:question_move": Row(302, 404, 403, 302, 302, 404, 403, "question", post=True),
    "consultations:question_delete": Row(302, 404, 403, 302, 302, 404, 403, "question", post=True),
    "consultations:preview": members("consultation"),
    "consultations:renew_draft": Row(302, 404, 403, 302, 302, 404, 403, "consultation", post=True),
    "consultations:publish": Row(302, 404, 403, 403, 302, 404, 403, "consultation", post=True),
    "consultations:responses": members("consultation"),
    "consultations:response": Row(302, 404, 404, 404, 404, 404, 404, "consultation_reference"),
    "consultations:responses_csv": members("consultation"),
    # The admin: only reviewers and administrators get past its door
    "admin:index": Row(302, 302, 302, 302, 302, 200, 200),
    "admin:strategies_review_changelist": Row(302, 302, 302, 302, 302, 200, 200),
    "admin:strategies_review_change": Row(302, 302, 302, 302, 302, 200, 200, "review"),
    "admin:strategies_review_version": Row(302, 302, 302, 302, 302, 200, 200, "review_version"),
    **{
        f"admin:{name}_changelist": Row(302, 302, 302, 302, 302, 403, 200)
        for name in (
            "accounts_user",
            "audit_logentry",
            "evidence_datarelease",
            "evidence_indicator",
            "evidence_source",
            "evidence_evidenceitem",
            "jobs_job",
            "places_lep",
            "places_place",
            "strategies_framework",
            "strategies_pillar",
            "strategies_principle",
            "strategies_sectiontemplate",
        )
    },
}


def named_urls() -> dict[str, str]:
    """Every named address of the site, with its pattern."""
    found: dict[str, str] = {}

    def walk(patterns: list, prefix: str) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else prefix)
            elif isinstance(pattern, URLPattern) and pattern.name:
                found[f"{prefix}{pattern.name}"] = str(pattern.pattern)

    walk(get_resolver().url_patterns, "")
    return found


def admin_urls() -> set[str]:
    """The admin's addresses that are not in the matrix one by one: they are tried together below."""
    return {name for name in named_urls() if name.startswith("admin:") and name not in MATRIX}


def test_every_address_is_in_the_matrix():
    names = set(named_urls())
    assert names - set(MATRIX) - ACCOUNT_URLS - admin_urls() == set()
    assert (set(MATRIX) | ACCOUNT_URLS) - names == set()


def ask(client, person, name, row, built):
    """Ask for an address as a person, and return the status."""
    if person.is_authenticated:
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse(name, kwargs=built.kwargs.get(row.arguments, {}))
    return client.post(address).status_code if row.post else client.get(address).status_code


@pytest.mark.parametrize("role", ROLES)
def test_each_address_answers_each_role_as_the_matrix_says(role):
    built = world.build()
    wrong = {}
    for name, row in MATRIX.items():
        before = transaction.savepoint()
        got = ask(Client(), built.people[role], name, row, built)
        transaction.savepoint_rollback(before)
        if got != getattr(row, role):
            wrong[name] = f"{got}, not {getattr(row, role)}"
    assert wrong == {}


@pytest.mark.parametrize("role", ["public", "outsider", "viewer", "officer", "lead"])
def test_nobody_but_staff_gets_past_the_door_of_the_admin(role):
    built = world.build()
    client = Client()
    if built.people[role].is_authenticated:
        client.force_login(built.people[role], backend="allauth.account.auth_backends.AuthenticationBackend")
    opened = []
    for name in sorted(admin_urls()):
        pattern = named_urls()[name]
        arguments = [built.kwargs["review"]["object_id"]] * (pattern.count("<path:") + pattern.count("<id>"))
        if "app_label" in pattern or "content_type_id" in pattern:
            continue
        if client.get(reverse(name, args=arguments)).status_code not in (302, 403, 404):
            opened.append(name)
    assert opened == []


def test_a_reviewer_reaches_reviews_and_nothing_else_in_the_admin():
    built = world.build()
    client = Client()
    client.force_login(built.people["reviewer"], backend="allauth.account.auth_backends.AuthenticationBackend")
    for name in admin_urls():
        if name.endswith("_add") and "review" not in name:
            assert client.get(reverse(name)).status_code == 403


def test_a_published_consultation_is_open_to_everybody():
    built = world.build()
    slug = built.kwargs["consultation"]["slug"]
    world.open_consultation(slug)
    for name, more in [("public", []), ("draft", []), ("answer", ["priorities"]), ("check", [])]:
        assert Client().get(reverse(f"consultations:{name}", args=[slug, *more])).status_code == 200
