"""The audit log keeps what happened."""

import pytest
from django.db import connection, transaction
from django.template import Context, Template

from lisapp.audit.formatters import describe, formatter
from lisapp.audit.models import LogEntry
from lisapp.audit.services import log
from tests.factories.kernel import LEPFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_an_entry_cannot_be_changed_or_deleted_by_the_application():
    entry = log("places.lep.renamed", target=LEPFactory())
    for forbidden in (
        entry.save,
        entry.delete,
        LogEntry.objects.all().delete,
        lambda: LogEntry.objects.update(event="x"),
    ):
        with pytest.raises(RuntimeError, match="append-only"):
            forbidden()


def test_on_postgresql_the_database_itself_refuses_to_rewrite_the_log():
    if connection.vendor != "postgresql":
        pytest.skip("The trigger is PostgreSQL's")
    entry = log("places.lep.renamed", target=LEPFactory())
    for statement in (
        "UPDATE audit_logentry SET event = 'x' WHERE id = %s",
        "DELETE FROM audit_logentry WHERE id = %s",
    ):
        with pytest.raises(Exception, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [entry.pk])


def test_the_history_of_an_object_lists_its_events_newest_first_in_words():
    lep, amina = LEPFactory(), UserFactory(full_name="Amina Rahman")
    log("places.lep.created", target=lep, by=amina)
    log("places.lep.boundary_changed", target=lep, by=amina)
    log("places.lep.created", target=LEPFactory())
    page = Template("{% load audit %}{% history lep %}").render(Context({"lep": lep}))
    assert page.index("Lep boundary changed") < page.index("Lep created")
    assert page.count("<li>") == 2
    assert "Amina Rahman" in page


def test_a_long_history_says_that_it_is_cut():
    lep = LEPFactory()
    for _ in range(4):
        log("places.lep.renamed", target=lep)
    page = Template("{% load audit %}{% history lep 3 %}").render(Context({"lep": lep}))
    assert page.count("<li>") == 3
    assert "The latest 3 events" in page


def test_an_event_can_have_a_sentence_of_its_own():
    @formatter("tests.thing.moved")
    def moved(entry):
        return f"Moved to {entry.data['to']}"

    assert describe(log("tests.thing.moved", data={"to": "Leeds"})) == "Moved to Leeds"
