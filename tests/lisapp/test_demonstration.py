"""The demonstration: one unbroken thread on real figures, loaded once."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from consultations.models import Response
from evidence.models import EvidenceItem
from lisapp.accounts.models import User
from lisapp.demonstration import content, load
from lisapp.places.models import LEP
from strategies.domain.chain import build_chain
from strategies.models import Review, Strategy
from strategies.selectors.facts import strategy_facts

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("reference")]


def test_it_needs_reference_data_and_frameworks_first():
    with pytest.raises(CommandError, match="Load the reference data"):
        call_command("load_demo", verbosity=0)
    assert not User.objects.exists()


def test_everything_is_set_up_by_one_command_and_a_second_run_changes_nothing(settings, tmp_path, capsys):
    settings.VAR_DIR = tmp_path
    call_command("set_up", "--demo")
    strategy = Strategy.objects.get()
    facts = strategy_facts(strategy)
    chain = build_chain(facts)
    assert strategy.is_demonstration
    assert {gap.step for gap in chain.gaps} >= {"evaluation", "objective"}
    assert any(citation.figure.get("peers_median") for citation in facts.citations)
    assert all(c.figure["licence"] and c.figure["vintage"] for c in facts.citations if c.kind == "figure")
    assert Response.objects.count() == len(content.RESPONSES)
    assert Review.objects.get().release.number >= 1
    local = EvidenceItem.objects.filter(lep=strategy.lep)
    assert sorted(local.values_list("is_shared", flat=True)) == [False, True]
    assert all("demonstration" in item.title for item in local)
    sign_ins = (tmp_path / "demo_sign_ins.txt").read_text()
    assert {line.split()[1] for line in sign_ins.splitlines()} == {email for _, _, email in content.PEOPLE}
    password = sign_ins.split("password: ")[1].split()[0]
    assert User.objects.get(email="lead@demo.example").check_password(password)
    call_command("set_up", "--demo")
    assert "The demonstration is there already" in capsys.readouterr().out
    assert Strategy.objects.count() == 1
    (tmp_path / "demo_sign_ins.txt").unlink()
    call_command("load_demo", verbosity=0)
    renewed = (tmp_path / "demo_sign_ins.txt").read_text().split("password: ")[1].split()[0]
    assert renewed != password
    assert User.objects.get(email="lead@demo.example").check_password(renewed)


def test_a_part_that_fails_leaves_nothing_behind(monkeypatch, small_reference):
    call_command("load_reference", path=small_reference, verbosity=0)
    call_command("load_frameworks", verbosity=0)

    def broken(*args, **kwargs):
        raise load.NotLoaded("stopped")

    monkeypatch.setattr(load, "_consultation", broken)
    with pytest.raises(CommandError, match="stopped"):
        call_command("load_demo", verbosity=0)
    assert not LEP.objects.filter(slug=content.LEP_SLUG).exists()
    assert not User.objects.exists()
